"""What the law asks for besides an answer, in words for the units that a matter is between (`law.duties`)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from barnetsbog.consent.model import Standing
from barnetsbog.law import duties

Word = str | Promise

DUTIES: dict[str, Word] = {
    duties.HOLD_PARENT_NOTICE: _(
        "Giv ikke forældrene besked endnu. Der er mistanke om en æreskonflikt, og risikoen skal vurderes først."
    ),
    duties.INFORM: _(
        "Hver forælder med forældremyndighed skal have besked om den unges svar. Det bliver til en opgave for hver."
    ),
    duties.CHILD_OBJECTS: _(
        "Barnet har sagt nej. Det afgør ikke sagen, men tal med barnet, før der sker mere."
    ),
    duties.PARTY_NOTICE: _(
        "Barnet er part. Det skal høres, før der afgøres, og have afgørelsen i ord, det forstår."
    ),
    duties.CHILD_VIEW_MISSING: _(
        "Spørg barnet, hvad det synes, så langt det forstår det, og skriv det ned, før der sker mere."
    ),
    duties.CAPACITY_WITHOUT_REASON: _(
        "Der står, at den unge ikke kan svare alene, men ikke hvorfor. Det tæller først, når begrundelsen er skrevet."
    ),
    duties.SHARING_REDUCED: _(
        "Der er sagt ja til mindre, end der er spurgt om. Kun det må deles."
    ),
    duties.EXIT_CONVERSATION: _(
        "Tal med den, der har sagt nej. Der skal ikke gives en grund."
    ),
    duties.EXIT_FAMILY_COURT: _(
        "Er forældrene uenige, kan Familieretshuset hjælpe dem."
    ),
    duties.EXIT_CONCERN: _(
        "Er du bekymret for barnet, så underret kommunen. Det kræver ikke samtykke."
    ),
    duties.EXIT_EXAMINATION: _(
        "Kommunen kan beslutte en børnefaglig undersøgelse, når loven kræver det."
    ),
}  # fmt: skip
"""What else there is to do, by the codes of the law (`law.duties`), the most urgent first."""


def besides(standing: Standing) -> list[Word]:
    """What else the law asks for or leaves open, for a unit that the matter is between."""
    codes = {duties.INFORM if one.startswith(duties.INFORM) else one for one in standing.duties}
    return [words for code, words in DUTIES.items() if code in codes]
