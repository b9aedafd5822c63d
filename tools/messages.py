"""The English catalogue: which texts there are, and the compiled file.

    python tools/messages.py            # adds new texts to the catalogue, drops those that are gone, compiles it
    python tools/messages.py --check    # says what is missing and changes nothing

Pure Python by Babel, because a bare machine has no gettext tools. The texts themselves are the Danish ones.
"""

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from barnetsbog.measures.definitions import texts_of as texts_of_measures
from barnetsbog.routing.loading import standard
from barnetsbog.routing.table import texts_of

PORTAL = Path(__file__).parents[1] / "src" / "barnetsbog" / "portal"
PO = PORTAL / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "ngettext_lazy": (1, 2)}

_TRANSLATE = re.compile(r"{%\s*translate\s+(\"[^\"]*\"|'[^']*')")
_BLOCK = re.compile(r"{%\s*blocktranslate([^%]*)%}(.*?){%\s*endblocktranslate\s*%}", re.S)
_PLURAL = re.compile(r"{%\s*plural\s*%}")
_VALUE = re.compile(r"{{\s*(\w+)\s*}}")

Message = str | tuple[str, str]


def texts() -> set[Message]:
    """Every text of templates, code, routing rules and measures: a word, or singular and plural."""
    return {*_in_templates(), *_in_code(), *texts_of(standard()), *texts_of_measures()}


def _in_templates() -> Iterator[Message]:
    for path in PORTAL.rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        yield from (found[1:-1] for found in _TRANSLATE.findall(source))
        for _, body in _BLOCK.findall(source):
            forms = [_VALUE.sub(r"%(\1)s", form) for form in _PLURAL.split(body)]
            yield (forms[0], forms[1]) if len(forms) > 1 else forms[0]


def _in_code() -> Iterator[Message]:
    for path in PORTAL.parent.rglob("*.py"):
        for _, message, *_ in extract("python", io.BytesIO(path.read_bytes()), keywords=KEYWORDS):
            yield (message[0], message[1]) if isinstance(message, tuple) else message


def catalogue() -> Catalog:
    return read_po(io.BytesIO(PO.read_bytes()), locale="en") if PO.exists() else Catalog(locale="en")


def missing(found: Catalog) -> list[str]:
    """Texts without an English form."""
    gaps = []
    for message in sorted(texts(), key=str):
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


def renew() -> Catalog:
    """The catalogue with exactly the texts there are now."""
    before, after = catalogue(), Catalog(locale="en", project="Barnets Bog", fuzzy=False)
    for message in sorted(texts(), key=str):
        known = before.get(message if isinstance(message, str) else message[0])
        after.add(message, known.string if known else "", flags=["python-format"] if "%(" in str(message) else [])
    return after


def main() -> int:
    if "--check" not in sys.argv:
        found = renew()
        PO.parent.mkdir(parents=True, exist_ok=True)
        out = io.BytesIO()
        write_po(out, found, width=118, omit_header=False, no_location=True)
        text = re.sub(rb'"(POT-Creation|PO-Revision)-Date:[^\n]*\n', b"", out.getvalue())
        PO.write_bytes(text)
        PO.with_suffix(".mo").write_bytes(compiled(catalogue()))
    gaps = missing(catalogue())
    print("\n".join(gaps) if gaps else "Alle tekster findes på engelsk.")
    return 1 if gaps else 0


if __name__ == "__main__":
    sys.exit(main())
