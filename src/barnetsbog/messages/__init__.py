"""Messages between somebody of the family and a professional: who reads them, by when, and what happens when one tells
of danger (ADR 30)."""
