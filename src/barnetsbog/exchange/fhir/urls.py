"""The addresses of the FHIR interface: what describes it is open, everything else asks who calls."""

from django.urls import path, re_path

from . import developers, views

urlpatterns = [
    path("fhir/metadata", views.metadata, name="fhir-metadata"),
    path("fhir/openapi.json", views.openapi, name="fhir-openapi"),
    path("fhir/docs/", developers.page, name="fhir-docs"),
    re_path(r"^fhir/?$", views.interface, name="fhir"),
    re_path(r"^fhir/(?P<path>.+)$", views.interface, name="fhir-any"),
]
