"""What things are called on the pages. Danish here; the English of each is in the catalogue `locale/en`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Word = str | Promise

SECTORS: dict[str, Word] = {
    "family": _("Barnet og familien"), "school": _("Dagtilbud og skole"), "ppr": _("PPR"), "health_visitor": _("Sundhedspleje"),
    "gp": _("Egen læge"), "bup": _("BUP"), "ltt": _("Lettilgængeligt tilbud"), "family_dept": _("Familieafdeling"),
    "hospital": _("Hospital"), "adult": _("Voksenområdet"), "police": _("Politiet"),
    "other": _("Andre"),
}  # fmt: skip

WHAT: dict[str, Word] = {
    "meeting": _("Møde eller samtale"), "observation": _("Iagttagelse"), "measure": _("Måling"), "document": _("Dokument"),
    "letter": _("Brev"), "message": _("Besked"), "dialogue": _("Besked"), "notice": _("Meddelelse"), "concern": _("Underretning"), "condition": _("Tilstand"),
    "intervention": _("Indsats"), "own-goal": _("Barnets eget mål"), "goal": _("Mål"), "appointment": _("Aftale"),
    "referral": _("Henvisning"), "task": _("Bolden"), "consent": _("Samtykke"), "plan": _("Plan"), "status": _("Kort status"),
    "care": _("Opgave med barnet"), "team": _("Team"), "person": _("Person"), "child": _("Stamdata"), "former": _("Tidligere stamdata"), "pack": _("Mødepakke"), "other": _("Andet"),
    "overall-plan": _("Fælles plan"), "childs-view": _("Barnets syn"), "own-word": _("Barnets egne ord"),
    "medicine-note": _("Medicin"), "carer-status": _("Status fra plejefamilien"),
    "honour-conflict": _("Æreskonflikt"), "contact-plan": _("Aftale om samvær"), "care-agreement": _("Aftale med plejefamilien"),
    "readiness-override": _("Besøg uden noget, der mangler"), "record-request": _("Anmodning om oplysninger"),
}  # fmt: skip

STATUSES: dict[str, dict[str, Word]] = {
    "task": {
        "requested": _("Tilbudt"), "received": _("Modtaget"), "accepted": _("Taget imod"), "in-progress": _("I gang"),
        "on-hold": _("Venter"), "completed": _("Gennemført"), "cancelled": _("Annulleret"), "rejected": _("Sendt tilbage"),
        "failed": _("Lykkedes ikke"), "draft": _("Kladde"), "ready": _("Klar"),
    },
    "appointment": {
        "booked": _("Aftalt"), "fulfilled": _("Holdt"), "cancelled": _("Aflyst"), "noshow": _("Udeblevet"),
        "proposed": _("Foreslået"), "pending": _("Afventer svar"), "arrived": _("Mødt"), "waitlist": _("Venteliste"),
    },
    "referral": {
        "draft": _("Kladde"), "active": _("Sendt"), "on-hold": _("Mangler noget"), "revoked": _("Trukket eller afvist"),
        "completed": _("Afsluttet"), "sent": _("Sendt"), "received": _("Modtaget"), "incomplete": _("Mangler noget"),
        "accepted": _("Sagt ja til"), "returned": _("Sendt tilbage"), "rejected": _("Afvist"), "redirected": _("Sendt videre"),
        "withdrawn": _("Trukket tilbage"), "closed": _("Afsluttet"),
    },
    "consent": {
        "proposed": _("Intet svar endnu"), "active": _("Ja"), "rejected": _("Nej"), "inactive": _("Trukket tilbage"), "draft": _("Kladde"),
    },
    "intervention": {"active": _("I gang"), "completed": _("Afsluttet"), "draft": _("Planlagt"), "revoked": _("Stoppet"), "on-hold": _("Sat på pause")},
    "plan": {"active": _("Gælder nu"), "completed": _("Afsluttet"), "draft": _("Kladde"), "revoked": _("Stoppet"), "on-hold": _("Sat på pause")},
}  # fmt: skip

STATUSES["overall-plan"] = {**STATUSES["plan"], "active": _("Klar")}

GOAL_STATES: dict[str, Word] = {
    "active": _("I gang"), "completed": _("Nået"), "cancelled": _("Opgivet"), "proposed": _("Foreslået"), "planned": _("Planlagt"),
    "accepted": _("Aftalt"), "on-hold": _("Sat på pause"), "rejected": _("Opgivet"),
}  # fmt: skip

TOPICS: dict[str, Word] = {
    "home": _("Hjemme"), "school": _("I skolen"), "friends": _("Venner og fritid"), "health": _("Helbred og søvn"),
    "contact": _("Samvær med familien"), "help": _("Det har vi brug for hjælp til"),
}  # fmt: skip
"""What a foster carer's status tells of, in the order of the page."""

SUPPORT: dict[str, Word] = {
    "alone": _("Nej, de er sammen alene"), "supported": _("Ja, en voksen er med og støtter"),
    "supervised": _("Ja, en voksen skal være med hele tiden"),
}  # fmt: skip

HONOUR_STANDS: dict[str, Word] = {
    "final": _("Ja, sådan som vurderingen siger"), "cancelled": _("Ja. Der er ingen æreskonflikt"),
    "preliminary": _("Nej, ikke endnu"),
}  # fmt: skip
"""What an assessment says of whether parents and network may be involved (barnets lov § 18)."""

FELT: dict[str, Word] = {"better": _("Bedre"), "same": _("Det samme"), "worse": _("Værre")}

ROLES: dict[str, Word] = {
    "psychologist": _("PPR-psykolog"), "consultant": _("Konsulent"), "teacher": _("Lærer"), "school_leader": _("Skoleleder"),
    "pedagogue": _("Pædagog"), "caseworker": _("Rådgiver"), "gp": _("Praktiserende læge"), "health_visitor": _("Sundhedsplejerske"),
    "bup_clinician": _("BUP-behandler"), "bup_secretary": _("BUP-visitator"), "nurse": _("Sygeplejerske"), "ltt": _("LTT-psykolog"),
    "manager": _("Leder"), "other": _("Fagperson"), "administrator": _("Administrator"),
    "dpo": _("Databeskyttelsesrådgiver"),
}  # fmt: skip

SOURCES: dict[str, Word] = {
    "fagsystem": _("kommunens fagsystem"), "journal": _("journalen"), "skolesystem": _("skolens system"), "borgerportal": _("familiens side"),
}  # fmt: skip

LANGUAGES: dict[str, Word] = {
    "da": _("dansk"), "ar": _("arabisk"), "prs": _("dari"), "en": _("engelsk"), "so": _("somali"), "tr": _("tyrkisk"), "uk": _("ukrainsk"),
}  # fmt: skip


def sector(code: str) -> Word:
    return SECTORS.get(code, SECTORS["other"])


def what(code: str) -> Word:
    return WHAT.get(code, WHAT["other"])


def status(kind: str, code: str) -> Word:
    """The state of an entry; empty where the FHIR status says nothing to people."""
    return STATUSES.get(kind, {}).get(code, "")


def source(uri: str) -> Word:
    name = uri.rpartition(":")[2]
    return SOURCES.get(name, name)


def language(code: str) -> Word:
    return LANGUAGES.get(code, code)
