from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "barnetsbog.access"
    label = "access"
