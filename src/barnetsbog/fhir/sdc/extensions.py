"""The extensions of questionnaires and answers: where each may stand, what it holds and whether it may stand twice.

Those of HL7's that are for these two types, and those of SDC 3.0. Anybody's own are left to their own definitions
(`fhir.profiling`).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from barnetsbog.fhir.own import Resource

HL7 = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
OTHER_SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
OF_FORMS = (OTHER_SDC, f"{HL7}questionnaire")
"""How the address of an extension begins that is for these types and no others: one that isn't known is told."""


class Place(StrEnum):
    FORM = "Questionnaire"
    ITEM = "Questionnaire.item"
    OPTION = "Questionnaire.item.answerOption"
    CODING = "Coding"
    TEXT = "string"
    RESPONSE = "QuestionnaireResponse"
    ANSWERED = "QuestionnaireResponse.item"
    ANSWER = "QuestionnaireResponse.item.answer"
    ELSEWHERE = "Element"


class Extension(NamedTuple):
    """`holds`: the types of its value as an element's name ends with them (`valueCoding`); "" when it is made of
    parts."""

    places: frozenset[Place]
    holds: frozenset[str]
    many: bool


_PLACES = {
    "Q": Place.FORM, "I": Place.ITEM, "O": Place.OPTION, "C": Place.CODING, "T": Place.TEXT, "R": Place.RESPONSE,
    "A": Place.ANSWERED, "V": Place.ANSWER,
}  # fmt: skip


def _rows(base: str, text: str) -> Iterable[tuple[str, Extension]]:
    for line in text.strip().splitlines():
        name, places, holds = line.split()
        types = () if holds.startswith("parts") else holds.rstrip("*").split("|")
        values = frozenset(one[0].upper() + one[1:] for one in types) or frozenset({""})
        yield base + name, Extension(frozenset(_PLACES[one] for one in places), values, holds.endswith("*"))


def held(extension: Resource) -> str:
    """The type of an extension's value; empty when it has none."""
    return next((key.removeprefix("value") for key in extension if key.startswith("value")), "")


EXTENSIONS: Mapping[str, Extension] = dict((
    *_rows(HL7, """
        entryFormat                              I    string
        questionnaire-hidden                     I    boolean
        questionnaire-itemControl                I    CodeableConcept
        questionnaire-choiceOrientation          I    code
        questionnaire-displayCategory            I    CodeableConcept
        questionnaire-supportLink                I    uri*
        questionnaire-sliderStepValue            I    integer
        questionnaire-usageMode                  I    code
        questionnaire-signatureRequired          QI   CodeableConcept*
        questionnaire-minOccurs                  I    integer
        questionnaire-maxOccurs                  I    integer
        questionnaire-unit                       I    Coding
        questionnaire-unitOption                 I    Coding*
        questionnaire-unitValueSet               I    canonical
        questionnaire-referenceResource          I    code*
        questionnaire-referenceProfile           I    canonical*
        questionnaire-baseType                   I    code
        questionnaire-fhirType                   I    string
        questionnaire-constraint                 QI   parts*
        questionnaire-optionExclusive            O    boolean
        questionnaire-optionPrefix               O    string
        minLength                                I    integer
        minValue                                 I    date|dateTime|time|decimal|integer
        maxValue                                 I    date|dateTime|time|decimal|integer
        maxDecimalPlaces                         I    integer
        mimeType                                 I    code*
        maxSize                                  I    decimal
        designNote                               QI   markdown
        variable                                 QI   Expression*
        cqf-library                              Q    canonical*
        ordinalValue                             OCV  decimal
        rendering-style                          T    string
        rendering-markdown                       T    markdown
        rendering-xhtml                          T    string
        translation                              T    parts*
        questionnaireresponse-signature          RA   Signature*
        questionnaireresponse-completionMode     R    CodeableConcept
        questionnaireresponse-author             A    Reference
        questionnaireresponse-reason             R    CodeableConcept*
        questionnaireresponse-reviewer           R    Reference
    """),
    *_rows(SDC, """
        performerType                            Q    code*
        preferredTerminologyServer               QI   url*
        entryMode                                Q    code
        endpoint                                 Q    uri*
        launchContext                            Q    parts*
        sourceQueries                            Q    Reference*
        sourceStructureMap                       Q    canonical*
        targetStructureMap                       Q    canonical*
        assemble-expectation                     Q    code
        assembledFrom                            Q    canonical*
        assembleContext                          Q    string*
        itemPopulationContext                    QI   Expression
        itemExtractionContext                    QI   Expression|code
        observationLinkPeriod                    QI   Duration
        observationExtract                       QIC  boolean
        observation-extract-category             QI   CodeableConcept*
        initialExpression                        I    Expression
        calculatedExpression                     I    Expression
        enableWhenExpression                     I    Expression
        answerExpression                         I    Expression
        candidateExpression                      I    Expression*
        contextExpression                        I    parts*
        answerOptionsToggleExpression            I    parts*
        choiceColumn                             I    parts*
        lookupQuestionnaire                      I    canonical
        subQuestionnaire                         I    canonical
        isSubject                                I    boolean
        shortText                                I    string
        openLabel                                I    string
        itemMedia                                IA   Attachment
        itemAnswerMedia                          OV   Attachment
        width                                    I    Quantity
        collapsible                              I    code
        columnCount                              I    positiveInt
        keyboard                                 I    Coding
        minQuantity                              I    Quantity
        maxQuantity                              I    Quantity
        unitOpen                                 I    code
        unitSupplementalSystem                   I    canonical
    """),
    *_rows(OTHER_SDC, """
        sdc-questionnaireresponse-isSubject      A    boolean
    """),
))  # fmt: skip
