"""Where tokens are fetched. Whether an app may come in is asked on a page (`portal.letting_in`). What a client must
know to begin is told at `exchange.door`."""

from django.urls import path

from . import views

urlpatterns = [
    path("oauth/token", views.token, name="oauth-token"),
    path("oauth/revoke", views.revoke, name="oauth-revoke"),
    path("oauth/introspect", views.introspect, name="oauth-introspect"),
]
