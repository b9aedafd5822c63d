"""What the log is called: purposes, what was opened, and the actions for overseers."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from barnetsbog.audit.model import Action, LogRow

from .words import Word

PURPOSES: dict[str, Word] = {
    "ppr": _("PPR's arbejde med barnet"), "skole": _("undervisning og trivsel i skolen"), "barnets-lov": _("sag efter barnets lov"),
    "behandling": _("behandling"), "visitation": _("vurdering af en henvisning"), "sundhedspleje": _("sundhedspleje"),
    "ltt": _("samtaler i det lettilgængelige tilbud"), "ledelse": _("ledelse af arbejdet"), "daglig-omsorg": _("daglig omsorg"),
    "opgave": _("en opgave med barnet"), "administration": _("administration"), "tilsyn": _("tilsyn med, hvem der kigger"),
    "drift": _("drift af systemet"), "statistik": _("statistik"), "forældremyndighed": _("forældremyndighed"), "eget": _("egen bog"),
    "barnets lov": _("sag efter barnets lov"), "ppr-rådgivning": _("PPR's arbejde med barnet"), "undervisning": _("undervisning og trivsel i skolen"),
    "specialundervisning": _("specialundervisning"), "lettilgængelig behandling": _("samtaler i det lettilgængelige tilbud"),
    "overgang til voksen": _("overgang til voksen"), "daglig omsorg": _("daglig omsorg"), "værdispring": _("åbnet uden samtykke"),
    "egne optegnelser": _("det, I selv har skrevet"), "samtykke": _("et samtykke"), "modtager": _("sendt til jer"),
    "henvisning": _("en henvisning til jer"),
    "flytning": _("familien er flyttet hertil"), "genåbning": _("en opgave, I har afsluttet"), "møde": _("et møde"), "schooling": _("skolegang"), "assessment": _("udredning"),
    "treatment": _("behandling"), "support": _("støtte"), "coordination": _("samarbejde om barnet"), "transfer": _("overgang til et nyt sted"),
    "bisidder": _("hjælp som bisidder"), "fuldmagt": _("hjælp efter fuldmagt"), "fagsystem": _("enhedens fagsystem"),
    "stamdata": _("stamdata"), "export": _("udtræk, som driften har lavet"),
}  # fmt: skip

SOUGHT: dict[str, Word] = {
    "contact": _("Familien eller en fagperson har henvendt sig"), "meeting": _("Forberedelse af møde eller samtale"),
    "task": _("Jeg skal løse en opgave for barnet"), "other": _("Andet"),
}  # fmt: skip
"""Why somebody searches for a child."""

REASONS: dict[str, Word] = {
    "ikke fundet": _("ikke fundet"), "ingen adgang": _("ingen adgang"), "ingen rolle": _("ingen rolle"),
    "ingen person": _("ingen person"), "ingen adgang længere": _("ingen adgang længere"), "logget ind igen": _("logget ind igen"),
    "rollen må ikke handle": _("rollen må ikke handle"), "udløbet": _("udløbet"),
    "alle andre steder": _("alle andre steder"), "logget af hos udbyderen": _("logget af hos udbyderen"),
    "svaret fra log-in kunne ikke bruges": _("svaret fra log-in kunne ikke bruges"), "afbrudt": _("afbrudt"),
    "for længe siden, eller brugt før": _("for længe siden, eller brugt før"), "log-in svarer ikke": _("log-in svarer ikke"),
    "sikkerhedsniveauet er for lavt": _("sikkerhedsniveauet er for lavt"),
}  # fmt: skip
"""Reasons that the program itself writes, and not somebody."""

OPENED: dict[str, Word] = {
    "overview": _("overblik"), "timeline": _("tidslinje"), "why": _("egne rettigheder"), "print": _("udskrift"), "export": _("en samlet kopi"),
    "log-read": _("hvem der har set"), "consent": _("samtykker"), "consent-preview": _("samtykker"), "ball": _("opgaver"),
    "referral": _("henvisninger"), "referral-queue": _("henvisninger"), "team-load": _("enhedens opgaver"), "pack": _("en mødepakke"),
    "mandate": _("hvem der hjælper"), "plan": _("planen"), "forms": _("skemaer"), "case": _("hvad der er åbent"), "news": _("nyt siden sidst"), "status": _("kort status"),
    "letter": _("breve"), "letter-queue": _("breve til print"), "letter-pdf": _("et brev som PDF"),
    "letter-preview": _("et brev, før det blev sendt"),
    "request": _("anmodninger om oplysninger"),
    "book-compare": _("stamdata"),
    "contacts": _("kontakter"), "calendar": _("kalender"), "calendar-feed": _("sin egen kalender"), "messages": _("beskeder"),
    "voice": _("barnets egne ord"), "medicine": _("noter om medicin"),
    "carer-status": _("status og aftaler i plejefamilien"),
    "notice-look": _("om der er nyt at fortælle dig"),
    "readiness": _("om alt er klar til første besøg"), "readiness-list": _("om alt er klar til første besøg"),
    "fhir-search": _("noget, et program søgte frem"),
    "fhir-read": _("noget, et program hentede"), "fhir-history": _("tidligere udgaver, et program hentede"),
}  # fmt: skip

DONE: dict[str, Word] = {
    "status-write": _("Skrev kort status."), "case-close": _("Afsluttede enhedens opgave med barnet."),
    "case-reopen": _("Begyndte enhedens opgave med barnet igen."),
    "consent-ask": _("Spurgte om samtykke."), "consent-answer": _("Svarede ja eller nej."), "consent-register": _("Skrev et svar ned."),
    "consent-withdraw": _("Trak et ja tilbage."), "consent-remind": _("Mindede om et svar."), "consent-block": _("Lukkede en post for andre."),
    "consent-unblock": _("Åbnede en post for andre igen."), "referral-write": _("Skrev på en henvisning."),
    "referral-move": _("Sendte en henvisning eller svarede på den."), "ball-open": _("Oprettede en opgave."),
    "ball-move": _("Gav en opgave videre, tog den eller afsluttede den."), "pack-make": _("Lavede en mødepakke."),
    "pack-approve": _("Godkendte en mødepakke til politiet."), "consent-notice": _("Læste, at en deling er ophørt."),
    "mandate-choose": _("Valgte en, der skal hjælpe."), "mandate-end": _("Stoppede en, der hjalp."),
    "mandate-exclude": _("Besluttede, at en ikke må være bisidder."), "plan-goal": _("Skrev om et mål."),
    "form-write": _("Skrev i et skema."), "form-part": _("Blev færdig med sin del af et skema."),
    "form-send": _("Sendte et skema."), "form-withdraw": _("Trak en kladde til et skema tilbage."),
    "plan-intervention": _("Skrev om en indsats."), "plan-view": _("Skrev barnets ord ned."),
    "plan-lead": _("Rettede den fælles plan."), "plan-meeting": _("Skrev referat af et planmøde."),
    "contact-person": _("Skrev ned, hvem barnet har valgt."), "contact-team": _("Skrev ned, hvem der gør hvad."),
    "readiness-ask": _("Bad om det, der mangler til første besøg."),
    "readiness-override": _("Skrev, at noget kan undværes til første besøg."),
    "contact-leave": _("Stoppede hos barnet."), "appointment-new": _("Lavede en aftale."),
    "appointment-answer": _("Svarede, om nogen kommer."), "appointment-book": _("Aftalte en tid."),
    "appointment-move": _("Flyttede en aftale."), "appointment-cancel": _("Aflyste en aftale."),
    "calendar-import": _("Hentede aftaler ind fra en fil."), "letter-write": _("Skrev på et brev."),
    "letter-send": _("Sendte et brev."), "letter-withdraw": _("Trak et brev tilbage."),
    "letter-deliver": _("Et brev blev afleveret."), "letter-stop": _("Et brev blev ikke sendt."),
    "letter-opened": _("Læste et brev."), "letter-post": _("Postede et brev."),
    "message-write": _("Skrev en besked."), "message-seen": _("Læste en besked."),
    "objection": _("Skrev en indvending ved noget i bogen."),
    "fhir-create": _("Skrev noget nyt i bogen fra et andet program."),
    "fhir-write": _("Skrev i bogen fra et andet program."), "fhir-restrict": _("Tog noget i bogen ud af brug."),
    "fhir-validate": _("Prøvede, om noget kunne gemmes. Intet blev gemt."),
    "app": _("Gav en app lov til at læse med eller få besked, eller stoppede den."),
    "request-register": _("Skrev en anmodning om oplysninger ned."),
    "request-decide": _("Tog stilling til en anmodning om oplysninger."),
    "request-answer": _("Svarede på en anmodning om oplysninger."),
    "notice-choose": _("Valgte, hvordan du får besked om nyt."), "notice-confirm": _("Skrev koden til besked om nyt."),
    "notice-stop": _("Stoppede besked om nyt."), "notice-send": _("Fik besked om, at der er nyt."),
    "book-join": _("Samlede to bøger om barnet til én."), "book-part": _("Skilte to bøger ad, som var samlet."),
    "voice-write": _("Skrev egne ord."), "medicine-write": _("Skrev en note om medicin."),
    "carer-status-write": _("Skrev en status fra plejefamilien."), "carer-status-answer": _("Svarede plejefamilien på en status."),
    "carer-agreement": _("Skrev en aftale om samvær eller hverdag."),
}  # fmt: skip
"""What was done and not only seen, as sentences."""

RELATIVES: dict[str, Word] = {
    "holder": _("En, der har forældremyndighed"), "foster-carer": _("Plejefamilien"), "child": _("Barnet selv"),
    "lay-representative": _("Bisidderen"), "mandate-holder": _("En, der har fuldmagt"),
    "operator": _("Driften af Barnets Bog"),
}  # fmt: skip

ACTIONS: dict[str, Word] = {
    "readiness": _("Klar til første besøg"), "readiness-list": _("Første besøg"),
    "readiness-ask": _("Opgaver oprettet for det, der mangler til første besøg"),
    "readiness-override": _("Undværet til første besøg"),
    "case": _("Afslutning af opgave"), "cases-closed": _("Enhedens afsluttede opgaver"),
    "letter": _("Breve"), "letter-queue": _("Breve til print"), "letter-pdf": _("Brev hentet"),
    "letter-batch": _("Samme brev til flere børn"), "letter-preview": _("Brev set som PDF, før det blev sendt"),
    "letter-write": _("Brev skrevet"), "letter-send": _("Brev sendt"), "letter-withdraw": _("Brev trukket tilbage"),
    "letter-deliver": _("Brev afleveret"), "letter-stop": _("Brev stoppet"), "letter-opened": _("Brev læst"),
    "letter-post": _("Brev postet"), "messages": _("Beskeder"), "message-write": _("Besked skrevet"),
    "message-seen": _("Besked læst"), "objection": _("Indvending skrevet"),
    "request": _("Anmodninger om oplysninger"), "request-register": _("Anmodning skrevet ned"),
    "request-decide": _("Anmodning afgjort"), "request-answer": _("Anmodning besvaret"),
    "voice": _("Barnets egne ord læst"), "voice-write": _("Barnets egne ord skrevet"),
    "medicine": _("Noter om medicin"), "medicine-write": _("Note om medicin skrevet"),
    "carer-status": _("Status og aftaler i plejefamilien læst"), "carer-status-write": _("Status fra plejefamilien skrevet"),
    "carer-status-answer": _("Status fra plejefamilien besvaret"), "carer-agreement": _("Aftale om samvær eller hverdag skrevet"),
    "honour": _("Mistanke om æreskonflikt læst"), "honour-suspect": _("Mistanke om æreskonflikt skrevet"),
    "honour-assess": _("Risiko for æreskonflikt vurderet"),
    "case-close": _("Opgave med barnet afsluttet"), "case-reopen": _("Opgave med barnet begyndt igen"),
    "news": _("Nyt siden sidst"), "status": _("Kort status"), "status-write": _("Kort status skrevet"),
    "overview": _("Overblik"), "timeline": _("Tidslinje"), "entry": _("Post"), "work-list": _("Arbejdsliste"), "search": _("Søgning efter barn"),
    "why": _("Egne rettigheder"), "mark-read": _("Markeret som læst"), "import": _("Import"), "export": _("Eksport"), "print": _("Udskrift"),
    "login": _("Log ind"), "logout": _("Log af"), "step-up": _("Log ind med højere sikkerhed"), "rights": _("Ændrede rettigheder"), "break-glass": _("Åbnet uden samtykke"),
    "log-read": _("Læst log"), "spool": _("Gemte loglinjer hentet ind"), "consent": _("Samtykker"), "consent-preview": _("Samtykker, før et svar"),
    "consent-ask": _("Spurgt om samtykke"), "consent-answer": _("Svar på samtykke"), "consent-register": _("Svar skrevet ned"),
    "consent-withdraw": _("Ja trukket tilbage"), "consent-remind": _("Mindet om svar"), "consent-block": _("Post lukket for andre"),
    "consent-unblock": _("Post åbnet for andre igen"), "ball": _("Opgaver"), "ball-open": _("Opgave oprettet"),
    "book-compare": _("Stamdata i to bøger sammenlignet"), "book-propose": _("Foreslået at samle to bøger"),
    "book-refuse": _("Forslag om at samle to bøger afvist"), "book-tell": _("Spurgt, om der er to bøger om barnet"), "book-answer": _("Spørgsmål om to bøger besvaret"), "book-join": _("To bøger samlet"), "book-part": _("To bøger skilt ad"),
    "ball-move": _("Bold flyttet"), "routing-rules": _("Henvisningsregler"), "form-catalogue": _("Katalog over skemaer"), "referral": _("Henvisning"),
    "referral-queue": _("Henvisninger til enheden"), "referral-write": _("Henvisning skrevet"),
    "referral-move": _("Henvisning sendt eller besvaret"), "absence": _("Fravær"), "team-load": _("Enhedens opgaver"), "measures": _("Enhedens tal"),
    "measures-across": _("Tal på tværs af enheder"),
    "pack": _("Mødepakke læst"), "pack-make": _("Mødepakke lavet"), "pack-approve": _("Mødepakke godkendt"),
    "consent-notice": _("Læst, at en deling er ophørt"), "mandate": _("Bisidder og fuldmagt"),
    "mandate-choose": _("Hjælper valgt"), "mandate-end": _("Hjælper stoppet"),
    "mandate-exclude": _("Bisidder udelukket"), "plan": _("Plan og mål"), "plan-goal": _("Mål skrevet"),
    "forms": _("Skemaer"), "form-write": _("Skema skrevet"), "form-part": _("Del af skema færdig"),
    "form-send": _("Skema sendt"), "form-withdraw": _("Skema trukket tilbage"),
    "plan-intervention": _("Indsats skrevet"), "plan-view": _("Barnets ord skrevet ned"),
    "plan-lead": _("Fælles plan rettet"), "plan-meeting": _("Referat af planmøde"), "contacts": _("Kontakter"),
    "contact-person": _("Barnets person skrevet ned"), "contact-team": _("Opgave i teamet skrevet ned"),
    "contact-leave": _("Stoppet hos barnet"), "calendar": _("Kalender"), "appointment-new": _("Aftale lavet"),
    "appointment-answer": _("Svar om at komme"), "appointment-book": _("Tid aftalt"),
    "appointment-move": _("Aftale flyttet"), "appointment-cancel": _("Aftale aflyst"),
    "calendar-import": _("Kalenderfil læst"), "calendar-feed": _("Egen kalender hentet"),
    "client": _("Program, der må kalde"), "token": _("Adgangsnøgle hentet"), "app": _("App lukket ind, sat til at få besked, eller stoppet"),
    "fhir-read": _("Læst af et program"), "fhir-history": _("Historik læst af et program"),
    "fhir-search": _("Søgning af et program"), "fhir-write": _("Skrevet af et program"), "fhir-create": _("Noget nyt skrevet af et program"),
    "fhir-restrict": _("Taget ud af brug af et program"), "fhir-validate": _("Prøvet af et program"),
    "notice-look": _("Besked om nyt: set efter"), "notice-choose": _("Besked om nyt valgt"),
    "notice-confirm": _("Besked om nyt: kode skrevet"), "notice-stop": _("Besked om nyt stoppet"),
    "notice-send": _("Besked om nyt sendt"),
    "calendar-feed-made": _("Kalenderadresse lavet"), "calendar-feed-ended": _("Kalenderadresse lukket"),
}  # fmt: skip


STEPS: dict[str, Word] = {
    "save": _("gemt som kladde"), "submit": _("sendt til godkendelse"), "approve": _("godkendt"),
    "return": _("ikke godkendt"), "take-up": _("taget op igen"), "export": _("hentet som fil"),
    "add": _("tilføjet"), "disable": _("lukket"), "enable": _("åbnet igen"), "keys": _("nye nøgler"),
    "notify": _("andre steder at sende besked til"), "let-in": _("lukket ind"), "choose": _("valg af barn"),
    "stop": _("stoppet"), "subscribe": _("sat til at få besked"), "subscribe-change": _("besked ændret"),
    "subscribe-again": _("besked prøvet igen"), "unsubscribe": _("besked stoppet"),
}  # fmt: skip
"""What was done with a version of rules or forms, with a program or with an app."""

DAMAGE: dict[str, Word] = {
    "changed": _("En linje er ændret."), "missing": _("En linje er slettet."),
    "inserted": _("En linje er skudt ind."), "out-of-order": _("En linje er flyttet."),
    "truncated": _("Loggen er skåret af. De nyeste linjer mangler."), "head": _("Loggens slutning er ændret."),
    "checkpoint": _("Loggen passer ikke med et kontrolpunkt."), "spool": _("De gemte akutte linjer er ændret."),
    "key": _("Nøglen passer ikke. Måske er hele loggen lavet om."),
}  # fmt: skip
"""What a check of the log found, by `audit.diagnosis.Kind`."""


def purpose(code: str) -> Word:
    """A purpose in words. One that nobody has put into words is shown as it was written."""
    return PURPOSES.get(code, code)


def opened(action: str, entries: int) -> Word:
    if action == "entry":
        return _("en post") if entries == 1 else _("enkelte poster")
    return OPENED.get(action, _("andet"))


def relative(role: str) -> Word:
    return RELATIVES.get(role, RELATIVES["holder"])


def reason(written: str) -> Word:
    """A reason as it stands in the log: the program's own in the reader's language, somebody's as they wrote it."""
    return REASONS.get(written, written)


def why(row: LogRow) -> str:
    """Why somebody did it: as chosen from a list, and in their own words. A log-in that failed has a code for whoever
    looks into it, and no reason."""
    code = "" if row.action == Action.LOGIN else row.detail.get("why", "")
    return ": ".join(filter(None, (str(SOUGHT.get(code, code)), row.detail.get("more", ""))))


def step(row: LogRow) -> str:
    """Which step of several an act was, and with what: the number of a version, a form, a program."""
    detail = row.detail
    word = STEPS.get(str(detail.get("step", "")))
    if word is None:
        return ""
    what = gettext("nr. %(number)s") % {"number": detail["number"]} if "number" in detail else ""
    return " ".join(filter(None, (str(word), what, str(detail.get("form") or detail.get("of") or ""))))


def action(code: str) -> Word:
    return ACTIONS.get(code, code)
