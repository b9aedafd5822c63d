"""The human-readable text of a resource: a strict reading of its small XHTML.

A narrative is json_kind, shown to people, so nothing active may hide in it. It is not parsed as XML, which would
invite entity expansion, but read by two regular expressions that only know what is allowed: one accepts the whole
text letter by letter, the other lists the tags so that their nesting can be counted. Only a text that fails is looked
at more closely, to say what is wrong with it.
"""

import re
from html import unescape
from typing import Any

from barnetsbog.fhir.primitives import Fault, json_kind, shown

_ELEMENTS = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "address",
        "area",
        "b",
        "bdo",
        "big",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "del",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "ins",
        "kbd",
        "li",
        "map",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
    ]
)
_ANYWHERE = frozenset(
    [
        "title",
        "style",
        "class",
        "id",
        "lang",
        "xml:lang",
        "xml:space",
        "dir",
        "accesskey",
        "tabindex",
        "span",
        "width",
        "height",
        "align",
        "valign",
        "char",
        "charoff",
        "abbr",
        "axis",
        "headers",
        "scope",
        "rowspan",
        "colspan",
        "name",
        "xmlns",
        "cite",
        "datetime",
        "summary",
        "border",
        "frame",
        "rules",
        "cellspacing",
        "cellpadding",
        "nowrap",
        "bgcolor",
        "clear",
        "compact",
        "start",
        "type",
        "value",
    ]
)
_ON_ELEMENT = {
    "a": frozenset(["href", "charset", "hreflang", "rel", "rev", "target", "shape", "coords"]),
    "img": frozenset(["src", "alt", "longdesc", "usemap", "ismap"]),
    "area": frozenset(["shape", "coords", "href", "nohref", "alt"]),
}
_ADDRESSES = frozenset(("href", "src", "cite", "longdesc", "usemap"))
_WATCHED = _ADDRESSES | {"style", "xmlns"}
_NAMESPACE = "http://www.w3.org/1999/xhtml"

# Atomic groups and possessive repeats: a hostile text costs time in proportion to its length and no more.
_FORBIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff"
_NAME = r"[A-Za-z][\w:.-]*+"
_VALUE = rf"(?:\"[^\"<{_FORBIDDEN}]*+\"|'[^'<{_FORBIDDEN}]*+')"
_ATTRIBUTE = rf"\s++{_NAME}\s*+=\s*+{_VALUE}"
_ENTITY = r"&(?:amp|lt|gt|quot|apos|\#\d{1,7}|\#x[0-9A-Fa-f]{1,6});"
_COMMENT = r"<!--(?:[^-]|-(?!-))*+-->"
_PIECE = rf"[^<&{_FORBIDDEN}]++|<(?:/{_NAME}|{_NAME}(?:{_ATTRIBUTE})*+)\s*+/?>|{_ENTITY}|{_COMMENT}"

_WHOLE = re.compile(rf"(?:{_PIECE})*+", re.ASCII)
_TAGS = re.compile(rf"{_COMMENT}|<(/?)({_NAME})((?:{_ATTRIBUTE})*+)\s*+(/?)>", re.ASCII)
_ATTRIBUTES = re.compile(rf"({_NAME})\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)')", re.ASCII)
_READABLE = re.compile(r">(?:\s|&\#(?:160|32|x0*20|x0*[aA]0);)*+[^\s<]|<img\b")
_INVISIBLE = re.compile(r"[\x00-\x20]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")
_SAFE = re.compile(r"(?:https?|mailto|tel|urn|ftp):|data:image/(?:png|jpe?g|gif)[;,]")
_ACTIVE_STYLE = re.compile(r"expression|script|behaviou?r|binding|@import|[\\<]|data:(?!image/(?:png|jpe?g|gif)[;,])")


def narrative_fault(div: Any) -> Fault | None:
    """What is wrong with the `div` of a narrative; None when it is safe, well formed and has something to read."""
    if type(div) is not str:
        return Fault("json-type", ("text", json_kind(div)))
    accepted = _WHOLE.match(div)
    if accepted is None or accepted.end() != len(div):
        return _letters_fault(div, accepted.end() if accepted else 0)
    return _tags_fault(div) or _content_fault(div)


def _letters_fault(div: str, place: int) -> Fault:
    if re.match(f"[{_FORBIDDEN}]", div[place:]):
        return Fault("string-characters")
    return Fault("narrative-markup", (shown(div[place : place + 40]),))


def _tags_fault(div: str) -> Fault | None:
    """Only known tags and attributes, each closed in its order, and one div around everything."""
    still_open: list[str] = []
    seen_root = False
    for closing, name, attributes, empty in _TAGS.findall(div):
        if not name:
            continue
        if name not in _ELEMENTS:
            return Fault("narrative-element", (name,))
        if closing:
            if not still_open or still_open.pop() != name:
                return Fault("narrative-nesting", (name,))
            continue
        if not still_open and (seen_root or name != "div"):
            return Fault("narrative-namespace")
        seen_root = True
        if attributes and (found := _attributes_fault(name, attributes)):
            return found
        if not empty:
            still_open.append(name)
    return Fault("narrative-nesting", (still_open[-1],)) if still_open else None


def _attributes_fault(element: str, attributes: str) -> Fault | None:
    for name, double, single in _ATTRIBUTES.findall(attributes):
        if name not in _ANYWHERE and name not in _ON_ELEMENT.get(element, ()):
            return Fault("narrative-attribute", (element, name))
        if name in _WATCHED and not _is_harmless(name, double or single):
            return Fault("narrative-active", (shown(double or single),))
    return None


def _is_harmless(attribute: str, value: str) -> bool:
    """Browsers undo entities and skip invisible characters before they read an address, so that is done here too."""
    plain = _INVISIBLE.sub("", unescape(value)).lower()
    if attribute == "xmlns":
        return value == _NAMESPACE
    if attribute == "style":
        return not _ACTIVE_STYLE.search(plain)
    return not _SCHEME.match(plain) or bool(_SAFE.match(plain))


def _content_fault(div: str) -> Fault | None:
    text = div.strip()
    root = _TAGS.match(text)
    if root is None or f'xmlns="{_NAMESPACE}"' not in root[3].replace("'", '"') or text[-1] != ">":
        return Fault("narrative-namespace")
    return None if _READABLE.search(text) else Fault("txt-2")
