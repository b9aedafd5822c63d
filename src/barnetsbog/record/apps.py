from django.apps import AppConfig
from django.db.backends.signals import connection_created


class RecordConfig(AppConfig):
    name = "barnetsbog.record"
    label = "record"

    def ready(self) -> None:
        from .searching.dialect import teach

        connection_created.connect(lambda connection, **_: teach(connection), weak=False, dispatch_uid="searching")
