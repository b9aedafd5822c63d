"""Whether the log of this database can be gone on with. Asked by whoever opens an instance, before anything is written:
a line that is added with another key, or to a log that begins anew, could never be made good."""

from barnetsbog.kernel.decisions import LogDown

from . import checkpoints, links, verifying
from .keys import chain
from .models import Head, Link

EMPTY = (
    "databasen er tom, men mappen har et kontrolpunkt af en log med {0} poster (audit-checkpoint.json). Intet er "
    "skrevet i bogen. Læg databasen tilbage (docs/operations.md), eller se efter, om DATABASE_URL er den rigtige. Skal "
    "bogen begynde forfra, så flyt audit-checkpoint.json væk."
)
OTHER_KEY = (
    "audit.key (eller BOG_AUDIT_KEY) er ikke den nøgle, loggen er skrevet med, eller hele loggen er lavet om. Intet er "
    "skrevet. Læg den rigtige nøgle tilbage, og kør så ./bog audit verify."
)
BEHIND = (
    "Loggen har {0} poster, men mappens kontrolpunkt er af en med {1}. Er det en sikkerhedskopi, så følg "
    "docs/operations.md. Ellers er loggen skåret af: kør ./bog audit verify."
)


def doubt() -> str:
    """Why nothing may be added, and what to do about it; '' when it may. Raises `LogDown` when there is no key."""
    head, kept = _head(), checkpoints.kept_mark()
    if head is None:
        return EMPTY.format(kept[1].size) if kept and not Link.objects.exists() else ""
    size, last, mac = head
    vouched = chain().head(size, last) == mac
    return OTHER_KEY if not vouched and verifying.has_other_key() else ""


def behind() -> str:
    """What to say of a log that is shorter than it once was; '' when it isn't known to be."""
    head, kept = _head(), checkpoints.kept_mark()
    if head is None or kept is None:
        return ""
    try:
        ours = kept[0] == chain().name
    except LogDown:
        return ""
    return BEHIND.format(head[0], kept[1].size) if ours and kept[1].size > head[0] else ""


def _head() -> tuple[int, bytes, bytes] | None:
    row = Head.objects.values_list("size", "hash", "mac").first()
    return links.as_head(row) if row else None
