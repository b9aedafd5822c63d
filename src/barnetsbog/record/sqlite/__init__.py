"""Django's own SQLite, whose writers in one process take turns and share a flush of the disk (ADR 36)."""
