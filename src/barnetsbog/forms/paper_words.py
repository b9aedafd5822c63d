"""What a form on paper says around its questions, in each language that it can be printed in. Pure."""

from typing import NamedTuple

from .model import DANISH


class Words(NamedTuple):
    """`intro_child`: to a child. `row`: a repetition of a group. `only_when`: when a question is to be answered, made
    of `tests` with `both` or `either` between them. `page`: what stands before the number of a page, and before how
    many there are. `mark`: what the field is called that says which form it is."""

    intro: tuple[str, ...]
    intro_child: tuple[str, ...]
    row: str
    enclose: str
    yes: str
    no: str
    day: str
    several: str
    one: str
    only_when: str
    both: str
    either: str
    answered: str
    not_answered: str
    is_it: str
    is_not: str
    over: str
    under: str
    page: tuple[str, str]
    mark: str


WORDS = {
    DANISH: Words(
        intro=(
            "Du kan skrive på skærmen og gemme filen. Du kan også skrive den ud og bruge en kuglepen.",
            "Lad det stå tomt, som du ikke ved.",
        ),
        intro_child=(
            "Du kan skrive på en skærm eller på papir. En voksen må gerne hjælpe dig.",
            "Du må gerne lade noget stå tomt.",
        ),
        row="{group}, nummer {number}",
        enclose="Læg det ved.",
        yes="Ja",
        no="Nej",
        day="Dag, måned og år.",
        several="Sæt gerne flere krydser.",
        one="Sæt ét kryds.",
        only_when="Svar kun, hvis {tests}.",
        both=" og ",
        either=" eller ",
        answered="du har svaret på »{ask}«",
        not_answered="du ikke har svaret på »{ask}«",
        is_it="svaret på »{ask}« er »{value}«",
        is_not="svaret på »{ask}« ikke er »{value}«",
        over="svaret på »{ask}« er mere end »{value}«",
        under="svaret på »{ask}« er mindre end »{value}«",
        page=("Side", "af"),
        mark="Hvilket skema det er",
    ),
    "en": Words(
        intro=(
            "You can write on the screen and save the file. You can also print it and use a pen.",
            "Leave empty what you do not know.",
        ),
        intro_child=(
            "You can write on a screen or on paper. A grown-up may help you.",
            "You may leave something empty.",
        ),
        row="{group}, number {number}",
        enclose="Enclose it.",
        yes="Yes",
        no="No",
        day="Day, month and year.",
        several="You may tick several.",
        one="Tick one.",
        only_when="Answer only if {tests}.",
        both=" and ",
        either=" or ",
        answered="you have answered “{ask}”",
        not_answered="you have not answered “{ask}”",
        is_it="the answer to “{ask}” is “{value}”",
        is_not="the answer to “{ask}” is not “{value}”",
        over="the answer to “{ask}” is more than “{value}”",
        under="the answer to “{ask}” is less than “{value}”",
        page=("Page", "of"),
        mark="Which form it is",
    ),
    "ar": Words(
        intro=(
            "يمكنك الكتابة على الشاشة وحفظ الملف. ويمكنك أيضاً طباعته واستخدام القلم.",
            "إذا كتبت بالعربية على الشاشة فقد لا تظهر الحروف كما يجب في بعض البرامج، لكنها تُحفظ كما كتبتها.",
            "اترك فارغاً ما لا تعرفه.",
        ),
        intro_child=(
            "يمكنك الكتابة على الشاشة أو على الورق. يجوز أن يساعدك شخص كبير.",
            "يجوز أن تترك شيئاً فارغاً.",
        ),
        row="{group}، رقم {number}",
        enclose="أرفقه.",
        yes="نعم",
        no="لا",
        day="اليوم والشهر والسنة.",
        several="يمكنك وضع أكثر من علامة.",
        one="ضع علامة واحدة.",
        only_when="أجب فقط إذا {tests}.",
        both=" و",
        either=" أو ",
        answered="أجبت عن «{ask}»",
        not_answered="لم تجب عن «{ask}»",
        is_it="كان الجواب عن «{ask}» هو «{value}»",
        is_not="لم يكن الجواب عن «{ask}» هو «{value}»",
        over="كان الجواب عن «{ask}» أكثر من «{value}»",
        under="كان الجواب عن «{ask}» أقل من «{value}»",
        page=("صفحة", "من"),
        mark="أي نموذج هذا",
    ),
}
