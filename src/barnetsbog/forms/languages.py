"""Forms in other languages than Danish: their words from the sources, into a form, and to FHIR and back. Pure.

A translation (`catalogue/translations`) goes by the Danish texts and not by questions: what is worded alike is
translated once, and a text that is worded anew has no translation before somebody makes one. A form is offered in a
language when everything that the family is asked in it is there. In a Questionnaire each text carries its translations
itself (https://hl7.org/fhir/R4/extension-translation.html), so that what is released is what was read.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from barnetsbog.fhir.own import EXTENSION, members, parts_of

from .model import DANISH, Form, Item, Option, Party, Section, Wording, every
from .translations import Translation

FAMILY = (Party.PARENT, Party.CHILD)
"""Whom a form is translated for."""

_URL = "http://hl7.org/fhir/StructureDefinition/translation"
_CHECKED = f"{EXTENSION}translation-checked"
_TEXTS = ("title", "text", "display", "valueString")
"""Elements that people read."""

Resource = dict[str, Any]


def in_languages(form: Form, translations: Iterable[Translation]) -> Form:
    """The form with what is translated of it, complete or not."""
    texts = dict.fromkeys(text for _, text in asked(form))
    theirs = (one for one in translations if form.id in one.forms)
    wordings = (
        Wording(one.language, {text: one.texts[text] for text in texts if text in one.texts}, one.checked)
        for one in theirs
    )  # fmt: skip
    return replace(form, languages=tuple(wordings))


def faults(forms: Collection[Form], translations: Collection[Translation]) -> Iterator[str]:
    """What a translation lacks of its forms, and what it names or translates that is not there."""
    by_id = {form.id: form for form in forms}
    for one in translations:
        yield from (f"{one.file}: skemaet {ident} findes ikke" for ident in one.forms if ident not in by_id)
        theirs = [by_id[ident] for ident in one.forms if ident in by_id]
        yield from (fault for form in theirs for fault in _lacking(form, one))
        said = {text for form in theirs for _, text in asked(form)}
        yield from (f"{one.file}: »{text}« står ikke i nogen af skemaerne" for text in one.texts if text not in said)


def _lacking(form: Form, one: Translation) -> Iterator[str]:
    lacks = ((where, text) for where, text in asked(form) if text not in one.texts)
    yield from (f"{one.file}, {form.number:02}-{form.id}, {where}: »{text}« er ikke oversat" for where, text in lacks)


# -- a form ------------------------------------------------------------------------------------------------------------


def asked(form: Form) -> Iterator[tuple[str, str]]:
    """Every text that a family reads in a form, with the place where it stands."""
    theirs = {part.id: part for part in form.parts if part.party in FAMILY}
    if theirs:
        yield "title", form.title
    yield from ((f"del {part.id}", part.title) for part in theirs.values())
    for section in form.sections:
        if section.part not in theirs:
            continue
        yield f"afsnit {section.id}", section.title
        if section.help:
            yield f"afsnit {section.id}, help", section.help
        for item in every(section.items):
            yield from _asked(item, theirs[section.part].party is Party.CHILD)


def _asked(item: Item, child: bool) -> Iterator[tuple[str, str]]:
    """A child is asked in its own words where there are such."""
    yield f"felt {item.id}", (item.child if child else "") or item.ask
    yield from ((f"felt {item.id}, {name}", text) for name, text in (("help", item.help), ("unit", item.unit)) if text)
    for one in item.options:
        yield f"felt {item.id}, svar {one.code}", (one.child if child else "") or one.text


def offered(form: Form) -> dict[str, Wording]:
    """The languages that a form can be read in, by their codes: those in which nothing is lacking."""
    needed = {text for _, text in asked(form)}
    return {one.language: one for one in form.languages if needed and needed <= one.words.keys()}


def worded(form: Form, language: str) -> Form:
    """The form in one of the languages it is offered in; else as it is."""
    found = offered(form).get(language)
    if found is None:
        return form

    def said(text: str) -> str:
        return found.words.get(text, text)

    def option(one: Option) -> Option:
        return one._replace(text=said(one.text), child=said(one.child))

    def item(one: Item) -> Item:
        return replace(
            one, ask=said(one.ask), child=said(one.child), help=said(one.help), unit=said(one.unit),
            options=tuple(map(option, one.options)), items=tuple(map(item, one.items)),
        )  # fmt: skip

    def section(one: Section) -> Section:
        return replace(one, title=said(one.title), help=said(one.help), items=tuple(map(item, one.items)))

    parts = tuple(replace(one, title=said(one.title)) for one in form.parts)
    return replace(form, title=said(form.title), parts=parts, sections=tuple(map(section, form.sections)))


# -- FHIR --------------------------------------------------------------------------------------------------------------


def with_translations(questionnaire: Resource, languages: Collection[Wording]) -> Resource:
    """The Questionnaire with its translations at every text, and the language that it is written in."""
    if not languages:
        return questionnaire
    found: Resource = _told(questionnaire, languages)
    checked = [{"url": _CHECKED, "valueCode": one.language} for one in languages if one.checked]
    return {**found, "language": DANISH, "extension": [*found["extension"], *checked]}


def _told(node: Any, languages: Collection[Wording]) -> Any:
    if isinstance(node, list):
        return [_told(one, languages) for one in node]
    if not isinstance(node, dict):
        return node
    found: Resource = {}
    for key, value in node.items():
        found[key] = _told(value, languages)
        if key in _TEXTS and (said := [(one.language, one.words[value]) for one in languages if value in one.words]):
            found[f"_{key}"] = {"extension": [_translation(*one) for one in said]}
    return found


def _translation(language: str, content: str) -> Resource:
    parts = [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": content}]
    return {"url": _URL, "extension": parts}


def without_translations(questionnaire: Resource) -> tuple[Resource, tuple[Wording, ...], list[str]]:
    """The Questionnaire without them, the languages, and what can't be used: a text that is translated in two ways."""
    words: dict[str, dict[str, str]] = {}
    notes: list[str] = []
    found = _taken(questionnaire, words, notes)
    extensions = list(members(found.get("extension")))
    checked = {one.get("valueCode") for one in extensions if one["url"] == _CHECKED}
    if words:
        found.pop("language", None)
    if kept := [one for one in extensions if one["url"] != _CHECKED]:
        found["extension"] = kept
    languages = tuple(Wording(language, said, language in checked) for language, said in sorted(words.items()))
    return found, languages, notes


def _taken(node: Any, words: dict[str, dict[str, str]], notes: list[str]) -> Any:
    if isinstance(node, list):
        return [_taken(one, words, notes) for one in node]
    if not isinstance(node, dict):
        return node
    found: Resource = {}
    for key, value in node.items():
        text = node.get(key.removeprefix("_"))
        if key.startswith("_") and key[1:] in _TEXTS and isinstance(text, str) and isinstance(value, dict):
            value = _kept(text, value, words, notes)
            if not value:
                continue
        found[key] = _taken(value, words, notes)
    return found


def _kept(text: str, told: Resource, words: dict[str, dict[str, str]], notes: list[str]) -> Resource:
    """Notes the translations of a text, and gives what else is said of it."""
    rest = []
    for one in members(told.get("extension")):
        said = [str(next(iter(parts_of(one, name)), "")) for name in ("lang", "content")]
        if one.get("url") != _URL or not all(said):
            rest.append(one)
        elif words.setdefault(said[0], {}).setdefault(text, said[1]) != said[1]:
            notes.append(f"»{text}«: er oversat på to måder til {said[0]}; den første bruges")
    others = {key: value for key, value in told.items() if key != "extension"}
    return {**others, **({"extension": rest} if rest else {})}
