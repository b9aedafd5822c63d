from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "barnetsbog.publishing"
    label = "publishing"
