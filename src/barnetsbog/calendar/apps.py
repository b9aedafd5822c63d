from django.apps import AppConfig


class CalendarConfig(AppConfig):
    name = "barnetsbog.calendar"
    label = "calendar"
