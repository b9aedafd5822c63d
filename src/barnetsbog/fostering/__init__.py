"""A foster carer's week, statuses and notes of medicine, and what is agreed on the child's contact with its family and
on everyday life (ADR 31, 38)."""
