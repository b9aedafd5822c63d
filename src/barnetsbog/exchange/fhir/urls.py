"""The page for developers. All else of the FHIR interface is led to its view by `exchange.door`."""

from django.urls import path

from . import developers

urlpatterns = [path("fhir/docs/", developers.page, name="fhir-docs")]
