"""One small story with an entry of every kind, for tests that need to know every word in it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from barnetsbog.demo.model import Cast, Story
from barnetsbog.demo.story import gather, read_cast
from barnetsbog.law.rulefiles import SAFE_LOADER

HEAD = """
number: 1
name: {given: Alma Sofie, family: Prøvegaard, called: Alma}
cpr: 670517-9902
born: 2017-05-07
gender: female
municipality: eksempelby
address: {street: Demovej 12, postcode: "0000", city: Eksempelby}
protected_address: false
language: da
interpreter: ar
custody: Fælles forældremyndighed, bor hver for sig
people:
  mor: {name: Sara Prøvegaard, relation: mother, custody: true, lives_with_child: true, phone: 00 00 00 11}
  far: {name: Jonas Demodal, relation: father, custody: true, lives_with_child: false}
  mormor: {name: Ruth Prøvegaard, relation: grandparent}
actors:
  vikar: {name: Lis Afløser, title: lærer, role: teacher, unit: prove}
care:
  - {unit: ppr_eks, from: 2022-03-01, task: Sproglig hjælp og vurdering}
  - {unit: ltt_eks, from: 2025-02-01, to: 2025-09-30, task: Forløb om uro}
  - {unit: prove, from: 2024-08-01, task: Skole}
  - {unit: bup_vis, from: 2026-12-01, task: Udredning}
coordinator: kim
substitute: bo
status: {at: 2026-11-13, by: kim, text: "Alma skal undersøges den {2026-12-03}."}
broken_import: {at: 2026-10-02, from: bup_vis, fault: bad-date}
"""

EVENTS = """
- {at: 2025-12-03T10:00, kind: meeting, by: kim, title: Første møde på skolen, text: "Vi aftalte at ses igen {2026-12-03}.",
   with: [child, mor, maja, prove], minutes: 60, important: true, key: start}
- {at: 2026-01-09, kind: observation, by: vikar, title: Alma sad stille i en time, text: Hun tegnede en hest.,
   imported: true}
- {at: 2026-01-20, kind: measure, by: kim, title: Prøve i arbejdshukommelse, text: Hun blev træt., instrument: WISC-V,
   value: 96, unit: indeks}
- {at: 2026-01-21, kind: measure, by: kim, title: Skema om uro i klassen, text: Maja udfyldte det., instrument: Skolens skema,
   value: udtalt, unit: niveau}
- {at: 2026-03-03, kind: document, by: kim, title: PPR's vurdering er færdig, text: Ærlig tekst., type: PPV, key: ppv}
- {at: 2026-03-10, kind: letter, by: kim, title: Brev hjem om vurderingen, text: Kære Sara og Jonas., to: [mor, far, bup_vis]}
- {at: 2026-03-11, kind: message, by: mor, title: Tak for brevet fra PPR, text: Det gav mening., to: kim}
- {at: 2026-03-12, kind: concern, by: maja, title: Underretning om meget fravær, text: Ni dage på en måned., to: [fam_eks]}
- {at: 2026-03-13, kind: condition, by: kim, title: Svært ved at holde opmærksomheden, text: I alle fag., state: aktiv}
- {at: 2025-02-01, kind: condition, by: ltt_psyk, title: Mistanke om angst om aftenen, text: Ved sengetid., until: 2025-09-30}
- {at: 2025-02-01, kind: intervention, by: ltt_psyk, title: Otte gange om uro, text: Øvelser i små trin., until: 2025-09-30,
   effect: Hun sov bedre}
- {at: 2027-01-04, kind: intervention, by: maja, title: To pauser om dagen, text: Hun vælger selv hvornår.}
- {at: 2026-04-01, kind: goal, by: maja, title: At række hånden op, text: En gang i hver time., key: haand, scale: 4,
   quote: Jeg vil gerne sige noget, said_to: maja, share: ja, private: child}
- {at: 2026-04-02, kind: goal, by: kim, title: Ro ved opgaver, text: Ti minutter ad gangen., key: ro}
- {at: 2026-12-03T09:30, kind: appointment, by: visitator, title: Første besøg i BUP, text: I får en snak., place: Indgang 3,
   until: 2026-12-03T11:00, with: [mor, ida_t, bup_amb], prepare: Tag brillerne med, key: besoeg}
- {at: 2026-05-01T08:00, kind: appointment, by: maja, title: Forældremøde om læsning, text: Kort og godt., state: udeblevet}
- {at: 2026-11-02, kind: referral, by: kim, title: Henvisning til udredning, text: Se vurderingen., to: bup_vis, state: sendt,
   because: Udredning for ADHD, changed: [{at: 2026-11-05T09:00, by: visitator, state: modtaget},
   {at: 2026-11-05T15:00, by: visitator, state: accepteret, text: Vi tager imod Alma.}]}
- {at: 2026-11-03, kind: task, by: kim, title: Få svar fra far, text: Ring en aften., holder: kim, due: 2026-12-01,
   waits_for: [far, besoeg], changed: [{at: 2026-11-20, by: kim, holder: bo}]}
- {at: 2026-11-04, kind: task, by: kim, title: Tage imod efter udredning, text: Ingen har sagt ja., offered_to: modtager}
- {at: 2026-11-05, kind: task, by: mor, title: Udfylde forældreskemaet, text: Ligger på bordet., holder: mor, done: 2026-11-09}
- {at: 2026-11-06, kind: consent, by: kim, title: Mor sagde ja til deling, text: Hun læste det først., giver: mor,
   from_unit: ppr_eks, to_unit: bup_vis, what: PPR's vurdering, level: indhold, answer: ja, until: 2027-11-06, form: MitID}
- {at: 2026-11-07, kind: consent, by: kim, title: Far har ikke svaret endnu, text: Brevet er sendt., giver: far,
   what: undersøgelse i BUP, answer: intet svar}
- {at: 2026-11-08, kind: plan, by: kim, title: Fælles plan for vinteren, text: Skole og PPR hjælpes ad., type: fælles plan,
   goals: [haand, ro], follow_up: 2027-02-01}
- {at: 2026-11-09, kind: carer-status, by: mor, to: [fam_eks], title: Sådan går det hjemme, text: Hun spiser igen.,
   contact: Far ringede til tiden., help: Vi mangler en afløser., quote: Jeg vil hellere gå.}
- {at: 2026-11-10, kind: contact-plan, by: kim, to: [fam_eks, far, child], about: far, often: Hver anden uge,
   place: Biblioteket, support: supported, call: kim, until: 2027-05-01, title: Alma ser far, text: De læser sammen., key: far-ses}
- {at: 2026-11-10, kind: care-agreement, by: kim, to: [fam_eks], title: Sengetid og skærm, text: Skærmen slukkes først.}
- {at: 2026-12-05T10:00, kind: appointment, by: kim, with: [far], part_of: far-ses, title: Far og Alma på biblioteket,
   text: Tag kortet med.}
"""

SCRIPT = """
- {at: 2026-11-27T08:30, kind: message, by: far, title: Far svarede på brevet, text: Jeg er med på det., to: [kim]}
- {at: 2026-12-09, kind: observation, by: maja, title: Alma rakte hånden op, text: To gange før pausen.}
"""

Write = Callable[..., Path]
SAFE_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def _read(text: str) -> Any:
    return yaml.load(text, SAFE_LOADER)


RAW = {**_read(HEAD), "events": _read(EVENTS), "script": _read(SCRIPT)}


@pytest.fixture(scope="session")
def cast() -> Cast:
    return read_cast()


@pytest.fixture
def raw() -> dict[str, Any]:
    """The small story as YAML made it, to be spoiled by a test."""
    return deepcopy(RAW)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(raw: dict[str, Any], name: str = "01-alma.yaml") -> Path:
        return _write(tmp_path, raw, name)

    return written


def _write(folder: Path, raw: dict[str, Any], name: str) -> Path:
    text = yaml.dump(raw, Dumper=SAFE_DUMPER, allow_unicode=True, sort_keys=False)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def story(cast: Cast, tmp_path_factory: pytest.TempPathFactory) -> Story:
    stories, faults = gather(_write(tmp_path_factory.mktemp("story"), RAW, "01-alma.yaml"), cast)
    assert faults == []
    return stories[0]
