"""The law as the program sees it: which rules there are, and what follows from them. Pure: no database, no clock.

1. `rules.yaml` holds every statutory rule as a record that a lawyer can edit: statute, paragraph, period, switch.
   `rulebook` reads it and refuses a file that contradicts itself.
2. `acts.yaml` says what kinds of act there are (an examination, a disclosure, a referral ...), how weighty each is and
   which rules decide who must say yes to it.
3. `model` has the words: child, custody, consent, scope, and the five results.
4. `consents.evaluate` answers whether the consents that are there are enough for an act at a moment, and why.

What the law leaves unclear is marked so in the data and gives REVIEW, never COMPLETE. A Danish lawyer must read all
of it before real use.
"""
