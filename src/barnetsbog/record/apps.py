from django.apps import AppConfig
from django.db.backends.signals import connection_created


class RecordConfig(AppConfig):
    name = "barnetsbog.record"
    label = "record"

    def ready(self) -> None:
        from .joins import suit
        from .searching.dialect import teach

        connection_created.connect(lambda connection, **_: teach(connection), weak=False, dispatch_uid="searching")
        connection_created.connect(lambda connection, **_: suit(connection), weak=False, dispatch_uid="joins")
