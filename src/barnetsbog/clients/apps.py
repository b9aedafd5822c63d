from django.apps import AppConfig


class ClientsConfig(AppConfig):
    name = "barnetsbog.clients"
    label = "clients"

    def ready(self) -> None:
        from barnetsbog.login.operations import when_barred, when_over

        from .operations import barred, logged_out

        when_over(logged_out)
        when_barred(barred)
