from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "barnetsbog.subscriptions"
    label = "subscriptions"
