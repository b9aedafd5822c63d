"""The files of translations in the catalogue (`translations/LANGUAGE.yaml`): what is not known in one is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from barnetsbog.law.rulefiles import Record, read

FOLDER = Path(__file__).parent / "catalogue" / "translations"

PAGE = frozenset({"answer_yes", "answer_no", "no_answer", "optional", "go_on", "keep", "unchecked"})
"""What a page of questions says around them."""

_FIELDS = frozenset({"language", "name", "rtl", "checked", "forms", "page", "texts"})


@dataclass(frozen=True, slots=True)
class Translation:
    """A file of the catalogue. `name`: the language in its own words. `rtl`: written from right to left. `forms`: the
    ids of those that are translated. `page`: the words around the questions; `texts`: those of the forms, by the Danish
    ones. `checked`: somebody who translates, and knows the field, has read it through."""

    file: str
    language: str
    name: str
    rtl: bool
    checked: bool
    forms: tuple[str, ...]
    page: Mapping[str, str]
    texts: Mapping[str, str]


def read_all(folder: Path = FOLDER) -> tuple[Translation, ...]:
    """`LawFileError`: a file says something that is not known, or lacks something."""
    return tuple(_read(path) for path in sorted(folder.glob("*.yaml")))


@lru_cache(maxsize=1)
def standard() -> Mapping[str, Translation]:
    """The program's own, by language."""
    return {one.language: one for one in read_all()}


def _read(path: Path) -> Translation:
    record = Record(path.name, "oversættelse", read(path, _FIELDS))
    if record.text("language") != path.stem:
        raise record.error("language", f"skal være {path.stem}, som filen hedder")
    page, texts = _texts(record, "page"), _texts(record, "texts")
    if page.keys() != PAGE:
        raise record.error("page", f"skal være {', '.join(sorted(PAGE))}")
    return Translation(
        path.name, path.stem, record.text("name"), record.flag("rtl", False), record.flag("checked", False),
        record.texts("forms"), page, texts,
    )  # fmt: skip


def _texts(record: Record, field: str) -> Mapping[str, str]:
    found = record.fields.get(field)
    if not isinstance(found, dict) or not all(isinstance(one, str) and one.strip() for one in found.values()):
        raise record.error(field, "skal være dansk tekst: oversættelse")
    return {str(danish): text for danish, text in found.items()}
