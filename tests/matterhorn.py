"""Whether a PDF keeps what it claims of PDF/UA-1 (ISO 14289-1): the failure conditions of the Matterhorn Protocol 1.1 that
a program can find and our files can have. `faults` names each by its number.

Left out are what only a human being can judge (whether a heading is one, whether words say what a picture shows), and
what typst never writes (optional content, sounds, films, encryption is looked for, reference XObjects).
"""

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

STANDARD = frozenset(
    (
        "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private",
        "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead",
        "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "RB", "RT",
        "RP", "Warichu", "WT", "WP", "Figure", "Formula", "Form",
    )
)  # fmt: skip
"""The structure types of PDF 1.7, §14.8.4."""
INSIDE = {
    "TR": {"Table", "THead", "TBody", "TFoot"}, "TH": {"TR"}, "TD": {"TR"}, "THead": {"Table"}, "TBody": {"Table"},
    "TFoot": {"Table"}, "LI": {"L"}, "LBody": {"LI"}, "TOCI": {"TOC"},
}  # fmt: skip
_PAINTS = frozenset(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Tj", "TJ", "'", '"', "Do", "BI"))


def faults(content: bytes) -> list[str]:
    """Every condition that fails, with where; none: it keeps its claim as far as a program can tell."""
    return faults_of(PdfReader(io.BytesIO(content)))


def faults_of(reader: PdfReader) -> list[str]:
    root = _of(reader.trailer["/Root"])
    found = [*_document(reader, root)]
    tree = _of(root.get("/StructTreeRoot"))
    if not isinstance(tree, DictionaryObject):
        return [*found, "01-005: der er ingen struktur"]
    elements = list(_elements(tree, "", None))
    roles = _of(tree.get("/RoleMap")) or {}
    parents = dict(_numbers(tree.get("/ParentTree")))
    found += _roles(elements, roles)
    found += _nesting(elements, roles)
    found += _headings(elements, roles)
    found += _tables(elements, roles)
    found += _alternatives(elements, roles)
    tagged = _tagged(elements)
    for number, page in enumerate(reader.pages, 1):
        found += [
            f"{one}, side {number}" for one in (*_content(page, tagged, parents), *_annotations(page, parents, roles))
        ]
        found += [f"{one}, side {number}" for one in _fonts(_of(page.get("/Resources")), set())]
    form = _of(root.get("/AcroForm"))
    found += _fields(form, parents) if form else []
    return found


def _of(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _is_set(holder: Any, name: str) -> bool:
    """A boolean of a PDF is an object, which is true whatever it says."""
    found = _of((_of(holder) or {}).get(name))
    return found is not None and bool(getattr(found, "value", found))


# -- the document ------------------------------------------------------------------------------------------------------


def _document(reader: PdfReader, root: Any) -> Iterator[str]:
    if reader.is_encrypted:
        yield "26-001: låst"
    if not _is_set(root.get("/MarkInfo"), "/Marked"):
        yield "06: MarkInfo/Marked mangler"
    if _is_set(root.get("/MarkInfo"), "/Suspects"):
        yield "04: Suspects er sat"
    metadata = _of(root.get("/Metadata"))
    if metadata is None:
        yield "06-001: ingen metadata"
    else:
        told = metadata.get_data().decode()
        if "<pdfuaid:part>1</pdfuaid:part>" not in told and 'pdfuaid:part="1"' not in told:
            yield "06-002: siger ikke, at den er PDF/UA-1"
        if not re.search(r"<dc:title>.*?<rdf:li[^>]*>[^<]+</rdf:li>", told, re.S):
            yield "06-003: metadata har ingen titel"
    if not _is_set(root.get("/ViewerPreferences"), "/DisplayDocTitle"):
        yield "07-001: DisplayDocTitle er ikke sat"
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", str(root.get("/Lang", ""))):
        yield "11-006: sproget mangler"
    if "/XFA" in (_of(root.get("/AcroForm")) or {}):
        yield "25-001: XFA"
    names = _of(root.get("/Names")) or {}
    if "/EmbeddedFiles" in names:
        yield "21-001: indlejrede filer"


# -- the structure -----------------------------------------------------------------------------------------------------

Element = tuple[str, Any, str, Any]
"""A structure element: its type, itself, its parent's type, and its page."""


def _elements(node: Any, parent: str, page: Any) -> Iterator[Element]:
    for kid in _kids(node):
        if isinstance(kid, DictionaryObject) and kid.get("/Type") not in ("/MCR", "/OBJR"):
            kind, here = str(kid.get("/S", ""))[1:], kid.get("/Pg", page)
            yield kind, kid, parent, here
            yield from _elements(kid, kind, here)


def _kids(node: Any) -> list[Any]:
    kids = _of(node.get("/K"))
    if kids is None:
        return []
    return [_of(one) for one in kids] if isinstance(kids, ArrayObject) else [kids]


def _role(kind: str, roles: Any) -> str:
    seen: set[str] = set()
    while kind not in STANDARD and f"/{kind}" in roles and kind not in seen:
        seen.add(kind)
        kind = str(_of(roles[f"/{kind}"]))[1:]
    return kind


def _roles(elements: list[Element], roles: Any) -> Iterator[str]:
    for kind in {kind for kind, *_ in elements}:
        if _role(kind, roles) not in STANDARD:
            yield f"02-001: {kind} er ingen kendt type"
    for name in roles:
        if name[1:] in STANDARD:
            yield f"02-004: {name} er en standardtype"


def _nesting(elements: list[Element], roles: Any) -> Iterator[str]:
    for kind, element, parent, _ in elements:
        wanted = INSIDE.get(_role(kind, roles))
        if wanted and _role(parent, roles) not in wanted:
            yield f"09-004: {kind} står i {parent}"
        if _role(kind, roles) == "L":
            inner = {str(one.get("/S", ""))[1:] for one in _kids(element) if isinstance(one, DictionaryObject)}
            if not inner <= {"LI", "Caption", "L"}:
                yield f"09-005: en liste har {sorted(inner)} i sig"


def _headings(elements: list[Element], roles: Any) -> Iterator[str]:
    levels = [int(kind[1]) for one, *_ in elements if re.fullmatch("H[1-6]", kind := _role(one, roles))]
    if any(_role(one, roles) == "H" for one, *_ in elements):
        yield "14-006: H uden nummer"
    if levels and levels[0] != 1:
        yield "14-002: den første overskrift er ikke H1"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"14-003: H{after} efter H{before}"


def _tables(elements: list[Element], roles: Any) -> Iterator[str]:
    for kind, element, *_ in elements:
        if _role(kind, roles) == "TH" and not any("/Scope" in one for one in _attributes(element)):
            yield "15-003: TH uden Scope"
        if _role(kind, roles) == "Table" and not any(
            _role(one, roles) == "TH" for one, *_ in _elements(element, kind, None)
        ):
            yield "15-003: en tabel uden overskrifter"


def _attributes(element: Any) -> list[Any]:
    found = _of(element.get("/A"))
    return [_of(one) for one in found] if isinstance(found, ArrayObject) else [found] if found else []


def _alternatives(elements: list[Element], roles: Any) -> Iterator[str]:
    for kind, element, *_ in elements:
        if _role(kind, roles) in ("Figure", "Formula") and "/Alt" not in element and "/ActualText" not in element:
            yield f"13-004: {kind} uden ord"
        if _role(kind, roles) == "Note" and "/ID" not in element:
            yield "19-003: en note uden ID"


# -- the content -------------------------------------------------------------------------------------------------------


def _tagged(elements: list[Element]) -> set[tuple[int, int]]:
    """The marked content that is in the structure: page (number of its object) and number."""
    found = set()
    for _kind, element, _parent, page in elements:
        for kid in _kids(element):
            if isinstance(kid, DictionaryObject):
                if kid.get("/Type") == "/MCR":
                    found.add((_id(kid.raw_get("/Pg") if "/Pg" in kid else page), int(kid["/MCID"])))
            else:
                found.add((_id(element.raw_get("/Pg") if "/Pg" in element else page), int(kid)))
    return found


def _id(reference: Any) -> int:
    return reference.idnum if isinstance(reference, IndirectObject) else reference.indirect_reference.idnum


def _content(page: Any, tagged: set[tuple[int, int]], parents: dict[int, Any]) -> Iterator[str]:
    stack: list[int | str | None] = []
    here, untagged, seen = page.indirect_reference.idnum, 0, set()
    for operands, name in _operations(page.get_contents().get_data().decode("latin-1")):
        if name in ("BDC", "BMC"):
            mark = "artifact" if operands[:1] == ["/Artifact"] else _marked(operands, page)
            if mark == "artifact" and any(isinstance(one, int) for one in stack):
                yield "01-003: et artefakt i indhold med mærke"
            if isinstance(mark, int) and "artifact" in stack:
                yield "01-004: indhold med mærke i et artefakt"
            if isinstance(mark, int):
                seen.add(mark)
            stack.append(mark)
        elif name == "EMC":
            stack.pop()
        elif name in _PAINTS and not any(one is not None for one in stack):
            untagged += 1
    if untagged:
        yield f"01-005: {untagged} tegninger uden mærke"
    lost = sorted(one for one in seen if (here, one) not in tagged)
    if lost:
        yield f"01-005: mærkerne {lost} er ikke i strukturen"
    if seen and not isinstance(parents.get(int(page.get("/StructParents", -1))), ArrayObject):
        yield "01-005: siden er ikke i ParentTree"


_TOKEN = re.compile(r"\((?:\\.|[^\\()])*\)|<<|>>|<[0-9A-Fa-f\s]*>|/[^\s/<>\[\]()]+|[\[\]]|[^\s/<>\[\]()]+", re.S)
_OPERATOR = re.compile(r"[A-Za-z'\"*][A-Za-z0-9'\"*]*")


def _operations(content: str) -> Iterator[tuple[list[str], str]]:
    """The operators of a page with what stands before each, as typst writes them: no images in line."""
    operands: list[str] = []
    for token in _TOKEN.findall(content):
        if _OPERATOR.fullmatch(token) and token not in ("true", "false", "null"):
            yield operands, token
            operands = []
        else:
            operands.append(token)


def _marked(operands: list[str], page: Any) -> int | None:
    """The number of marked content, from its properties: written there, or by their name among the page's."""
    if "/MCID" in operands:
        return int(operands[operands.index("/MCID") + 1])
    if len(operands) != 2:
        return None
    found = _of(_of(_of(_of(page["/Resources"])["/Properties"])[operands[1]]).get("/MCID"))
    return None if found is None else int(found)


def _numbers(tree: Any) -> Iterator[tuple[int, Any]]:
    """A number tree, flat."""
    node = _of(tree)
    if node is None:
        return
    flat = _of(node.get("/Nums")) or []
    yield from ((int(flat[at]), _of(flat[at + 1])) for at in range(0, len(flat), 2))
    for kid in _of(node.get("/Kids")) or []:
        yield from _numbers(kid)


# -- annotations and fields --------------------------------------------------------------------------------------------


def _annotations(page: Any, parents: dict[int, Any], roles: Any) -> Iterator[str]:
    annotations = [_of(one) for one in _of(page.get("/Annots")) or []]
    if annotations and page.get("/Tabs") != "/S":
        yield "28-008: rækkefølgen er ikke strukturens"
    for one in annotations:
        kind = one["/Subtype"]
        element = parents.get(int(one.get("/StructParent", -1)))
        role = _role(str(element.get("/S", ""))[1:], roles) if isinstance(element, DictionaryObject) else ""
        wanted = {"/Widget": "Form", "/Link": "Link"}.get(kind, "Annot")
        if role != wanted:
            yield f"28-010: {kind} står i {role or 'ingenting'} og ikke i {wanted}"
        elif not any(_is_object(kid, one) for kid in _kids(element)):
            yield f"28-010: {kind} er ikke i sit element"
        if kind == "/Link" and not one.get("/Contents"):
            yield "28-012: et link uden ord"
        if kind == "/Widget" and not (one.get("/TU") or (_of(one.get("/Parent")) or {}).get("/TU")):
            yield "28-005: et felt uden ord"
        if kind == "/TrapNet":
            yield "28-015: TrapNet"
        for drawn in _appearances(_of(one.get("/AP"))):
            yield from _fonts(_of(drawn.get("/Resources")), set())


def _appearances(node: Any) -> Iterator[Any]:
    """How an annotation looks in each of its states."""
    if isinstance(node, StreamObject):
        yield node
    elif isinstance(node, DictionaryObject):
        for one in node.values():
            yield from _appearances(_of(one))


def _is_object(kid: Any, annotation: Any) -> bool:
    return isinstance(kid, DictionaryObject) and kid.get("/Type") == "/OBJR" and _of(kid["/Obj"]) == annotation


def _fields(form: Any, parents: dict[int, Any]) -> Iterator[str]:
    for one in _of(form["/Fields"]):
        field = _of(one)
        if not field.get("/TU"):
            yield f"28-005: feltet {field.get('/T')} uden ord"
    yield from (f"{one}, felternes skrift" for one in _fonts(_of(form.get("/DR")), set()))
    named = set(_of((_of(form.get("/DR")) or {}).get("/Font")) or {})
    texts = [str(form.get("/DA", "")), *(str(_of(one).get("/DA", "")) for one in _of(form["/Fields"]))]
    for used in {found for text in texts for found in re.findall(r"/(\S+) [\d.]+ Tf", text)}:
        if f"/{used}" not in named:
            yield f"31-009: skriften {used} er ikke i filen"


# -- fonts -------------------------------------------------------------------------------------------------------------


def _fonts(resources: Any, seen: set[int]) -> Iterator[str]:
    """Each font has its glyphs in the file, and says which signs they are; those of what is drawn inside too."""
    for name, reference in (_of((resources or {}).get("/Font")) or {}).items():
        yield from (f"{fault}: {name}" for fault in _font(_of(reference)))
    for one in (_of((resources or {}).get("/XObject")) or {}).values():
        drawn = _of(one)
        if isinstance(drawn, StreamObject) and id(drawn) not in seen and "/Resources" in drawn:
            seen.add(id(drawn))
            yield from _fonts(_of(drawn["/Resources"]), seen)


def _font(font: Any) -> Iterator[str]:
    inner = _of(_of(font["/DescendantFonts"])[0]) if "/DescendantFonts" in font else font
    described = _of(inner.get("/FontDescriptor")) or {}
    if not any(one in described for one in ("/FontFile", "/FontFile2", "/FontFile3")):
        yield "31-009: skriften er ikke i filen"
    composite = font["/Subtype"] == "/Type0"
    if composite and "/ToUnicode" not in font:
        yield "31-027: skriften siger ikke, hvilke tegn det er"
    if composite and inner["/Subtype"] == "/CIDFontType2" and "/CIDToGIDMap" not in inner:
        yield "31-006: CIDToGIDMap mangler"
    if not composite and _of(font.get("/Encoding")) not in ("/WinAnsiEncoding", "/MacRomanEncoding"):
        yield "31-027: skriften siger ikke, hvilke tegn det er"
    if not composite and not all(one in font for one in ("/FirstChar", "/LastChar", "/Widths")):
        yield "31-008: tegnenes bredder mangler"
