"""Deadlines: what the law and the municipality say must be done by when, as data, and the clocks that follow.

- `deadlines.yaml` holds the deadlines, the ladder of escalation and the calendar; an instance may have a
  `deadlines-local.yaml` with switches, periods and shorter times (`files`). A lawyer or a leader edits them.
- `rules` says from what has happened, and a moment, which clocks run and how they stand; `working_days` counts. Pure.
- A deadline that something sets off is opened as a ball where it is stored, in the same transaction (`opening`, called
  by the intake; ADR 14). One that comes by itself, a birthday or a consent that ends, is found at reading (`queries`).
- `ladder` says to whom a ball comes that nobody takes, or that is late. Nothing is written and nobody is sent a mail.
"""
