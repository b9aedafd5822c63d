"""An instance's own routing rules, in versions: changed by one person, tried, approved by another, in force from a day.

Nothing is ever changed or removed (ADR 10). A *draft* is one saving of the whole of an instance's own changes; each
follows the one before it, so two who save at once are told. What is sent for approval must hold for every child
(`routing.checking`). A *decision* on it makes it a version, or not. An earlier version is taken up again as a new
draft.
"""
