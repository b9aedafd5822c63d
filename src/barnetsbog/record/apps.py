from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "barnetsbog.record"
    label = "record"
