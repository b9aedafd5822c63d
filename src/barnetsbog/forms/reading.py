"""A form from a FHIR R4 Questionnaire: ours, or anybody's. Pure.

`form_of` is the inverse of `questionnaire.questionnaire_of`. `read` gives a form of what can be used of any
Questionnaire and names, one by one, all that can't be. It never raises, and it drops nothing silently: whatever isn't
understood is in `unsupported`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from barnetsbog.fhir.checking import check
from barnetsbog.fhir.own import EXTENSION, Resource, members, parts_of, value_of
from barnetsbog.kernel.numbers import is_number

from .languages import without_translations
from .model import Becomes, Form, Instrument, Item, Kind, Op, Option, Part, Party, Section, Test, When
from .questionnaire import (
    HL7,
    OF_THE_CHILD,
    OPERATORS,
    PUBLISHER,
    SDC,
    SPECIAL,
    TYPES,
    answer_system,
    name_of,
    sum_of,
    url_of,
)
from .sources import SOURCES, Source

_KINDS = {said: kind for kind, said in TYPES.items() if kind not in SPECIAL and kind is not Kind.CHOICES}
_OPS = {said: op for op, said in OPERATORS.items()}

_ROOT = frozenset({"resourceType", "id", "extension", "version", "title", "purpose", "copyright", "item"})
_SECTION = frozenset({"linkId", "text", "type", "extension", "enableWhen", "enableBehavior", "item"})
_ITEM = _SECTION | {"required", "repeats", "readOnly", "maxLength", "answerOption"}
_UNDERSTOOD = frozenset({"check-box", "radio-button", "drop-down"})
"""How an item looks is ours to decide from what it is; these say no more than that."""


class Reading(NamedTuple):
    """`form`: what can be used, None when that is nothing. `unsupported`: each thing that can't, with its place."""

    form: Form | None
    unsupported: tuple[str, ...]


def form_of(questionnaire: Resource) -> Form:
    """The form that a released Questionnaire of ours is, which passed the base check when it was released.
    `ValueError`: it says more, or less, than a form does."""
    form, unsupported = _Reader().read(questionnaire)
    if form is None or unsupported:
        raise ValueError("; ".join(unsupported) or "skemaet er tomt")
    return form


def read(questionnaire: Any) -> Reading:
    """A form of any JSON value, as far as it is one."""
    broken = tuple(f"{issue.path}: {issue.text()}" for issue in check(questionnaire) if issue.severity == "error")
    if broken:
        return Reading(None, broken)
    if questionnaire["resourceType"] != "Questionnaire":
        return Reading(None, (f"er ikke et Questionnaire, men {questionnaire['resourceType']}",))
    return _Reader().read(questionnaire)


@dataclass(slots=True)
class _Reader:
    """Reads one Questionnaire and notes what it can't use."""

    notes: list[str] = field(default_factory=list)
    items: dict[str, Item] = field(default_factory=dict)
    """The items read so far, which conditions may ask about."""

    def read(self, root: Resource) -> Reading:
        root, languages, twice = without_translations(root)
        self.notes += twice
        title = str(root.get("title") or root.get("name") or root.get("id") or "Uden titel")
        told, parts = self.root(root)
        parts = parts or (Part("all", Party.ANYBODY, title),)
        sections = tuple(self.sections(root, title, parts))
        if not sections:
            self.lacks("skemaet", "der er ingen spørgsmål, der kan bruges")
            return Reading(None, tuple(self.notes))
        form = replace(self.form(root, title, told, parts, sections), languages=languages)
        return Reading(form, tuple(self.notes))

    def lacks(self, where: str, what: str) -> None:
        self.notes.append(f"{where}: {what}")

    def only(self, node: Resource, where: str, known: Iterable[str]) -> None:
        for name in node:
            if name not in known:
                self.lacks(where, f"'{name}' kan ikke bruges")

    # -- the form itself -----------------------------------------------------------------------------------------------

    def root(self, root: Resource) -> tuple[Resource, tuple[Part, ...]]:
        """Our own extension of the form, and its parts; what stands there besides is noted."""
        ours = {
            "url": url_of(str(root.get("id"))), "name": name_of(str(root.get("id"))), "status": "active",
            "subjectType": ["Patient"], "publisher": PUBLISHER,
        }  # fmt: skip
        told, parts = None, []
        for extension in members(root.get("extension")):
            if extension["url"] == f"{EXTENSION}form" and told is None:
                told = extension
            elif extension["url"] == f"{EXTENSION}form-part" and (part := _part(extension)):
                parts.append(part)
            elif extension != OF_THE_CHILD:
                self.lacks("skemaet", f"udvidelsen {extension['url']} kan ikke bruges")
        self.only({key: one for key, one in root.items() if one != ours.get(key)}, "skemaet", _ROOT)
        if not is_number(str(root.get("version", ""))):
            self.lacks("skemaet", f"versionen {root.get('version', '')} er ikke et helt tal; den bliver 1")
        return told or {}, tuple(parts)

    def form(
        self, root: Resource, title: str, told: Resource, parts: tuple[Part, ...], sections: tuple[Section, ...]
    ) -> Form:
        version = str(root.get("version", ""))
        return Form(
            id=str(root.get("id", "")),
            number=_first(told, "number", 0),
            version=int(version) if is_number(version) else 1,
            title=title,
            purpose=str(root.get("purpose", "")),
            family=_first(told, "family", ""),
            sender=tuple(Party(one) for one in parts_of(told, "sender") if one in list(Party)),
            receiver=tuple(map(str, parts_of(told, "receiver"))),
            blocks=frozenset(map(str, parts_of(told, "block"))),
            law=tuple(map(str, parts_of(told, "law"))),
            law_text=_first(told, "law-text", ""),
            months=_first(told, "months", 0),
            parts=parts,
            sections=sections,
            one_page=_first(told, "one-page", False),
            licensed=self.instrument(root, told),
        )

    def instrument(self, root: Resource, told: Resource) -> Instrument | None:
        name = _first(told, "instrument", "")
        if not name:
            if "copyright" in root:
                self.lacks("skemaet", "'copyright' kan ikke bruges uden et redskab")
            return None
        return Instrument(
            name, _first(told, "owner", ""), _first(told, "informant", ""),
            (_first(told, "from-age", 0), _first(told, "to-age", 0)), tuple(map(str, parts_of(told, "scale"))),
            str(root.get("copyright", "")),
        )  # fmt: skip

    # -- sections ------------------------------------------------------------------------------------------------------

    def sections(self, root: Resource, title: str, parts: tuple[Part, ...]) -> Iterator[Section]:
        """Groups at the top are sections. Questions that stand between them are a section of their own."""
        loose: list[Item] = []
        for number, node in enumerate(members(root.get("item"))):
            if node["type"] == "group" and not node.get("repeats"):
                if loose:
                    yield Section(f"loose-{number}", title, parts[0].id, tuple(loose))
                    loose = []
                yield from self.section(node, parts)
            else:
                loose.extend(self.item(node))
        if loose:
            yield Section("loose", title, parts[0].id, tuple(loose))

    def section(self, node: Resource, parts: tuple[Part, ...]) -> Iterator[Section]:
        where = self.where(node)
        part = parts[0].id
        for extension in members(node.get("extension")):
            if extension["url"] == f"{EXTENSION}item-part" and value_of(extension) in [one.id for one in parts]:
                part = value_of(extension)
            else:
                self.lacks(where, f"udvidelsen {extension['url']} kan ikke bruges")
        self.only(node, where, _SECTION)
        when = self.when(node, where)
        said, items = self.inside(node)
        if items:
            yield Section(node["linkId"], str(node.get("text", "")), part, items, said, when)
        else:
            self.lacks(where, "afsnittet er tomt og udelades")

    def where(self, node: Resource) -> str:
        return f"felt {node['linkId']}"

    def inside(self, node: Resource) -> tuple[str, tuple[Item, ...]]:
        """The help of a section or an item, and the items in it."""
        said, items = "", list[Item]()
        for one in members(node.get("item")):
            if not said and _is_help(one):
                said = str(one.get("text", ""))
                self.only(one, self.where(one), ("linkId", "type", "text", "extension"))
            else:
                items.extend(self.item(one))
        return said, tuple(items)

    # -- items ---------------------------------------------------------------------------------------------------------

    def item(self, node: Resource) -> Iterator[Item]:
        """The item that a node is; nothing when there is no such kind, or it stands twice, and that is noted."""
        where, kind = self.where(node), _kind(node)
        self.only(node, where, _ITEM | ({"answerValueSet"} if kind is None else set()))
        if node["linkId"] in self.items:
            self.lacks(where, "står to gange; det andet udelades")
            return
        if kind is None:
            self.lacks(where, f"{_why_no_kind(node)}; feltet udelades")
            return
        more = self.extensions(node, where)
        when = self.when(node, where)
        said, inner = self.inside(node)
        if kind is Kind.GROUP and not inner:
            self.lacks(where, "gruppen er tom og udelades")
            return
        if kind is not Kind.GROUP and inner:
            self.lacks(where, f"felterne i det ({', '.join(one.id for one in inner)}) udelades")
            inner = ()
        item = Item(
            id=node["linkId"], kind=kind, ask=str(node.get("text", node["linkId"])), help=said, child=more.child,
            required=bool(node.get("required")), options=tuple(self.options(node, where)), when=when,
            limit=node.get("maxLength", 0), low=more.low, high=more.high, unit=more.unit,
            most=self.most(node, kind, more, where), fill=more.fill, sums=tuple(more.sums), becomes=more.becomes,
            items=inner, marked=more.marked, anew=more.anew,
        )  # fmt: skip
        if bool(node.get("readOnly")) is not bool(item.sums):
            self.lacks(where, "'readOnly' kan kun bruges på en sum")
        self.items[item.id] = item
        yield item

    def most(self, node: Resource, kind: Kind, more: "_More", where: str) -> int:
        if not node.get("repeats") or kind is Kind.CHOICES:
            return 1
        if kind is Kind.GROUP:
            return more.most
        self.lacks(where, "kan kun svares én gang")
        return 1

    def options(self, node: Resource, where: str) -> Iterator[Option]:
        for found in members(node.get("answerOption")):
            score, child = None, ""
            for extension in (
                *members(found.get("extension")),
                *members(found.get("valueCoding", {}).get("extension")),
            ):
                value = value_of(extension)
                if extension["url"] == f"{HL7}ordinalValue" and isinstance(value, int | float):
                    score = float(value)
                elif extension["url"] == f"{EXTENSION}child-text" and isinstance(value, str):
                    child = value
                else:
                    self.lacks(where, f"svarets udvidelse {extension['url']} kan ikke bruges")
            said = {key: one for key, one in found.items() if key != "extension"}
            coding = said.pop("valueCoding", None)
            if coding is not None:
                code = str(coding.get("code", coding.get("display", "")))
                yield Option(code, str(coding.get("display", code)), score, child)
                if coding.get("system") != answer_system(node["linkId"]):
                    self.lacks(
                        where, f"svaret {code} er kodet i {coding.get('system', 'intet system')}; det huskes ikke"
                    )
                self.only(coding, f"{where}, svar {code}", ("system", "code", "display", "extension"))
            elif (plain := next((one for key, one in said.items() if key in _PLAIN), None)) is not None:
                yield Option(str(plain), str(plain), score, child)
                said = {key: one for key, one in said.items() if key not in _PLAIN}
            self.only(said, f"{where}, svar", ())

    def extensions(self, node: Resource, where: str) -> "_More":
        more = _More()
        for extension in members(node.get("extension")):
            if not more.take(extension):
                self.lacks(where, f"udvidelsen {extension['url']} kan ikke bruges")
        return more

    # -- conditions ----------------------------------------------------------------------------------------------------

    def when(self, node: Resource, where: str) -> When:
        """The condition; when a test can't be used there is none, and the item is always asked."""
        found = [self.test(one) for one in members(node.get("enableWhen"))]
        tests = tuple(test for test in found if test)
        if len(tests) < len(found):
            self.lacks(where, "betingelsen kan ikke bruges; der spørges altid")
            return When()
        return When(tests, node.get("enableBehavior") == "any" and len(tests) > 1)

    def test(self, node: Resource) -> Test | None:
        op, asked = _OPS.get(node["operator"]), self.items.get(node["question"])
        if op is None or asked is None or not set(node) <= {"question", "operator", *_ANSWERED}:
            return None
        value = next(value for key, value in node.items() if key in _ANSWERED)
        if op is Op.ANSWERED:
            return Test(asked.id, op, None if value is True else False) if isinstance(value, bool) else None
        if asked.kind in (Kind.CHOICE, Kind.CHOICES):
            code = value.get("code", value.get("display")) if isinstance(value, dict) else value
            return Test(asked.id, op, str(code)) if str(code) in {one.code for one in asked.options} else None
        if asked.kind is Kind.YES_NO and isinstance(value, bool):
            return Test(asked.id, op, value)
        if asked.kind in (Kind.NUMBER, Kind.DECIMAL) and isinstance(value, int | float):
            return Test(asked.id, op, float(value))
        return None


_PLAIN = frozenset({"valueString", "valueInteger", "valueDate", "valueTime"})
_ANSWERED = frozenset(
    {"answerBoolean", "answerDecimal", "answerInteger", "answerCoding", "answerString", "answerDate"}
)  # fmt: skip


@dataclass(slots=True)
class _More:
    """What an item's extensions say."""

    child: str = ""
    marked: str = ""
    unit: str = ""
    fill: str = ""
    low: float | None = None
    high: float | None = None
    most: int = 0
    sums: list[str] = field(default_factory=list)
    becomes: Becomes | None = None
    anew: bool = False

    def take(self, extension: Resource) -> bool:
        """False: the extension says something that an item has no place for."""
        value = value_of(extension)
        match extension["url"].removeprefix(EXTENSION).removeprefix(HL7).removeprefix(SDC), value:
            case "child-text", str():
                self.child = value
            case "marked", str():
                self.marked = value
            case "anew", True:
                self.anew = True
            case "fill", str() if value in _FILLS:
                self.fill = value
            case "sums", str():
                self.sums.append(value)
            case "becomes", None:
                self.becomes = _becomes(extension)
            case "minValue", int() | float():
                self.low = float(value)
            case "maxValue", int() | float():
                self.high = float(value)
            case "questionnaire-maxOccurs", int():
                self.most = value
            case "questionnaire-unit", dict():
                self.unit = str(value.get("display", value.get("code", "")))
                return set(value) <= {"display"}
            case "questionnaire-itemControl", dict():
                return all(one.get("code") in _UNDERSTOOD for one in members(value.get("coding")))
            case "initialExpression" | "calculatedExpression", dict():
                return str(value.get("expression")) in (SOURCES.get(self.fill, _NONE).expression, sum_of(self.sums))
            case ("item-kind", str()) | ("entryFormat", str()) | ("questionnaire-minOccurs", 1):
                pass
            case _:
                return False
        return True


_NONE = Source("")
_FILLS = {*SOURCES, *(part for source in SOURCES.values() for part in source.parts)}


def _becomes(extension: Resource) -> Becomes:
    parts = (str(one).partition("=") for one in parts_of(extension, "part"))
    return Becomes(
        _first(extension, "what", ""), {item: part for item, _, part in parts}, _first(extension, "code", "")
    )


def _kind(node: Resource) -> Kind | None:
    said, chosen = node["type"], bool(node.get("answerOption"))
    if said == "choice":
        return (Kind.CHOICES if node.get("repeats") else Kind.CHOICE) if chosen else None
    if chosen:
        return None
    special = next(
        (value_of(one) for one in members(node.get("extension")) if one["url"] == f"{EXTENSION}item-kind"), None
    )
    return Kind(special) if said == "string" and special in list(SPECIAL) else _KINDS.get(said)


def _why_no_kind(node: Resource) -> str:
    if node.get("answerValueSet"):
        return f"svarene står et andet sted ({node['answerValueSet']})"
    return f"typen {node['type']} kan ikke bruges" + (" med de svar" if node.get("answerOption") else "")


def _is_help(node: Resource) -> bool:
    codes = [
        coding.get("code")
        for extension in members(node.get("extension"))
        if extension["url"] == f"{HL7}questionnaire-itemControl" and isinstance(value_of(extension), dict)
        for coding in members(value_of(extension).get("coding"))
    ]
    return node["type"] == "display" and codes == ["help"]


def _first(extension: Resource, name: str, default: Any) -> Any:
    """The first piece of that name, when it is of the default's type."""
    return next((one for one in parts_of(extension, name) if type(one) is type(default)), default)


def _part(extension: Resource) -> Part | None:
    party = _first(extension, "party", "")
    if party not in set(Party):
        return None
    return Part(
        _first(extension, "id", ""), Party(party), _first(extension, "title", ""),
        tuple(map(str, parts_of(extension, "after"))), _first(extension, "each", False),
    )  # fmt: skip
