"""A girl who has got a new number has two books. Two people make them one, and when they were mistaken, two again."""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from barnetsbog.kernel.cpr import DEMO_SYSTEM
from tests.builders import bundle, observation, patient
from tests.instances import bog

from .conftest import Visitor, demonstration

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A demonstration of their own, where a doctor's system has sent Alma by another number."""

    def sent_twice(data: Path, _address: str) -> None:
        number = [{"system": DEMO_SYSTEM, "value": "6705179950"}]
        file = data / "laege.json"
        file.write_bytes(orjson.dumps(bundle(patient("alma", number=None, identifier=number), observation())))
        done = bog("import", file, "--data", data, "--source", "laege")
        assert done.returncode == 0, done.stdout + done.stderr

    yield from demonstration(tmp_path_factory, sent_twice)


def test_two_books_about_alma_are_joined_by_two_people_and_taken_apart(
    without_javascript: Visitor, on_phone: Visitor, another: Visitor
) -> None:
    # Given Alma's teacher, who has seen a letter with another number, and asks
    teacher = another
    teacher.logs_in_as("laerer")
    teacher.finds("670517-9902")
    teacher.follows("Alma Prøvegaard")
    teacher.follows("Hvorfor ser jeg ikke alt?")
    teacher.follows("Er der to bøger om barnet?")
    teacher.page.get_by_label("Hvad har du set?").fill("Et brev fra lægen har et andet nummer.")
    teacher.presses("Spørg administratoren")
    assert "Administratoren har ikke set på det endnu." in teacher.reads()
    teacher.finds_no_barrier()
    # And Ib, who knows the registers of the municipality, and reads that somebody is asking
    ib = without_javascript
    ib.logs_in_as("administrator")
    ib.follows("Se på det")
    assert "Et brev fra lægen har et andet nummer." in ib.reads() and "Ligner" in ib.reads()
    assert "Alma Prøvegaard" in ib.reads() and "Hver sit CPR-nummer" in ib.reads()
    # When he compares the two, he sees who they are about, and nothing of what the books say
    ib.page.get_by_role("link", name="Sammenlign").click()
    assert "670517-xxxx" in ib.reads() and "Sad ved vinduet" not in ib.reads()
    # And proposes that they are one, he must say how he knows that they are no twins
    ib.page.get_by_label("Hvordan ved I, at det er samme barn?").fill("Hun har fået et nyt nummer.")
    ib.presses("Foreslå at samle dem")
    assert "De kan være tvillinger" in ib.reads()
    ib.page.get_by_label("Hvordan ved I, at det er samme barn?").fill("CPR-kontoret har givet hende et nyt nummer.")
    ib.page.get_by_label("Vi har undersøgt").check()
    ib.presses("Foreslå at samle dem")
    assert "En kollega skal godkende det." in ib.reads()
    # When Vera, on her phone, has seen whose access changes, and joins them
    vera = on_phone
    vera.logs_in_as("administrator-2")
    vera.opens("/administration/samme-barn/")
    vera.is_in_order()
    vera.follows("Alma Prøvegaard")
    assert "PPR Eksempelby" in vera.reads()
    vera.is_in_order()
    vera.presses("Saml bøgerne")
    assert "Bøgerne er samlet." in vera.reads()
    vera.is_in_order()
    # Then Alma's teacher has an answer, finds one book by either number, and reads that there were two
    teacher.page.reload()
    assert "Administratoren har set på det" in teacher.reads()
    teacher.finds("670517-9950")
    teacher.follows("Alma Prøvegaard")
    assert "Der var to bøger om barnet." in teacher.reads()
    # When it shows that it was another Alma, and Vera takes them apart
    vera.page.get_by_label("Hvorfor skal de skilles ad?").fill("Det var en anden Alma.")
    vera.presses("Skil bøgerne ad")
    assert "Begge står, som de gjorde." in vera.reads()
    # Then the teacher's book is as it was
    teacher.page.reload()
    assert "Der var to bøger om barnet." not in teacher.reads()
