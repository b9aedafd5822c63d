"""The addresses of the FHIR interface: `metadata` is open, everything else asks who calls."""

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("fhir/metadata", views.metadata, name="fhir-metadata"),
    re_path(r"^fhir/?$", views.interface, name="fhir"),
    re_path(r"^fhir/(?P<path>.+)$", views.interface, name="fhir-any"),
]
