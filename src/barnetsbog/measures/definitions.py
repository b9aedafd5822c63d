"""What each measure counts, in the words that stand beside it. Pure.

What stands here must be what `queries` and `rules` count. The unit is always the reader's own, and what its leader may
not see is in no number.
"""

from collections.abc import Iterator

from .model import Column, Definition, Kind

LOAD = Definition(
    "load", "Hvor meget I har",
    "Opgaver og sager, som enheden har ved månedens slutning.",
    "Åbne opgaver, som enheden eller en i enheden har. Åbne sager, hvor enheden har en opgave med barnet.",
    "Ingen. Det er antal.",
    "antal",
    "En sag, I har lukket og åbnet igen, tæller som åben hele tiden.",
    (Column("balls", "Åbne opgaver"), Column("cases", "Åbne sager")),
)  # fmt: skip

OVERDUE = Definition(
    "overdue", "Over fristen",
    "Opgaver hos enheden, der er over fristen ved månedens slutning.",
    "Åbne opgaver hos enheden, hvor fristen er gået.",
    "Alle åbne opgaver hos enheden, også dem uden frist.",
    "antal og procent",
    "Er en frist flyttet, tæller den frist, der gjaldt den dag.",
    (Column("late", "Over fristen"), Column("balls", "Åbne opgaver"), Column("share", "Andel", Kind.PERCENT)),
)  # fmt: skip

BALL_LESS = Definition(
    "ball-less", "Dage uden bold",
    "Dage, hvor en opgave om et af enhedens børn ikke var hos nogen.",
    "En dag tæller for hver opgave, som ingen havde, da dagen sluttede, mens I havde barnet. Er nogen spurgt, men har"
    " ikke svaret, tæller dagen også.",
    "Ingen. Ved siden af står, hvor mange opgaver dagene er fra.",
    "dage",
    "Opgaven kan være oprettet et andet sted. Den er med, fordi barnet er jeres.",
    (Column("days", "Dage"), Column("matters", "Opgaver")),
)  # fmt: skip

FIRST_SEND = Definition(
    "first-send", "Hele i første forsøg",
    "Henvisninger, som modtageren kunne bruge, som de kom.",
    "Henvisninger, som modtageren er i gang med eller har sagt ja til. De er ikke sendt tilbage, og der er ikke bedt"
    " om mere.",
    "Alle henvisninger, som enheden sendte i måneden. En flytning til en anden kommune tæller med.",
    "procent",
    "De nyeste måneder kan stige, for nogle har ikke fået svar. Et nej eller en anden dør tæller som sendt tilbage.",
    (Column("whole", "Hele"), Column("sent", "Sendt"), Column("share", "Andel", Kind.PERCENT)),
    key=2,
)  # fmt: skip

LOST_VISITS = Definition(
    "lost-visits", "Første besøg uden samtykke",
    "Første besøg hos enheden, der ikke blev til noget, mens et samtykke manglede.",
    "Aftalte tider, der blev aflyst eller flyttet, eller hvor barnet ikke kom. Samtidig manglede et samtykke, som"
    " besøget skal have.",
    "Alle aftalte tider i måneden til et første besøg hos enheden.",
    "procent",
    "Bogen ved, at samtykket manglede. Den ved ikke, om det var grunden. Børn, der aldrig fik en tid, er ikke med.",
    (Column("lost", "Uden samtykke"), Column("visits", "Første besøg"), Column("share", "Andel", Kind.PERCENT)),
    key=2,
)  # fmt: skip

CONTACTS = Definition(
    "contacts", "Kontakter om året for hvert barn",
    "Hvor mange forskellige fagpersoner og steder et barn møder på et år.",
    "Fagpersoner, der i et år har lavet en aftale om barnet eller haft en opgave om det. Et sted tæller, når det har"
    " en sag, og ingen derfra er talt.",
    "Den tid, enheden har haft en opgave med børnene i det år, lagt sammen til år.",
    "kontakter for hvert år med et barn",
    "Hver måned viser det år, der slutter den måned. Tallet er højt for børn, I kun lige har fået.",
    (
        Column("contacts", "Kontakter"), Column("child-years", "År med et barn", Kind.DECIMAL),
        Column("rate", "For hvert år", Kind.DECIMAL),
    ),
    key=2,
)  # fmt: skip

DEFINITIONS = (LOAD, OVERDUE, BALL_LESS, FIRST_SEND, LOST_VISITS, CONTACTS)


def texts_of() -> Iterator[str]:
    """Every text that stands on a page, to be translated."""
    for one in DEFINITIONS:
        yield from (one.title, one.text, one.numerator, one.denominator, one.unit, one.caveat)
        yield from (column.title for column in one.columns)
