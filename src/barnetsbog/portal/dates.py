"""Dates as people read them: "3. december 2026", "03.12.", and never a clock time that nobody gave."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from barnetsbog.kernel import time
from barnetsbog.kernel.time import DANISH_MONTHS, Exactness, day_start, local_day, moment, parse

_MONTHS = {
    "da": DANISH_MONTHS,
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "ar": [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ],
}
_DAYS = {
    "da": ["ma", "ti", "on", "to", "fr", "lø", "sø"],
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    "ar": ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"],
}


def _words(table: Mapping[str, Sequence[str]]) -> Sequence[str]:
    return table.get(get_language() or "da", table["da"])


def weekdays() -> Sequence[str]:
    """Their short names, Monday first."""
    return _words(_DAYS)


def long_day(day: date) -> str:
    name = _words(_MONTHS)[day.month - 1]
    dot = "." if name in DANISH_MONTHS else ""
    return f"{day.day}{dot} {name} {day.year}"


def long_date(at: int) -> str:
    return long_day(local_day(at))


def full_date(at: int) -> str:
    """03.12.2026, for lists."""
    return f"{local_day(at):%d.%m.%Y}"


def short_date(at: int, *, beside: date | None = None) -> str:
    """03.12. in the year of `beside`, else with its year."""
    day = local_day(at)
    return f"{day:%d.%m.}" if beside is None or day.year == beside.year else f"{day:%d.%m.%Y}"


def clock(at: int) -> str:
    return f"{moment(at):%H.%M}"


def when(at: int, exactness: int) -> str:
    """As exactly as it was told (`Exactness`): 2019, marts 2019, 03.03.2019, or with its clock time."""
    if exactness == Exactness.CLOCK:
        return gettext("%(date)s kl. %(time)s") % {"date": full_date(at), "time": clock(at)}
    return day_told(at, exactness)


def day_told(at: int, exactness: int) -> str:
    """The same without a clock time."""
    return time.day_told(at, exactness, _words(_MONTHS))


def as_told(text: str) -> str:
    """A FHIR date as exactly as it was given."""
    return when(*parse(text))


def weekday_and_time(at: int, whole_day: bool, *, beside: date | None = None) -> str:
    """To 03.12. kl. 10.00: how an appointment is listed; with its year when that is another than that of `beside`."""
    name = _words(_DAYS)[local_day(at).weekday()].capitalize()
    date_text = f"{name} {short_date(at, beside=beside)}"
    return date_text if whole_day else gettext("%(date)s kl. %(time)s") % {"date": date_text, "time": clock(at)}


def month_heading(at: int) -> str:
    day = local_day(at)
    return month_name(day.year, day.month)


def month_name(year: int, month: int) -> str:
    return f"{_words(_MONTHS)[month - 1].capitalize()} {year}"


def distance(due: int, today: date) -> str:
    """A deadline in words: om 2 dage, i dag, 3 dage over fristen."""
    days = (local_day(due) - today).days
    if days == 0:
        return gettext("i dag")
    if days > 0:
        return ngettext("om %(count)d dag", "om %(count)d dage", days) % {"count": days}
    return ngettext("%(count)d dag over fristen", "%(count)d dage over fristen", -days) % {"count": -days}


NO_DAY = gettext_lazy("Skriv datoen som dag, måned og år, for eksempel 07.05.2017.")


_YEARS = range(1900, 2201)
"""What a year can be of a day that somebody writes here."""
_AHEAD = 20


def read_day(text: str, today: date) -> date:
    """A date as Danes write it (07.05.2017, 7/5-17), as the pages do (7. maj 2017) or as computers do; `ValueError` when
    it is none. Of the years that two digits can mean it is the latest that is at most twenty years ahead."""
    parts = [part for part in text.replace("/", ".").replace("-", ".").replace(" ", ".").split(".") if part]
    if len(parts) == 3 and len(parts[1]) > 2:
        parts[1] = _month(parts[1])
    if len(parts) != 3 or not all(part.isdecimal() and len(part) <= 4 for part in parts):
        raise ValueError(text)
    day, month, year = reversed(parts) if len(parts[0]) > 2 else parts
    found = int(year)
    if len(year) <= 2:
        found += (today.year + _AHEAD - found) // 100 * 100
    if found not in _YEARS:
        raise ValueError(text)
    return date(found, int(month), int(day))


def _month(name: str) -> str:
    """The number of a month that is written out, or shortened to at least three letters."""
    months = (enumerate(_MONTHS[language], 1) for language in ("da", "en"))
    found = {number for year in months for number, month in year if month.casefold().startswith(name.casefold())}
    return str(found.pop()) if len(found) == 1 else ""


def local_noon(day: date) -> int:
    """A moment that is surely within the day."""
    return day_start(day) + 12 * 3600 * 1_000_000
