"""A catalogue of one family and two forms, to break in one place at a time."""

from pathlib import Path

SECTIONS = """
options:
  felt: {better: Bedre, worse: Værre}
items:
  - {id: child-name, kind: line, ask: Barnets navn, fill: child.name}
  - {id: strengths, kind: words, ask: Hvad er barnet godt til}
  - {id: absence, kind: number, ask: Fravær, low: 0, high: 100}
  - {id: felt, kind: choice, ask: Hvordan går det, options: felt}
  - {id: why, kind: words, ask: Hvorfor, when: felt is worse}
sections:
  - {id: the-child, title: Barnet, items: [child-name]}
"""

FAMILY = """
id: V1
title: "Fra {place}"
parts:
  - {id: sender, party: sender, title: "{place}"}
sections:
  - use: the-child
  - id: everyday
    title: Hverdag
    items: [strengths, felt, why]
"""

FORM = """
number: 1
id: one
version: 1
family: V1
purpose: En prøve.
sender: [school]
receiver: [ppr]
blocks: [TI]
law: [FSL-PPV]
law_text: Folkeskoleloven.
months: 6
words: {place: skolen}
"""

ONE = f"{FORM}overlay:\n  - {{add: absence, after: felt, badge: Kun skole}}\n"
TWO = FORM.replace("number: 1", "number: 2").replace("id: one", "id: two")

INSTRUMENTS = """
instruments:
  - id: mood
    name: Prøveskema om humør
    owner: Ingen
    informant: Forældre
    from_age: 4
    to_age: 17
    licence: Opdigtet til denne prøve.
    scales:
      - {id: low, title: Nedtrykt, low: 0, high: 4}
      - {id: total, title: Samlet, low: 0, high: 6, total: yes}
"""


def written(
    folder: Path,
    *,
    sections: str = SECTIONS,
    family: str = FAMILY,
    one: str = ONE,
    two: str = TWO,
    instruments: str = INSTRUMENTS,
) -> Path:
    """The catalogue in a folder."""
    for name in ("families", "forms"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "sections.yaml").write_text(sections, encoding="utf-8")
    (folder / "instruments.yaml").write_text(instruments, encoding="utf-8")
    (folder / "families" / "V1.yaml").write_text(family, encoding="utf-8")
    (folder / "forms" / "01-one.yaml").write_text(one, encoding="utf-8")
    (folder / "forms" / "02-two.yaml").write_text(two, encoding="utf-8")
    (folder / "lock.yaml").write_text("forms: {}\n", encoding="utf-8")
    return folder
