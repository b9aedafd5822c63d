from django.apps import AppConfig


class LoginConfig(AppConfig):
    name = "barnetsbog.login"
    label = "login"
