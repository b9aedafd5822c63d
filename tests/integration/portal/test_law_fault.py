"""A faulty file of the instance's own choices: whoever oversees and administers is told, and nobody else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from barnetsbog.access import law_in_force
from tests.integration.portal.conftest import text

pytestmark = pytest.mark.django_db(databases=["default", "demo"])


def test_a_fault_is_told_to_those_who_can_do_something_about_it(
    as_person: Callable[[str], Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = "De regler, der gjaldt før, gælder stadig."
    dpo, admin, kim = (as_person(who) for who in ("dpo", "administrator", "ppr-psykolog"))
    assert told not in text(dpo, "/tilsyn/") and told not in text(admin, "/administration/")
    monkeypatch.setattr(law_in_force, "EVERY", 0.0)
    monkeypatch.setattr(law_in_force, "local_file", lambda: tmp_path / "law-local.yaml")
    law_in_force.forget()
    law_in_force.law_in_use()
    (tmp_path / "law-local.yaml").write_text("rules:\n  - {id: NO-SUCH, switch: off}\n")
    for client, page in ((dpo, "/tilsyn/"), (admin, "/administration/")):
        shown = text(client, page)
        assert told in shown and "NO-SUCH" in shown
    assert told not in text(kim, "/arbejdsliste/?fane=alle")
