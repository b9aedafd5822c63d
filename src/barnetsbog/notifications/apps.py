from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "barnetsbog.notifications"
    label = "notifications"
