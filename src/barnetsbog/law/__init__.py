"""The law as the program sees it: which rules there are, and what follows from them. Pure: no database, no clock.

1. `rules.yaml` holds every statutory rule, and every choice of our own, as a record that a lawyer can edit: statute,
   paragraph, period, switch. `rulefiles` reads it and says precisely what is wrong; `rulebook` keeps it, and says what
   it means that a rule is off.
2. `acts.yaml` says what kinds of act there are (an examination, a disclosure, a referral ...), how weighty each is and
   which rules decide who must say yes to it. An instance may have a `law-local.yaml` with its own switches and choices.
3. `model` has the words: child, custody, consent, scope, and the five results. `duties` has the codes of what follows.
4. `givers` finds who must answer (with `ages` and `custody`), `answers` reads what they said, and `consents.evaluate`
   says whether that is enough for an act at a moment, and why. `breakpoints` says when that may change.

What the law leaves unclear is marked so in the data and gives REVIEW, never COMPLETE. A Danish lawyer must read all
of it before real use.
"""
