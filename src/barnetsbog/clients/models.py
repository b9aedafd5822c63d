"""What an entry can't hold: who calls is no part of a child's story (ADR 27).

Moments are UTC microseconds by the wall's clock, also in a demonstration whose day stands still: what the other side
signs is dated by its own. A token is kept as its SHA-256 and nowhere else.
"""

from django.db import models
from django.db.models import Index

from barnetsbog.record.fields import IdField


class Registered(models.Model):
    """A client. Lists are JSON."""

    id = models.CharField(primary_key=True, max_length=60)
    name = models.CharField(max_length=120)
    sort = models.CharField(max_length=10)
    role_id = IdField(null=True)  # a system's role in the directory; its code and unit as they were then
    role = models.CharField(max_length=30)
    unit_id = IdField(null=True)
    level = models.CharField(max_length=12)
    scopes = models.TextField()
    jwks = models.TextField()
    redirects = models.TextField(default="[]")
    origins = models.TextField(default="[]")
    per_minute = models.IntegerField()
    per_day = models.IntegerField()
    enabled = models.BooleanField(default=True)
    ends_at = models.BigIntegerField(null=True)
    notify = models.TextField(default="[]")
    full = models.BooleanField(default=False)

    class Meta:
        db_table = "client"


class Approval(models.Model):
    """Somebody has let an app act for them: from a page, until it ends, in one child's book or all of their own."""

    id = IdField(primary_key=True)
    client_id = models.CharField(max_length=60)
    person_id = IdField()  # a role, or somebody's entry in a child's book
    own_child_id = IdField(null=True)  # that child, for somebody of the family
    child_id = IdField(null=True)  # the one book that the app is let into
    session = models.CharField(max_length=64)  # it ends with this log-in; '' when it may outlast it
    scopes = models.TextField()
    level = models.CharField(max_length=12)
    made_at = models.BigIntegerField()
    ends_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "client_approval"
        indexes = [
            Index(fields=["person_id"], name="client_approval_person"),
            Index(fields=["session"], name="client_approval_session"),
        ]


class Issued(models.Model):
    """A code, an access token or a refresh token that was handed out."""

    digest = models.CharField(primary_key=True, max_length=64)
    sort = models.CharField(max_length=10)
    client_id = models.CharField(max_length=60)
    approval_id = IdField(null=True)
    scopes = models.TextField()
    issued_at = models.BigIntegerField()
    ends_at = models.BigIntegerField()
    spent_at = models.BigIntegerField(null=True)  # used once, as codes and refresh tokens are, or revoked
    redirect = models.TextField(default="")  # what a code is bound to
    challenge = models.CharField(max_length=128, default="")

    class Meta:
        db_table = "client_token"
        indexes = [
            Index(fields=["approval_id"], name="client_token_approval"),
            Index(fields=["ends_at"], name="client_token_end"),
        ]


class Seen(models.Model):
    """A signed assertion that has been used: it counts once."""

    digest = models.CharField(primary_key=True, max_length=64)  # of client and jti
    ends_at = models.BigIntegerField()

    class Meta:
        db_table = "client_assertion"
        indexes = [Index(fields=["ends_at"], name="client_assertion_end")]


class Use(models.Model):
    """How many requests of a client's have been handed to server processes in a minute or a day."""

    key = models.CharField(primary_key=True, max_length=90)  # client, and the window by its length and number
    taken = models.IntegerField()
    ends_at = models.BigIntegerField()

    class Meta:
        db_table = "client_use"
        indexes = [Index(fields=["ends_at"], name="client_use_end")]
