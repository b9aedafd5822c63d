from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "barnetsbog.portal"
    label = "portal"
