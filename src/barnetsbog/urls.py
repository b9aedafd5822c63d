"""Every address of the instance: the interfaces for other systems, and the pages for people."""

from django.urls import include, path

urlpatterns = [
    path("", include("barnetsbog.exchange.urls")),
    path("", include("barnetsbog.portal.urls")),
]

handler404 = "barnetsbog.portal.missing.not_found"
handler500 = "barnetsbog.portal.public.failed"
