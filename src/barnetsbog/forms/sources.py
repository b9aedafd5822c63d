"""What the book may already know, by the name that a form asks for it with (`Item.fill`).

The catalogue says which of these an item is filled from; filling is `prefill`'s. `expression`: the same as FHIRPath of
SDC's launch context, where other systems can fill it too
(https://hl7.org/fhir/uv/sdc/populate.html, "initialExpression").
"""

from collections.abc import Mapping
from typing import NamedTuple


class Source(NamedTuple):
    """`meaning`: one line for the one who edits forms. `parts`: what each thing of a group has, which the items of the
    group ask for by name, either as the last part of their id (`tried-effect`) or with a `fill` of their own."""

    meaning: str
    expression: str = ""
    parts: tuple[str, ...] = ()


SOURCES: Mapping[str, Source] = {
    # -- who the child is (block ST)
    "child.name": Source("barnets navn", "%patient.name.first().text"),
    "child.cpr": Source("barnets CPR-nummer"),
    "child.born": Source("fødselsdag", "%patient.birthDate"),
    "child.address": Source("hvor barnet bor; aldrig, når adressen er beskyttet", "%patient.address.first().text"),
    "child.lives-with": Source("hvem barnet bor hos, med ord"),
    "child.placed": Source("er barnet anbragt uden for hjemmet?"),
    "child.school": Source("barnets skole eller dagtilbud"),
    "child.class": Source("klasse eller stue"),
    "interpreter": Source("er der brug for tolk?"),
    "language": Source("sproget, der skal tolkes til", "%patient.communication.first().language.text"),
    # -- custody and parents
    "custody": Source("joint, sole, other eller unclear"),
    "custody.holders": Source(
        "en gentagelse for hver, der har forældremyndighed", parts=("name", "phone", "lives-with")
    ),
    "parents.names": Source("forældrenes navne, med ord"),
    "parents.phones": Source("forældrenes telefonnumre i dagtimerne, det første"),
    # -- people and places around the child (block KO)
    "gp.name": Source("egen læge"),
    "caseworker": Source("rådgiver i familieafdelingen"),
    "coordinator": Source("tovholder"),
    "psychologist": Source("barnets psykolog i PPR"),
    "contacts": Source("en gentagelse for hver fagperson", parts=("name", "task", "phone")),
    "me.name": Source("den, der udfylder: navn"),
    "me.task": Source("den, der udfylder: opgave med barnet"),
    "me.unit": Source("den, der udfylder: sted"),
    "me.phone": Source("den, der udfylder: telefon"),
    # -- what is known (blocks TI and IN)
    "diagnoses": Source("en gentagelse for hver diagnose", parts=("what", "since", "by")),
    "conditions": Source("en gentagelse for hvert forhold, der er svært nu", parts=("what", "since")),
    "medicine": Source("den medicin, barnet får, med ord"),
    "allergy": Source("allergi, med ord"),
    "interventions": Source(
        "en gentagelse for hver indsats, der er prøvet eller i gang",
        parts=("what", "by", "since", "until", "felt", "effect"),
    ),
    "earlier-assessments": Source("en gentagelse for hver undersøgelse", parts=("what", "when", "where")),
    "measures": Source("en gentagelse for hver måling", parts=("what", "value", "date")),
    "own-goals": Source("en gentagelse for hvert af barnets egne mål", parts=("words", "mark")),
    "goals": Source("en gentagelse for hvert mål i planen", parts=("what", "by", "follow-up")),
    "childs-view": Source("hvad barnet sidst har sagt om sin plan, med barnets ord"),
    "status": Source("tovholderens korte status"),
    "school.absence": Source("fravær i procent det seneste halve år"),
    "plan.follow-up": Source("dagen for næste opfølgning"),
}
