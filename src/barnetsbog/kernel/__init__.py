"""The ground floor: identifiers, CPR numbers, time and decisions.

Everything else stands on this package and it stands on the standard library alone: no database, no Django, no clock
that a rule could read behind its caller's back.
"""
