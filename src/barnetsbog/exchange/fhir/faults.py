"""What can be wrong with a search, in Danish and in English: what it is, and what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from barnetsbog.kernel.sentences import Sentence, say

Code = Literal["not-supported", "invalid", "too-costly"]
"""Of OperationOutcome.issue.code."""

_SENTENCES: Mapping[str, tuple[Code, str, str]] = {
    "unknown-parameter": (
        "not-supported", "Man kan ikke søge på »{1}« her. Se i CapabilityStatement (metadata), hvad man kan.",
        "There is nothing to search by “{1}” here. The CapabilityStatement (metadata) says what can be used."),
    "unanswerable": (
        "not-supported", "Her svares der ikke på »{0}«. Brug en anden parameter.",
        "“{0}” is not answered here. Use another parameter."),
    "modifier": (
        "not-supported", "»:{1}« kan ikke bruges på »{0}«.", "“:{1}” cannot be used on “{0}”."),
    "empty": ("invalid", "»{0}« er uden værdi. Skriv en værdi, eller udelad den.", "“{0}” has no value. Give one or leave it out."),
    "letters": ("invalid", "Værdien af »{0}« har tegn, som ikke kan stå i en tekst.", "The value of “{0}” has characters that no text can have."),
    "too-long": ("too-costly", "Søgningen er længere end {1} tegn. Del den op.", "The search is longer than {1} characters. Divide it."),
    "too-many-values": ("too-costly", "»{0}« har flere end {1} værdier. Del søgningen op.", "“{0}” has more than {1} values. Divide the search."),
    "too-many-parameters": ("too-costly", "Der er flere end {1} parametre. Del søgningen op.", "There are more than {1} parameters. Divide the search."),
    "too-deep": (
        "too-costly", "»{0}« går gennem mere end {1} led. Søg i flere skridt.",
        "“{0}” goes through more than {1} steps. Search in several steps."),
    "too-wide": (
        "too-costly", "»{0}« kan føre til for mange typer. Skriv, hvilken: »subject:Patient.name«.",
        "“{0}” can lead to too many types. Say which: “subject:Patient.name”."),
    "too-many-read": (
        "too-costly", "»{0}« kræver, at for mange ressourcer læses. Gør søgningen snævrere, for eksempel med et barn eller en periode.",
        "“{0}” needs too many resources to be read. Narrow the search, by a child or a time."),
    "not-a-reference": ("invalid", "»{0}« peger ikke på noget og kan ikke føre videre.", "“{0}” is no reference and leads nowhere."),
    "no-such-type": ("invalid", "»{1}« kan ikke stå i »{0}«: det er ikke en type, den kan pege på.", "“{1}” cannot stand in “{0}”: it is not a type that it can lead to."),
    "date": (
        "invalid", "»{1}« er ikke en dato, der findes: ÅÅÅÅ, ÅÅÅÅ-MM, ÅÅÅÅ-MM-DD eller med klokkeslæt.",
        "“{1}” is not a real date: YYYY, YYYY-MM, YYYY-MM-DD, or with a time."),
    "number": ("invalid", "»{1}« er ikke et tal.", "“{1}” is not a number."),
    "quantity": ("invalid", "»{1}« er ikke en mængde: tal, eller tal|system|enhed.", "“{1}” is not a quantity: number, or number|system|unit."),
    "token": ("invalid", "»{1}« er ikke en kode: kode, system|kode, |kode eller system|.", "“{1}” is not a code: code, system|code, |code or system|."),
    "of-type": ("invalid", "»{1}« skal være system|kode|værdi.", "“{1}” must be system|code|value."),
    "boolean": ("invalid", "»{1}« skal være true eller false.", "“{1}” must be true or false."),
    "string": ("invalid", "»{1}« har ingen bogstaver eller tal at søge efter.", "“{1}” has no letters or digits to look for."),
    "reference": ("invalid", "»{1}« er ikke en reference: Type/id, id eller en hel adresse.", "“{1}” is not a reference: Type/id, id or a whole address."),
    "composite": ("invalid", "»{1}« skal have {2} dele med $ imellem.", "“{1}” must have {2} parts with $ between them."),
    "value-set": (
        "not-supported", "Værdisættet »{1}« er ikke indlæst her.", "The value set “{1}” is not loaded here."),
    "code-system": ("not-supported", "Kodesystemet i »{1}« er ikke indlæst her.", "The code system of “{1}” is not loaded here."),
    "count": ("invalid", "»{1}« er ikke et antal: 0 eller et helt tal derover.", "“{1}” is not a count: 0 or a whole number above."),
    "total": ("invalid", "»{1}« skal være none, estimate eller accurate.", "“{1}” must be none, estimate or accurate."),
    "twice": ("invalid", "»{0}« kan kun stå én gang.", "“{0}” can only be given once."),
    "include": (
        "invalid", "»{1}« skal være Type:parameter eller Type:parameter:Type, hvor parameteren er en reference.",
        "“{1}” must be Type:parameter or Type:parameter:Type, where the parameter is a reference."),
    "compartment": ("not-supported", "{0} hører ikke til {1} på den måde.", "{0} does not belong to {1} that way."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """A parameter that can't be answered, and why. `rule`: a stable short id."""

    parameter: str
    rule: str
    params: tuple[str, ...] = ()

    @property
    def code(self) -> Code:
        return _SENTENCES[self.rule][0]

    def text(self) -> Sentence:
        """What is wrong, and what to do."""
        return say(*_SENTENCES[self.rule][1:], self.parameter, *self.params)


class Wrong(ValueError):
    """A value that can't be read: the rule it breaks, and what the sentence names."""

    def __init__(self, rule: str, *params: str) -> None:
        super().__init__(rule)
        self.rule, self.params = rule, params

    @property
    def costly(self) -> bool:
        return _SENTENCES[self.rule][0] == "too-costly"
