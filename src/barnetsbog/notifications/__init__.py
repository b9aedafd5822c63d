"""Notifications: somebody of the family is told by mail or SMS that there is something new, never what (ADR 35)."""
