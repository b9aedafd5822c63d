"""Forms filled with what the book knows of a child with a long one: the longest form, and all of them, read once.

Rights and names are read with it; the page, the line in the log and what is written when a form begins are not.
"""

from .figures import Figure, Result, in_turn
from .pages import Act, Measured, scope_of

ENTRIES = 1200
ONE, ALL = 5.0, 100.0
"""Milliseconds that one form, and all forms of a child, may take."""


def measure(measured: Measured, runs: int) -> Result:
    from barnetsbog.forms import loading, prefill
    from barnetsbog.forms.checking import items_of
    from barnetsbog.forms.model import Form

    scope, child = scope_of(measured.role), measured.children[ENTRIES]
    every = list(loading.catalogue().values())
    longest = max(every, key=lambda form: len(list(items_of(form))))

    def filling(*forms: Form) -> Act:
        from barnetsbog.record.book import Book

        def act() -> None:
            known = prefill.known(Book(scope), child, forms)
            for form in forms:
                prefill.fill(form, known)

        return act

    one = f"ét skema udfyldt, {len(list(items_of(longest)))} felter, {ENTRIES} poster"
    together = f"alle {len(every)} skemaer udfyldt, {ENTRIES} poster"
    taken = in_turn(runs, {one: filling(longest), together: filling(*every)})
    return Result([Figure(one, "ms", taken[one], most=ONE), Figure(together, "ms", taken[together], most=ALL)])
