"""What somebody who owns the database can do before he changes the log."""

from typing import Any

TABLES = "audit_event", "audit_link", "audit_checkpoint"


def take_down(connection: Any) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER {table}_no_UPDATE")
                cursor.execute(f"DROP TRIGGER {table}_no_DELETE")
            else:
                cursor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
