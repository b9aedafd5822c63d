"""The addresses for other systems."""

from django.urls import include, path

urlpatterns = [
    path("", include("barnetsbog.exchange.smart.urls")),
    path("", include("barnetsbog.exchange.fhir.urls")),
]
