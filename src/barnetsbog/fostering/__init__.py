"""A foster carer's week: what is agreed, when the child sees its family, and notes of medicine given (ADR 31)."""
