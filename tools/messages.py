"""The catalogues: which texts there are, and the compiled files. English has them all, Arabic those of the pages that
somebody can answer in Arabic (`IN_ARABIC`).

    python tools/messages.py            # adds new texts to the catalogues, drops those that are gone, compiles them
    python tools/messages.py --check    # says what is missing and changes nothing

Pure Python by Babel, because a bare machine has no gettext tools. The texts themselves are the Danish ones.
"""

import ast
import io
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from barnetsbog.deadlines.files import texts_of as texts_of_deadlines
from barnetsbog.measures.definitions import texts_of as texts_of_measures
from barnetsbog.portal.sentences import REASONS, SENTENCES
from barnetsbog.routing.loading import standard
from barnetsbog.routing.table import texts_of

PORTAL = Path(__file__).parents[1] / "src" / "barnetsbog" / "portal"
KEYWORDS = {"_": 1, "gettext": 1, "gettext_lazy": 1, "ngettext": 2, "ngettext_lazy": 2}
"""How many texts each takes first. They are read from the tree of the code: Babel sees none inside an f-string."""

_CALLED = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\(")
_RENAMED = re.compile(r"import n?gettext(?:_lazy)? as (?!_$)\w+", re.M)
_TRANSLATE = re.compile(r"{%\s*translate\s+(\"[^\"]*\"|'[^']*')")
_MARKED = re.compile(r"[:=|,]\s*_\((\"[^\"]*\"|'[^']*')\)")
_BLOCK = re.compile(r"{%\s*blocktranslate([^%]*)%}(.*?){%\s*endblocktranslate\s*%}", re.S)
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_VALUE = re.compile(r"{{\s*(\w+)\s*}}")

Message = str | tuple[str, str]

AROUND = "base menu typed login/session consent/answer_fields consent/parts"
FORMS = "form topic field check around languages chip short_chip from news said faults who_may_read family"
CONSENT = "question consent receipt withdraw standing spoken"
IN_ARABIC = (
    *(f"templates/bog/{one}.html" for one in AROUND.split()),
    *(f"templates/bog/forms/{one}.html" for one in FORMS.split()),
    *(f"templates/bog/family/{one}.html" for one in CONSENT.split()),
    "family/menu.py", "dates.py", "consents.py",
    "consent_forms.py", "templatetags/bog_forms.py", "form_fields.py", "filling.py",
)  # fmt: skip
"""Where the pages of forms and of *Ja og nej* have their texts."""
NAMES = {"en": "engelsk", "ar": "arabisk"}


def po(language: str) -> Path:
    return PORTAL / "locale" / language / "LC_MESSAGES" / "django.po"


def texts(language: str) -> set[Message]:
    """Every text that there should be in a language: a word, or singular and plural."""
    if language == "ar":
        found = [PORTAL / one for one in IN_ARABIC]
        html, code = ([one for one in found if one.suffix == kind] for kind in (".html", ".py"))
        return {*_in_templates(html), *_in_code(code), *SENTENCES}
    every = _in_templates(PORTAL.rglob("*.html")), _in_code(PORTAL.parent.rglob("*.py"))
    others = texts_of(standard()), texts_of_measures(), texts_of_deadlines()
    return {*every[0], *every[1], *chain(*others), *SENTENCES, *REASONS}


def _in_templates(paths: Iterable[Path]) -> Iterator[Message]:
    for path in paths:
        source = path.read_text(encoding="utf-8")
        yield from (found[1:-1] for found in _TRANSLATE.findall(source) + _MARKED.findall(source))
        for _, body in _BLOCK.findall(source):
            forms = [_VALUE.sub(r"%(\1)s", form) for form in _PLURAL.split(body)]
            yield (forms[0], forms[1]) if len(forms) > 1 else forms[0]


def _in_code(paths: Iterable[Path]) -> Iterator[Message]:
    for path in paths:
        source = path.read_text(encoding="utf-8")
        if found := _RENAMED.search(source):
            sys.exit(f"{path}: »{found[0]}«: teksterne kan ikke findes; brug navnet selv eller _")
        for node in ast.walk(ast.parse(source)) if _CALLED.search(source) else ():  # to take a module apart is dear
            if isinstance(node, ast.Call) and (of := KEYWORDS.get(getattr(node.func, "id", ""))):
                words = [one.value for one in node.args[:of] if isinstance(one, ast.Constant)]
                if len(words) == of:
                    yield (words[0], words[1]) if of > 1 else words[0]


def catalogue(language: str) -> Catalog:
    path = po(language)
    return read_po(io.BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)


def missing(language: str) -> list[str]:
    """Texts without a form in a language."""
    gaps, found = [], catalogue(language)
    for message in sorted(texts(language), key=str):
        entry = found.get(message if isinstance(message, str) else message[0])
        words = entry.string if entry else ""
        if not (all(words) if isinstance(words, tuple | list) else words):
            gaps.append(str(message))
    return gaps


def compiled(found: Catalog) -> bytes:
    """The same texts give the same bytes, whenever they are compiled."""
    out = io.BytesIO()
    found.creation_date = found.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(out, found)
    return out.getvalue()


def renewed(language: str) -> Catalog:
    """The catalogue with exactly the texts there are now."""
    before, after = catalogue(language), Catalog(locale=language, project="Barnets Bog", fuzzy=False)
    for message in sorted(texts(language), key=str):
        known = before.get(message if isinstance(message, str) else message[0])
        after.add(message, known.string if known else "", flags=["python-format"] if "%(" in str(message) else [])
    return after


def renew(language: str) -> None:
    path, out = po(language), io.BytesIO()
    path.parent.mkdir(parents=True, exist_ok=True)
    write_po(out, renewed(language), width=118, omit_header=False, no_location=True)
    path.write_bytes(re.sub(rb'"(POT-Creation|PO-Revision)-Date:[^\n]*\n', b"", out.getvalue()))
    path.with_suffix(".mo").write_bytes(compiled(catalogue(language)))


def main() -> int:
    lacking = False
    for language, name in NAMES.items():
        if "--check" not in sys.argv:
            renew(language)
        gaps = missing(language)
        print("\n".join(gaps) if gaps else f"Alle tekster findes på {name}.")
        lacking = lacking or bool(gaps)
    return 1 if lacking else 0


if __name__ == "__main__":
    sys.exit(main())
