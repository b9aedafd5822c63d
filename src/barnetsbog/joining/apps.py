from django.apps import AppConfig


class JoiningConfig(AppConfig):
    name = "barnetsbog.joining"
    label = "joining"
