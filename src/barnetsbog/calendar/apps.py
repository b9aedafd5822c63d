from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "barnetsbog.calendar"
    label = "calendar"

    def ready(self) -> None:
        from barnetsbog.login.operations import when_barred

        from .feeds import barred

        when_barred(barred)
