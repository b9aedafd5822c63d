"""Readiness: whether a child's first visit at a place can be held, what is lacking, and who can supply it.

Everything is computed from what the reader may see (`queries`); nothing is kept but the reasons for doing without
something, and the tasks that are opened for what is lacking (`operations`). What must be there is data
(`requirements.yaml`), after the lists of minimum content in pathway.md §4.
"""
