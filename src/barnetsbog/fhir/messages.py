"""Every sentence an issue can say, in Danish and in English.

One row per rule: (Danish, English). The official invariants share one frame; those that meet people often have a row of
their own, the rest quote the standard's sentence, which exists in English only.
"""

from collections.abc import Mapping

from barnetsbog.kernel.sentences import Sentence, say

# Words for the kinds of JSON values, used inside sentences.
_KINDS = {
    "object": ("et objekt", "an object"),
    "list": ("en liste", "a list"),
    "text": ("en tekst", "a text"),
    "number": ("et tal", "a number"),
    "whole-number": ("et helt tal", "a whole number"),
    "boolean": ("true eller false", "true or false"),
    "null": ("null", "null"),
    "nothing": ("ingenting", "nothing"),
}

# What a value of a primitive type looks like.
_FORMATS = {
    "id": ("1-64 bogstaver, cifre, bindestreger eller punktummer", "1-64 letters, digits, hyphens or dots"),
    "code": ("en kode uden mellemrum i enderne", "a code without spaces at its ends"),
    "uri": ("en adresse (URI) uden mellemrum", "an address (URI) without spaces"),
    "url": ("en adresse (URL) uden mellemrum", "an address (URL) without spaces"),
    "canonical": ("en kanonisk adresse uden mellemrum", "a canonical address without spaces"),
    "oid": ("urn:oid: fulgt af tal med punktummer", "urn:oid: followed by numbers with dots"),
    "uuid": ("urn:uuid: fulgt af et UUID med små bogstaver", "urn:uuid: followed by a UUID in lower case"),
    "date": ("en dato, der findes: ÅÅÅÅ, ÅÅÅÅ-MM eller ÅÅÅÅ-MM-DD", "a real date: YYYY, YYYY-MM or YYYY-MM-DD"),
    "dateTime": (
        "en dato, der findes, eventuelt med klokkeslæt og tidszone (2026-03-01T09:30:00+01:00)",
        "a real date, with a time and time zone if needed (2026-03-01T09:30:00+01:00)",
    ),
    "instant": (
        "dato, klokkeslæt og tidszone (2026-03-01T09:30:00+01:00)",
        "date, time and time zone (2026-03-01T09:30:00+01:00)",
    ),
    "time": ("et klokkeslæt med sekunder (09:30:00)", "a time with seconds (09:30:00)"),
    "base64Binary": ("base64-kodede data", "base64-encoded data"),
}

_SENTENCES = {
    "not-a-resource": ("Her skal stå en FHIR-ressource som et JSON-objekt.", "A FHIR resource, as a JSON object, is needed here."),
    "resource-type-missing": ("Ressourcen siger ikke, hvilken type den er (resourceType).", "The resource does not say its type (resourceType)."),
    "resource-type-unknown": ("Ressourcetypen {0} findes ikke i FHIR R4.", "The resource type {0} does not exist in FHIR R4."),
    "resource-type-other": ("Her var ventet typen {0}, men ressourcen er af typen {1}.", "The type {0} was expected here, but the resource is of type {1}."),
    "resource-type-needed": ("En ressource kan ikke være af den abstrakte type {0}.", "A resource cannot be of the abstract type {0}."),
    "too-deep": ("Ressourcen er indlejret i for mange lag til at kunne læses.", "The resource is nested too deeply to be read."),
    "unknown-element": ("Elementet {0} findes ikke her. Fjern det, eller ret navnet.", "The element {0} does not exist here. Remove it or correct its name."),
    "null-value": ("Værdien null er ikke tilladt her. Udelad elementet i stedet.", "The value null is not allowed here. Leave the element out instead."),
    "empty-object": ("Objektet er tomt. Udfyld det, eller udelad det.", "The object is empty. Fill it or leave it out."),
    "empty-array": ("Listen er tom. Udfyld den, eller udelad den.", "The list is empty. Fill it or leave it out."),
    "cardinality-min": ("Elementet {0} skal være udfyldt.", "The element {0} is required."),
    "cardinality-single": ("Her må kun stå én værdi, ikke en liste.", "Only one value may stand here, not a list."),
    "cardinality-list": ("Her skal stå en liste, også når der kun er én værdi.", "A list is needed here, even for a single value."),
    "json-type": ("Her skal stå {0}, men der står {1}.", "This must be {0}, but it is {1}."),
    "string-empty": ("Teksten er tom. Udfyld den, eller udelad den.", "The text is empty. Fill it or leave it out."),
    "string-blank": ("Teksten består kun af mellemrum.", "The text consists of spaces only."),
    "string-length": ("Teksten er længere end {0} tegn.", "The text is longer than {0} characters."),
    "string-characters": (
        "Teksten indeholder tegn, der ikke er tilladt (styretegn eller halve tegn).",
        "The text contains characters that are not allowed (control characters or half characters).",
    ),
    "format": ("Værdien »{1}« er ikke gyldig. Her skal stå {0}.", "The value “{1}” is not valid. This must be {0}."),
    "number-range": ("Tallet skal ligge mellem {1} og {2}.", "The number must lie between {1} and {2}."),
    "code-binding": ("Koden »{0}« er ikke tilladt her. Tilladt er: {1}.", "The code “{0}” is not allowed here. Allowed are: {1}."),
    "concept-binding": ("Her skal være mindst én kode fra listen: {0}.", "At least one code from this list is needed: {0}."),
    "choice-many": ("Kun ét af elementerne {0} må være udfyldt.", "Only one of the elements {0} may be filled."),
    "primitive-array-length": (
        "Listen {0} skal have lige så mange pladser som listen {1}.",
        "The list {0} must have as many places as the list {1}.",
    ),
    "primitive-array-null": (
        "Pladsen er tom både i listen og i listen med udvidelser. Fjern den.",
        "The place is empty both in the list and in its list of extensions. Remove it.",
    ),
    "reference-target": ("Henvisningen fører til {0}. Her må den kun føre til: {1}.", "The reference leads to {0}. Here it may only lead to: {1}."),
    "reference-type": ("Henvisningen siger typen {0}, men fører til {1}.", "The reference states the type {0}, but leads to {1}."),
    "contained-id": ("En indlejret ressource skal have et id.", "A contained resource must have an id."),
    "contained-same-id": ("Flere indlejrede ressourcer har id'et {0}.", "Several contained resources have the id {0}."),
    "narrative-namespace": (
        "Teksten skal begynde med <div xmlns=\"http://www.w3.org/1999/xhtml\">.",
        "The text must begin with <div xmlns=\"http://www.w3.org/1999/xhtml\">.",
    ),
    "narrative-markup": ("Opmærkningen »{0}« er ikke korrekt XHTML.", "The markup “{0}” is not correct XHTML."),
    "narrative-element": ("Elementet <{0}> er ikke tilladt i en tekst.", "The element <{0}> is not allowed in a narrative."),
    "narrative-attribute": ("Attributten {1} er ikke tilladt på <{0}>.", "The attribute {1} is not allowed on <{0}>."),
    "narrative-active": ("Adressen eller stilen »{0}« kan indeholde aktivt indhold og er ikke tilladt.", "The address or style “{0}” may hold active content and is not allowed."),
    "narrative-nesting": ("Elementet <{0}> er ikke afsluttet, hvor det skal.", "The element <{0}> is not closed where it should be."),
    "txt-2": ("Teksten er tom: den skal have et indhold, der kan læses.", "The narrative is empty: it must have content that can be read."),
    "ele-1": ("Elementet har kun et id og intet indhold.", "The element has nothing but an id."),
    "ext-1": ("En udvidelse skal have enten en værdi eller udvidelser i sig, og ikke begge dele.", "An extension must have either a value or extensions inside it, not both."),
    "dom-2": ("En indlejret ressource må ikke selv have indlejrede ressourcer.", "A contained resource must not itself contain resources."),
    "dom-3": ("Den indlejrede ressource {0} bruges ikke: intet henviser til den.", "The contained resource {0} is not used: nothing refers to it."),
    "dom-4": ("En indlejret ressource må ikke have meta.versionId eller meta.lastUpdated.", "A contained resource must not have meta.versionId or meta.lastUpdated."),
    "dom-5": ("En indlejret ressource må ikke have sit eget sikkerhedsmærke (meta.security).", "A contained resource must not have a security label (meta.security)."),
    "ref-1": ("Henvisningen #{0} fører ikke til en indlejret ressource.", "The reference #{0} does not lead to a contained resource."),
    "per-1": ("Perioden slutter, før den begynder.", "The period ends before it begins."),
    "qty-3": ("En enhedskode kræver også et kodesystem (system).", "A unit code also needs its system."),
    "sqty-1": ("Her må der ikke stå et sammenligningstegn (comparator).", "A comparator is not allowed here."),
    "rng-2": ("Den nedre grænse er større end den øvre.", "The lower bound is greater than the upper bound."),
    "att-1": ("En vedhæftning med data skal også have en contentType.", "An attachment with data must also have a contentType."),
    "cpt-2": ("Et kontaktpunkt med en værdi skal sige, hvad det er (system).", "A contact point with a value must say what it is (system)."),
    "obs-6": ("En observation kan ikke både have en værdi og en grund til, at værdien mangler.", "An observation cannot have both a value and a reason why it is absent."),
    "obs-7": ("En delobservation har samme kode som hele observationen, der selv har en værdi.", "A component has the same code as the observation, which has a value itself."),
    "obs-3": ("Et referenceområde skal have en nedre grænse, en øvre grænse eller en tekst.", "A reference range must have a low, a high or a text."),
    "con-4": ("En tilstand, der er ophørt, skal have klinisk status inaktiv, i bedring eller løst.", "A condition that has abated must have clinical status inactive, remission or resolved."),
    "con-5": ("En fejlregistreret tilstand må ikke have en klinisk status.", "A condition entered in error must not have a clinical status."),
    "pat-1": ("En kontakt skal have mindst et navn, et kontaktpunkt, en adresse eller en organisation.", "A contact must have at least a name, a telecom, an address or an organization."),
    "org-1": ("En organisation skal have et navn eller en identifikation.", "An organization must have a name or an identifier."),
    "ppc-1": ("Et samtykke skal henvise til en politik eller en regel (policy eller policyRule).", "A consent must refer to a policy or a policyRule."),
    "app-2": ("En aftale skal have både start og slut, eller ingen af delene.", "An appointment must have both a start and an end, or neither."),
    "app-3": ("Kun foreslåede eller aflyste aftaler og aftaler på venteliste kan være uden start og slut.", "Only proposed, cancelled or waitlisted appointments may lack start and end."),
    "cpl-3": ("En aktivitet i en plan kan enten henvise til noget eller beskrive det, ikke begge dele.", "An activity of a plan either refers to something or describes it, not both."),
    "bdl-7": ("Den samme fullUrl findes flere gange i samlingen.", "The same fullUrl occurs several times in the bundle."),
    "bdl-9": ("Et dokument skal have en identifikation med system og værdi.", "A document must have an identifier with a system and a value."),
    "bdl-10": ("Et dokument skal have et tidspunkt (timestamp).", "A document must have a timestamp."),
    "bdl-11": ("Et dokument skal begynde med en Composition.", "A document must begin with a Composition."),
    "bdl-12": ("En meddelelse skal begynde med en MessageHeader.", "A message must begin with a MessageHeader."),
    "profile-min": ("Profilen {0} kræver mindst {2} {1} her. Der er {3}.", "The profile {0} requires at least {2} {1} here. There are {3}."),
    "profile-max": ("Profilen {0} tillader højst {2} {1} her. Der er {3}.", "The profile {0} allows at most {2} {1} here. There are {3}."),
    "profile-fixed": ("Profilen {0} kræver, at værdien er {1}.", "The profile {0} requires the value {1}."),
    "profile-pattern": ("Profilen {0} kræver, at værdien indeholder {1}.", "The profile {0} requires the value to contain {1}."),
    "profile-type": ("Profilen {0} tillader ikke typen {1} her. Tilladt er: {2}.", "The profile {0} does not allow the type {1} here. Allowed are: {2}."),
    "profile-length": ("Profilen {0} tillader højst {1} tegn her.", "The profile {0} allows at most {1} characters here."),
    "profile-minimum": ("Profilen {0} kræver, at værdien er mindst {1}.", "The profile {0} requires a value of at least {1}."),
    "profile-maximum": ("Profilen {0} kræver, at værdien er højst {1}.", "The profile {0} requires a value of at most {1}."),
    "profile-closed": ("Profilen {0} tillader kun dette her: {1}. Værdien er ingen af delene.", "The profile {0} only allows these here: {1}. The value is none of them."),
    "profile-order": ("Profilen {0} kræver rækkefølgen: {1}.", "The profile {0} requires this order: {1}."),
    "profile-none": ("Værdien opfylder ingen af de profiler, som {0} tillader her: {1}.", "The value meets none of the profiles that {0} allows here: {1}."),
    "profile-invariant": ("Reglen {1} i profilen {0} er ikke opfyldt: {2}", "The rule {1} of the profile {0} is not met: {2}"),
    "profile-binding": ("Profilen {0} kræver en kode fra {1}. Her står: {2}.", "The profile {0} requires a code from {1}. This is: {2}."),
    "profile-binding-extensible": (
        "Profilen {0} venter en kode fra {1}, når der er en, der passer. Her står: {2}.",
        "The profile {0} expects a code from {1} if one fits. This is: {2}.",
    ),
    "profile-target": ("Henvisningen {1} fører til noget, der ikke opfylder det, profilen {0} kræver her: {2}.", "The reference {1} leads to something that does not meet what the profile {0} requires here: {2}."),
    "profile-aggregation": ("Profilen {0} kræver, at det, der henvises til, er med (aggregation: {1}).", "The profile {0} requires that what is referred to is included (aggregation: {1})."),
    "profile-resource": ("Profilen {0} er for typen {1}, men ressourcen er af typen {2}.", "The profile {0} is for the type {1}, but the resource is of type {2}."),
    "profile-not-loaded": ("Profilen {0} er ikke indlæst. Der er ikke set efter, om den er opfyldt.", "The profile {0} is not loaded. Whether it is met has not been checked."),
    "profile-other-version": (
        "Profilen {0} er ikke indlæst i den version, der er ment. Det, der ikke passer til den, er kun advarsler.",
        "The profile {0} is not loaded in the version that is meant. What does not fit it is a warning only.",
    ),
    "profile-slices": ("Profilen {0} siger ikke, hvad der kendetegner {1}. Der er ikke set efter, om det er opfyldt.", "The profile {0} does not say what marks {1}. Whether it is met has not been checked."),
    "profile-unreadable": ("Profilen {0} kan ikke læses. Der er ikke set efter, om den er opfyldt.", "The profile {0} cannot be read. Whether it is met has not been checked."),
    "terminology-not-loaded": ("Koder fra {0} er ikke indlæst. Der er ikke set efter, om koden er en af dem.", "Codes of {0} are not loaded. Whether the code is one of them has not been checked."),
    "codes-other-version": (
        "Koderne fra {0} er ikke indlæst i den version, der er ment. Navne, der ikke passer, er kun advarsler.",
        "The codes of {0} are not loaded in the version that is meant. Names that do not fit are warnings only.",
    ),
    "rule-not-evaluated": ("Reglen {1} i profilen {0} kan ikke regnes ud her. Der er ikke set efter, om den er opfyldt.", "The rule {1} of the profile {0} cannot be evaluated here. Whether it is met has not been checked."),
    "too-deep-for-profiles": ("Ressourcen er indlejret i for mange lag. Profilerne er ikke efterset.", "The resource is nested too deeply. Its profiles have not been checked."),
    "code-unknown": ("Koden »{0}« findes ikke i {1}.", "The code “{0}” does not exist in {1}."),
    "display-wrong": ("»{0}« er ikke navnet på koden {1}. Den hedder »{2}«.", "“{0}” is not the name of the code {1}. It is called “{2}”."),
    "sdc-place": ("Udvidelsen {0} må ikke stå her. Den må stå på: {1}.", "The extension {0} may not stand here. It may stand on: {1}."),
    "sdc-value": ("Udvidelsen {0} skal have en værdi af typen {1}.", "The extension {0} must have a value of the type {1}."),
    "sdc-once": ("Udvidelsen {0} må kun stå én gang.", "The extension {0} may only stand once."),
    "sdc-unknown": ("Udvidelsen {0} kendes ikke i SDC 3.0.", "The extension {0} is not known in SDC 3.0."),
    "sdc-1": ("Svarene står både i en formel (answerExpression) og i skemaet.", "The answers stand both in an expression (answerExpression) and in the form."),
    "sdc-behave-1": ("Feltet har både et fast første svar og en formel for det (initialExpression).", "The item has both an initial value and an initialExpression."),
    "sdc-behave-2": ("Feltet har både betingelser (enableWhen) og en formel for dem (enableWhenExpression).", "The item has both enableWhen and an enableWhenExpression."),
    "sdc-behave-3": ("Et felt med en mængde bør sige, hvilke enheder der kan vælges.", "A quantity item should say which units can be chosen."),
    "sdc-rend-1": ("En side kan kun stå øverst i skemaet.", "A page can only stand at the top of the form."),
    "sdc-rend-2": ("Er ét afsnit en side, skal de alle være sider, hoved eller fod.", "If one section is a page, all must be pages, headers or footers."),
    "sdc-calculated": ("Et svar, der regnes ud, kan ikke have et fast første svar.", "A calculated answer cannot have an initial value."),
    "sdc-min-occurs": ("Når mindst ét svar kræves (minOccurs), skal feltet kræve svar (required).", "If at least one answer is demanded (minOccurs), the item must be required."),
    "sdc-max-occurs": ("Når der må være flere svar (maxOccurs), skal feltet kunne gentages (repeats).", "If several answers are allowed (maxOccurs), the item must repeat."),
    "sdc-occurs": ("Der kræves flere svar, end der må være.", "More answers are demanded than are allowed."),
    "sdc-unit": ("Kun tal og mængder har en enhed.", "Only numbers and quantities have a unit."),
    "sdc-link-id": ("Feltets navn (linkId) er længere end 255 tegn.", "The linkId is longer than 255 characters."),
    "sdc-control": ("Visningen »{0}« er ikke for et felt af typen {1}.", "The control “{0}” is not for an item of the type {1}."),
    "sdc-control-unknown": ("Visningen »{0}« kendes ikke.", "The control “{0}” is not known."),
    "sdc-bound": ("{0} passer ikke til et felt af typen {1}.", "{0} does not fit an item of the type {1}."),
    "sdc-bounds": ("Den mindste værdi er større end den største.", "The lowest value is greater than the highest."),
    "sdc-query": ("{0} må ikke spørge en server.", "{0} must not be a query to a server."),
    "sdc-variable": ("Formlen bruger %{0}, som skemaet ikke siger, hvad er (launchContext eller variable).", "The expression uses %{0}, which the form does not declare (launchContext or variable)."),
    "sdc-version": ("Besvarelsen skal sige, hvilken version af skemaet den svarer på.", "The response must name the version of the form that it answers."),
    "sdcqr-1": ("Besvarelsen siger ikke, hvem den handler om (subject).", "The response does not say whom it is about (subject)."),
    "sdcqr-2": ("Flere svar på et spørgsmål skal stå samlet i ét felt.", "Several answers to a question must stand together in one item."),
    "sdc-form-not-loaded": ("Skemaet {0} kendes ikke her. Svarene er ikke holdt op mod det.", "The form {0} is not known here. The answers have not been held against it."),
    "sdc-other-form": ("Besvarelsen svarer på et andet skema eller en anden version.", "The response answers another form or version."),
    "sdc-not-asked": ("Skemaet har ikke feltet {0} her.", "The form has no item {0} here."),
    "sdc-order": ("Feltet {0} står ikke i skemaets rækkefølge.", "The item {0} is not in the order of the form."),
    "sdc-repeats": ("Feltet {0} kan kun svares én gang.", "The item {0} can only be answered once."),
    "sdc-too-many": ("Feltet {0} må højst stå {1} gange.", "The item {0} may stand {1} times at most."),
    "sdc-too-few": ("Feltet {0} skal stå mindst {1} gange.", "The item {0} must stand {1} times at least."),
    "sdc-no-question": ("{0} er et afsnit eller en tekst og kan ikke have svar.", "{0} is a group or a text and cannot have answers."),
    "sdc-disabled": ("Der spørges ikke om {0} efter de andre svar.", "{0} is not asked, by the other answers."),
    "sdc-required": ("Feltet {0} skal have et svar.", "The item {0} must have an answer."),
    "sdc-type": ("Svaret skal passe til typen {0}, men er {1}.", "The answer must fit the type {0}, but is {1}."),
    "sdc-option": ("Svaret er ikke et af dem, som {0} giver at vælge imellem.", "The answer is none of those that {0} offers."),
    "sdc-length": ("Svaret har flere end {0} tegn.", "The answer has more than {0} characters."),
    "sdc-outside": ("Svaret skal ligge mellem {0} og {1}.", "The answer must lie between {0} and {1}."),
    "bundle-id": ("fullUrl {0} passer ikke til ressourcens id {1}.", "The fullUrl {0} does not fit the resource's id {1}."),
    "bundle-no-full-url": ("Der henvises til {0}, men uden fullUrl kan henvisningen ikke følges.", "It refers to {0}, but without a fullUrl the reference cannot be followed."),
    "bundle-not-found": ("Henvisningen {0} skal føre til noget i samlingen, men det er der ikke.", "The reference {0} must lead to something in the bundle, but it is not there."),
}  # fmt: skip

_INVARIANT = ("Reglen {0} i FHIR er ikke opfyldt: {1}", "The FHIR rule {0} is not met: {1}")


def sentence(rule: str, params: tuple[str, ...]) -> Sentence:
    """What a rule says."""
    if rule in _SENTENCES:
        return say(*_SENTENCES[rule], *_worded(rule, params))
    return say(*_INVARIANT, rule, params[0] if params else "")


def is_invariant(rule: str) -> bool:
    """Whether a rule is one of the standard's own, known by its key: `per-1`, `obs-6`."""
    return rule.rpartition("-")[2].isdigit()


def rules() -> frozenset[str]:
    """Every rule that has its own sentence."""
    return frozenset(_SENTENCES)


def _worded(rule: str, params: tuple[str, ...]) -> tuple[str, ...]:
    """Parameters that name a kind or a format are words of the language too."""
    words: Mapping[str, tuple[str, str]] = {"json-type": _KINDS, "format": _FORMATS}.get(rule, {})
    return tuple(
        Sentence(*words[p]) if p in words and (rule == "json-type" or not i) else p for i, p in enumerate(params)
    )
