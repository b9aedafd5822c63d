"""Where tokens are fetched. Whether an app may come in is asked on a page (`portal.letting_in`)."""

from django.urls import path

from . import views

urlpatterns = [
    path("fhir/.well-known/smart-configuration", views.configuration, name="smart-configuration"),
    path("oauth/token", views.token, name="oauth-token"),
    path("oauth/revoke", views.revoke, name="oauth-revoke"),
    path("oauth/introspect", views.introspect, name="oauth-introspect"),
]
