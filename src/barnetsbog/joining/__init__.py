"""Two books about one child are put together, and apart again (ADR 39)."""
