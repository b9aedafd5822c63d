from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "barnetsbog.publishing"
    label = "publishing"

    def ready(self) -> None:
        from barnetsbog.forms import loading

        from .forms import Published

        loading.use(Published())
