"""What an instance changes itself, in versions: changed by one person, tried, approved by another, in force from a day.

There are two *chains* of it: the routing rules (ADR 10) and the forms (ADR 22). Nothing is ever changed or removed. A
*draft* is one saving of the whole of an instance's own changes; each follows the one before it, so two who save at once
are told. What is sent for approval must hold. A *decision* on it makes it a version, or not. An earlier version is
taken up again as a new draft.
"""
