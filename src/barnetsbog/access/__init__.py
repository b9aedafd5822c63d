"""Who may see what about which child, why and until when.

1. `rules` says what follows from a care relation, purely.
2. `operations` keeps the grants in step: whatever changes a care relation changes them in the same transaction.
3. `scopes` makes the `Scope` of somebody who has logged in. Nobody else may.
4. `reading.open_book` opens the book for that scope and logs what was read, or that it was refused, in one transaction.

The first rule: a professional sees the children that the own unit has an active care relation with. All others are "not
found", whether they exist or not.
"""
