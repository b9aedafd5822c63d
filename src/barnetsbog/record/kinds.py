"""What a resource says that it is (`promotion.ENTRY_KIND`), as far as one of its type can be that."""

_OF_TYPE = {
    "Communication": frozenset((
        "message", "letter", "concern", "notice", "dialogue", "about-consent", "record-request", "readiness-override",
        "letter-draft", "letter-copy", "letter-to-child",
    )),
    "CarePlan": frozenset(("plan", "intervention", "overall-plan", "contact-plan", "care-agreement")),
    "Goal": frozenset(("goal", "own-goal")),
}  # fmt: skip


def can_be(resource_type: str, kind: str) -> str:
    """The kind; empty when nothing of this type is one. Whoever reads what is a child, a referral or a goal must find
    what has the form of one, whatever a source has called something else."""
    return kind if kind in _OF_TYPE[resource_type] else ""
