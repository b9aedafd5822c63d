from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "barnetsbog.clients"
    label = "clients"
