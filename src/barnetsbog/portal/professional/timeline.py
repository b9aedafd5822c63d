"""The timeline page. What is chosen stands in the address, so a view can be kept, sent and printed."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy, ngettext
from django.views.decorators.http import require_GET

from barnetsbog.access.reading import open_book
from barnetsbog.directory.model import SECTORS
from barnetsbog.kernel.decisions import NotFound
from barnetsbog.overview.queries import person
from barnetsbog.timeline.model import Band, Lane, Listed, Period, Timeline, View, Zoom
from barnetsbog.timeline.queries import timeline as read_timeline

from .. import dates, words
from ..language import on_this_page
from ..pages import number
from ..session import SignedIn

ZOOMS = {"aar": Zoom.YEAR, "kvartal": Zoom.QUARTER, "maaned": Zoom.MONTH, "uge": Zoom.WEEK}
ZOOM_NAMES = {
    "aar": gettext_lazy("År"),
    "kvartal": gettext_lazy("Kvartal"),
    "maaned": gettext_lazy("Måned"),
    "uge": gettext_lazy("Uge"),
}
KINDS = (
    "meeting",
    "observation",
    "measure",
    "document",
    "letter",
    "message",
    "concern",
    "condition",
    "intervention",
    "own-goal",
    "goal",
    "appointment",
    "referral",
    "task",
    "consent",
    "plan",
    "overall-plan",
    "childs-view",
    "medicine-note",
)


@require_GET
def timeline(request: SignedIn, child_id: UUID) -> HttpResponse:
    view = _view(request.GET)
    try:
        with open_book(request.scope, "timeline", child_id, view=request.GET.urlencode()[:200]) as book:
            found, child = read_timeline(book, child_id, view), person(book, child_id)
    except NotFound:
        raise Http404 from None
    address = _Address(request.GET)
    context = {
        "t": found,
        "child": child,
        "child_id": child_id,
        "tab": "timeline",
        "sentence": _sentence(found),
        "zooms": _zooms(view, address),
        "table": _table(found, on_this_page(child.name.called), address),
        "chips": _chips(view, address),
        "groups": list(_by_month(found.listed)),
        "heading": _heading(found),
        "sectors": [(code, words.sector(code), code in view.lanes) for code in SECTORS],
        "kinds": [(code, words.what(code), code in view.what) for code in KINDS],
        "filters": len(view.lanes) + len(view.what),
        "earlier": address.to(til=found.earlier, periode=None, side=None),
        "later": address.to(til=found.later, periode=None, side=None),
        "newest": address.to(til=None, periode=None, side=None),
        "everything": address.to(alle="1", side=None),
        "pages": _pages(found, address),
        "no_period": address.to(periode=None, spor=None, side=None),
    }
    return render(request, "bog/timeline.html", context)


# -- the address -------------------------------------------------------------------------------------------------------


class _Address:
    """The present address, with some of its choices made otherwise."""

    def __init__(self, query: QueryDict) -> None:
        self._query = query

    def to(self, **changes: str | list[str] | None) -> str:
        query = self._query.copy()
        for name, value in changes.items():
            query.pop(name, None)
            if value:
                query.setlist(name, value if isinstance(value, list) else [value])
        text = query.urlencode()
        return f"?{text}" if text else "."


def _view(query: QueryDict) -> View:
    """The choices in an address; nonsense chooses nothing."""
    try:
        author = UUID(query.get("af", ""))
    except ValueError:
        author = None
    return View(
        zoom=ZOOMS.get(query.get("vis", "kvartal"), Zoom.QUARTER),
        until=query.get("til", ""),
        period=query.get("periode", ""),
        lanes=tuple(code for code in query.getlist("spor") if code in SECTORS),
        what=tuple(code for code in query.getlist("slags") if code in KINDS),
        author_id=author,
        important="vigtige" in query,
        only_new="nye" in query,
        page=number(query.get("side", "1")),
        everything="alle" in query,
    )


def _zooms(view: View, address: _Address) -> list[tuple[Promise, str, bool]]:
    return [
        (ZOOM_NAMES[key], address.to(vis=key, til=None, periode=None, side=None), zoom is view.zoom)
        for key, zoom in ZOOMS.items()
    ]


def _chips(view: View, address: _Address) -> list[tuple[str, str, bool]]:
    """The three filters that most readers want, as one press each."""
    only = {"intervention": gettext("Kun indsatser"), "appointment": gettext("Kun aftaler")}
    chips = [
        (name, address.to(slags=None if view.what == (code,) else code, side=None), view.what == (code,))
        for code, name in only.items()
    ]
    chips.append(
        (gettext("Vigtige hændelser"), address.to(vigtige=None if view.important else "1", side=None), view.important)
    )
    chips.append((gettext("Nyt siden sidst"), address.to(nye=None if view.only_new else "1", side=None), view.only_new))
    return chips


def _pages(found: Timeline, address: _Address) -> list[tuple[int, str, bool]]:
    if found.view.everything or found.pages < 2:
        return []
    near = range(max(1, found.view.page - 3), min(found.pages, found.view.page + 3) + 1)
    return [
        (number, address.to(side=str(number)), number == found.view.page) for number in sorted({1, *near, found.pages})
    ]


# -- words -------------------------------------------------------------------------------------------------------------


def _sentence(found: Timeline) -> str:
    """What the table shows, in words: for those who do not see it, and for those in a hurry."""
    summary = found.summary
    if not summary.count:
        return gettext("Her er ingen hændelser, du kan se, med de valg, der er gjort.")
    years = (
        f"{summary.first_year}"
        if summary.first_year == summary.last_year
        else f"{summary.first_year}-{summary.last_year}"
    )
    parts = [
        ngettext("%(count)d hændelse %(years)s.", "%(count)d hændelser %(years)s.", summary.count)
        % {"count": summary.count, "years": years}
    ]
    if len(summary.busiest) > 1:
        first, second = (str(words.sector(code)) for code in summary.busiest[:2])
        parts.append(gettext("Flest fra %(first)s og %(second)s.") % {"first": first, "second": second})
    if summary.ongoing:
        names = ", ".join(f"{title} ({words.sector(lane)})" for title, lane in summary.ongoing[:3])
        parts.append(gettext("I gang nu: %(names)s.") % {"names": names})
    return " ".join(parts)


def _heading(found: Timeline) -> str:
    if found.chosen:
        return _period_name(found.view.zoom, found.chosen)
    first, last = found.periods[0].start, found.periods[-1].end - timedelta(days=1)
    return gettext("Fra %(first)s til %(last)s") % {"first": dates.long_day(first), "last": dates.long_day(last)}


def _period_name(zoom: Zoom, period: Period) -> str:
    if zoom is Zoom.YEAR:
        return str(period.start.year)
    if zoom is Zoom.QUARTER:
        return gettext("%(number)d. kvartal %(year)d") % {
            "number": (period.start.month + 2) // 3,
            "year": period.start.year,
        }
    if zoom is Zoom.MONTH:
        return dates.month_heading(dates.local_noon(period.start)).lower()
    return gettext("uge %(number)d, %(year)d") % {
        "number": period.start.isocalendar()[1],
        "year": period.start.isocalendar()[0],
    }


def _by_month(listed: Iterable[Listed]) -> Iterable[tuple[str, list[Listed]]]:
    heading, group = "", list[Listed]()
    for one in listed:
        name = dates.month_heading(one.entry.start)
        if name != heading and group:
            yield heading, group
            group = []
        heading = name
        group.append(one)
    if group:
        yield heading, group


# -- the table: written here, because a template takes ten times as long over some two hundred cells ------------------


def _table(found: Timeline, called: str, address: _Address) -> SafeString:
    names = [_period_name(found.view.zoom, period) for period in found.periods]
    busiest = max((max(one.counts, default=0) for one in found.lanes), default=0)
    rows = [_row(lane, found, names, called, address, busiest) for lane in found.lanes]
    return format_html("<thead>{}</thead><tbody>{}</tbody>", _head(found, names), mark_safe("".join(rows)))  # noqa: S308 - rows are safe


def _head(found: Timeline, names: list[str]) -> SafeString:
    """Two lines: the years, and the periods in them."""
    years: list[tuple[int, int]] = []
    for period in found.periods:
        year = period.start.year if found.view.zoom is not Zoom.WEEK else period.start.isocalendar()[0]
        if years and years[-1][0] == year:
            years[-1] = (year, years[-1][1] + 1)
        else:
            years.append((year, 1))
    if found.view.zoom is Zoom.YEAR:
        cells = format_html_join("", '<th scope="col">{}</th>', ((year,) for year, _ in years))
        return format_html('<tr><th scope="col">{}</th>{}</tr>', gettext("Spor"), cells)
    top = format_html_join("", '<th scope="colgroup" colspan="{}">{}</th>', ((span, year) for year, span in years))
    below = format_html_join(
        "",
        '<th scope="col"><span aria-hidden="true">{}</span><span class="sr-only">{}</span></th>',
        _short(found, names),
    )
    return format_html('<tr><th scope="col" rowspan="2">{}</th>{}</tr><tr>{}</tr>', gettext("Spor"), top, below)


def _short(found: Timeline, names: list[str]) -> Iterable[tuple[str, str]]:
    for period, name in zip(found.periods, names, strict=True):
        number = {Zoom.QUARTER: (period.start.month + 2) // 3, Zoom.MONTH: period.start.month}.get(found.view.zoom)
        yield str(number or period.start.isocalendar()[1]), name


def _row(lane: Lane, found: Timeline, names: list[str], called: str, address: _Address, busiest: int) -> str:
    """`busiest`: the most that happened in any cell of the table."""
    sector = (
        gettext("%(child)s og familien") % {"child": called}
        if lane.sector == "family"
        else str(words.sector(lane.sector))
    )
    base = escape(address.to(spor=lane.sector, periode="PERIODE", side=None, alle=None))
    one, many = (
        ngettext("%(sector)s, %(period)s: %(count)d hændelse", "%(sector)s, %(period)s: %(count)d hændelser", number)
        for number in (1, 2)
    )
    marked = found.chosen.key if found.chosen is not None and found.view.lanes == (lane.sector,) else None
    cells = []
    for period, name, count in zip(found.periods, names, lane.counts, strict=True):
        if not count:
            cells.append("<td></td>")
            continue
        label = escape((one if count == 1 else many) % {"sector": sector, "period": name, "count": count})
        shade = 1 + min(3, count * 4 // (busiest + 1))
        current = ' aria-current="true"' if period.key == marked else ""
        href = base.replace("PERIODE", period.key)
        cells.append(f'<td class="tl-{shade}"><a href="{href}#liste" aria-label="{label}"{current}>{count}</a></td>')
    head = format_html('<tr><th scope="row">{}</th>', sector)
    bands = _band_rows([band for band in found.bands if band.sector == lane.sector], len(found.periods))
    return "".join([head, *cells, "</tr>", *bands])


def _band_rows(bands: Iterable[Band], columns: int) -> list[str]:
    """Interventions as stripes below their lane, as many in a row as fit. They stand in the list too, so those who hear
    the page need not hear them here."""
    rows: list[list[Band]] = []
    for band in bands:
        row = next((one for one in rows if one[-1].last <= band.first), None)
        if row is None:
            rows.append([band])
        else:
            row.append(band)
    return [_band_row(row, columns) for row in rows]


def _band_row(bands: list[Band], columns: int) -> str:
    cells, at = [], 0
    for band in bands:
        cells.append(_gap(band.first - at))
        stripe = '<td colspan="{}" class="tl-band"><span title="{}">{}</span></td>'
        cells.append(format_html(stripe, band.last - band.first, band.title, band.title))
        at = band.last
    cells.append(_gap(columns - at))
    return f'<tr aria-hidden="true" class="tl-bands"><td></td>{"".join(cells)}</tr>'


def _gap(columns: int) -> str:
    return f'<td colspan="{columns}"></td>' if columns else ""
