from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "barnetsbog.delivery"
    label = "delivery"
