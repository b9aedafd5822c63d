from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "barnetsbog.audit"
    label = "audit"
