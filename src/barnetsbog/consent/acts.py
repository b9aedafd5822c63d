"""What can be consented to, as the record of a consent names it.

Which rules decide who must say yes is `law/acts.yaml`. Here stands only what is needed to read a record: of what kind
the act is, and so whether it must say from whom and to whom.
"""

from collections.abc import Mapping

from barnetsbog.law.model import Kind

ACTS: Mapping[str, Kind] = {
    "ppr-consultation": Kind.PARTICIPATION,
    "ppr-assessment": Kind.PARTICIPATION,
    "school-to-ppr": Kind.DISCLOSURE,
    "school-to-others": Kind.DISCLOSURE,
    "ppr-to-bup": Kind.DISCLOSURE,
    "ppr-to-school": Kind.DISCLOSURE,
    "bup-assessment": Kind.TREATMENT,
    "bup-treatment": Kind.TREATMENT,
    "medication": Kind.TREATMENT,
    "bup-to-school": Kind.DISCLOSURE,
    "bup-to-ppr": Kind.DISCLOSURE,
    "bup-to-municipality": Kind.DISCLOSURE,
    "bup-to-gp": Kind.DISCLOSURE,
    "bup-to-adult-psychiatry": Kind.DISCLOSURE,
    "gp-to-bup": Kind.DISCLOSURE,
    "gp-to-ppr": Kind.DISCLOSURE,
    "hospital-to-school": Kind.DISCLOSURE,
    "ltt-course": Kind.TREATMENT,
    "ltt-to-others": Kind.DISCLOSURE,
    "family-department-to-others": Kind.DISCLOSURE,
    "municipality-retrieves-health": Kind.RETRIEVAL,
    "support-section-32": Kind.PARTICIPATION,
    "violence-psychologist": Kind.TREATMENT,
    "routine-examination": Kind.TREATMENT,
    "essential-treatment": Kind.TREATMENT,
    "transfer-between-municipalities": Kind.DISCLOSURE,
    "coordination": Kind.DISCLOSURE,
}

MOVES = frozenset((Kind.DISCLOSURE, Kind.RETRIEVAL))
"""Kinds of act that move something from somebody to somebody: such a consent must name both."""
