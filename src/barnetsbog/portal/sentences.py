"""What the rules of forms, of files and of answers in *Ja og nej* say is wrong, in the language of the page.

Rules are pure and speak Danish; here each of their sentences stands with a place for what changes in it, and the
catalogues have it in other languages. A test holds that every sentence of the rules is here.
"""

import re
from collections.abc import Mapping
from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from barnetsbog.forms.model import DANISH

from .direction import in_order

SENTENCES = (
    "Du mangler at svare: %(ask)s",
    "Der er plads til %(n)s. Fjern nogle.",
    "Vælg et af svarene.",
    "Vælg ja eller nej.",
    "Der er plads til %(n)s tegn, og der står %(there)s.",
    "Skriv et helt tal, for eksempel 12.",
    "Skriv et tal, for eksempel 12,5.",
    "Tallet skal være %(n)s eller mere.",
    "Tallet skal være %(n)s eller mindre.",
    "Skriv cpr-nummeret som ti cifre, for eksempel 010217-1234.",
    "Tjek cpr-nummeret. Det kan godt være rigtigt, men det ligner ikke de fleste.",
    "Skriv telefonnummeret med otte cifre, for eksempel 12 34 56 78.",
    "Skriv postnummeret med fire cifre, for eksempel 8000.",
    "Skriv mailadressen med @, for eksempel navn@eksempel.dk.",
    "Skriv datoen som dag, måned og år, for eksempel 03.12.2026.",
    "Det slutter, før det begynder. Ret en af datoerne.",
    "Delen kan ikke begyndes endnu.",
    "Vælg en, der har en opgave med barnet nu.",
    "Skriv, hvad der er rettet og hvorfor.",
    "Vi mangler stadig en del. Vent på den, eller skriv, hvorfor skemaet sendes uden.",
    "Vælg, hvem der skal have skemaet.",
    "Skemaet bruges ikke mere og kan ikke sendes. Det, du har skrevet, er gemt, og du kan læse det. "
    "Begynd på det skema, der er kommet i stedet.",
    "Vælg, hvem der må læse det, barnet har sagt.",
    "Din del er sendt. Tag den op igen, hvis du vil rette i den.",
    "Nogen har ændret det samme imens. Se, hvad der står nu, og prøv igen. Intet af det, du skrev, er gået tabt.",
    "Vælg, hvem der må læse det, du har skrevet.",
    "Nogen har ændret det samme imens. Det, du har skrevet, står her endnu. Tryk »Gem kladde«, og se begge.",
    "Nogen har gjort delen færdig eller sendt skemaet imens, så det kan ikke gemmes her mere. "
    "Kopiér det, du vil beholde, før du forlader siden.",
    # files
    "Vælg en fil.",
    "Filen er tom.",
    "Filen fylder mere end 10 MB.",
    "Filen skal være en PDF, PNG eller JPEG.",
    "PDF'en har felter, som skemaet ikke har. Hent skemaet igen, og prøv med det.",
    "PDF'en er ikke lavet her, eller den er ændret. Brug den, du har hentet her, eller en scanning.",
    "PDF'en hører til et andet skema eller en anden del. Find det skema, den hører til.",
    "PDF'en er lavet til en anden udgave af skemaet. Skriv svarene ind i hånden.",
    "PDF'en er låst med en kode. Gem den uden kode.",
    "PDF'en kan ikke læses. Den er måske i stykker. Gem den igen, eller tag et billede af papiret.",
    "PDF'en har programmer eller vedhæftede filer i sig. Brug en uden, eller tag et billede af papiret.",
    "Filen ligner skadelig kode og er ikke gemt. Åbn den ikke. Vælg en anden.",
    "Filen er et dokument, der kan have programmer (makroer) i sig. Gem den som PDF, og vælg den igen.",
    "Filen er noget andet, end dens navn siger. Gem den som PDF, PNG eller JPEG, og vælg den igen.",
    "PDF'en har ingen felter at læse. Skriv svarene ind i hånden.",
    # answers in *Ja og nej*
    "Spørgsmålet er udløbet. Den, der spurgte, kan spørge igen.",
    "Slutdagen skal ligge efter i dag.",
    "Vælg mindst én ting, der må deles, eller sig nej.",
    "Du bestemmer ikke selv endnu, men du må sige, hvad du synes.",
    "Dit svar er ikke nødvendigt, og dit ja vil ikke tælle. Spørg den, der har spurgt dig.",
    "Der er ikke noget ja at trække tilbage.",
    "Svaret er ændret imens. Se, hvad der står nu, og svar igen. Intet af det, du skrev, er gået tabt.",
)  # fmt: skip

REASONS = (
    # words of any kind
    "Det er for langt. Der er plads til %(n)s tegn, og der står %(there)s.",
    "Der er et tegn i teksten, som ikke kan gemmes. Skriv det igen.",
    "Skriv noget først.",
    "Navnet er for langt. Der er plads til 100 tegn.",
    "Det samme står der allerede, så der er ikke gemt noget nyt.",
    # messages
    "Skriv din besked.",
    "Vælg, hvem der skal læse det.",
    # notices
    "Skriv et mobilnummer med otte tal, eller med + og landekode.",
    "Skriv en mailadresse, fx navn@eksempel.dk.",
    "Koden kunne ikke sendes lige nu. Intet er ændret. Prøv igen senere.",
    "Du har fået de koder, du kan få i dag. Prøv igen i morgen.",
    "Koden passer ikke, eller den er for gammel. Skriv den igen, eller få en ny.",
    # foster carers
    "Det er for langt. Der er plads til %(n)s tegn i hvert felt.",
    "Skriv, hvad barnet fik.",
    "Skriv en tid, der er gået, og som er højst en måned siden.",
    "Skriv mindst én ting om, hvordan det går.",
    "Spørg barnet, om kommunen må læse dets ord. Siger barnet nej, så slet dem.",
    # bisidder and mandate
    "Skriv, hvad personen hedder.",
    "Den, der skal hjælpe, skal være fyldt 15 år.",
    "CPR-nummeret passer ikke med personen. Skriv alle ti cifre, og tjek, hvornår personen er født.",
    "Skriv kun et opdigtet nummer her i demonstrationen.",
    "Vælg mindst én ting.",
    "Det kan højst gælde et år. Så kan du vælge igen.",
    # what is published in versions
    "Dagen er gået. Vælg i dag eller en dag, der kommer.",
    "Skriv, hvorfor det ikke skal bruges.",
    "Kladden er ikke sendt til godkendelse.",
    "Den, der har sendt det, kan ikke selv godkende det.",
)  # fmt: skip
"""What else is refused, on pages that are there in Danish and English."""

_ASK = "ask"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((one, re.compile(_as_pattern(one), re.S)) for one in (*SENTENCES, *REASONS))


def _as_pattern(sentence: str) -> str:
    kept = re.split(r"%\((\w+)\)s", sentence)
    return "".join(f"(?P<{one}>.+?)" if at % 2 else re.escape(one) for at, one in enumerate(kept)) + r"\Z"


def is_known(text: str) -> bool:
    return any(pattern.match(text) for _sentence, pattern in _patterns())


def said(text: str, asks: Mapping[str, str]) -> tuple[str, bool]:
    """A sentence of the rules in the language of the page, and whether it is. `asks`: questions in that language by the
    Danish ones."""
    language = get_language() or DANISH
    for sentence, pattern in _patterns() if language != DANISH else ():
        if found := pattern.match(text):
            told = {name: asks.get(one, one) if name == _ASK else one for name, one in found.groupdict().items()}
            translated = gettext(sentence)
            return in_order(translated % told if told else translated), translated != sentence
    return text, language == DANISH


def marked(text: str) -> SafeString:
    """What a rule says, in the language of the page where that is known, else in Danish, and marked so."""
    told, translated = said(text, {})
    return format_html('<span lang="{}">{}</span>', get_language() if translated else DANISH, told)
