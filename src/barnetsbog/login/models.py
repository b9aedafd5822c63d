"""What no entry can hold: log-ins are about those who read, not a part of a child's story (ADR 29).

No number of a person and no name stands here, but in what somebody had typed. Instants are the wall's clock in UTC
microseconds: a demonstration's day does not move, and a session must still be over.
"""

from django.db import models
from django.db.models import Index

from barnetsbog.record.fields import IdField


class LoginAttempt(models.Model):
    """Somebody is on their way to a provider and back."""

    id = IdField(primary_key=True)
    provider = models.CharField(max_length=40)
    started_at = models.BigIntegerField()
    secrets = models.JSONField()  # state, nonce and verifier, or the id of the request
    used_at = models.BigIntegerField(null=True)  # an answer has come; there will be no second
    arrival = models.JSONField(null=True)  # as whom they can be logged in, when they are known

    class Meta:
        db_table = "login_attempt"
        indexes = [Index(fields=["started_at"], name="login_attempt_old")]


class UsedAssertion(models.Model):
    """An assertion that somebody has come with, until it is too old to come with anyway."""

    digest = models.CharField(max_length=64, primary_key=True)
    until = models.BigIntegerField()

    class Meta:
        db_table = "login_assertion"


class LoginSession(models.Model):
    """A log-in: who, as what, since when, last seen, ended when."""

    id = IdField(primary_key=True)
    provider = models.CharField(max_length=40)
    who = models.CharField(max_length=64)  # keyed digest of the provider's name of the person
    actor_id = IdField()  # a role in the directory, or somebody's entry in a child's book
    child_id = IdField(null=True)
    level = models.CharField(max_length=12)
    started_at = models.BigIntegerField()
    seen_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)
    name_id = models.CharField(max_length=200)  # what SAML's log-out calls them, a pseudonym
    session_index = models.CharField(max_length=200)

    class Meta:
        db_table = "login_session"
        indexes = [
            Index(fields=["who", "ended_at"], name="login_session_who"),
            Index(fields=["started_at"], name="login_session_old"),
        ]


class KeptInput(models.Model):
    """What somebody had typed when their session was over. It waits a day for the same person."""

    id = IdField(primary_key=True)
    who = models.CharField(max_length=64)
    actor_id = IdField()
    child_id = IdField(null=True)
    path = models.CharField(max_length=300)
    fields = models.JSONField()
    kept_at = models.BigIntegerField()

    class Meta:
        db_table = "login_kept_input"
        indexes = [Index(fields=["who", "kept_at"], name="login_kept_who")]


class SentForm(models.Model):
    """A form that was carried out, and where whoever sent it was led (ADR 43). What it said is not told by its mark."""

    mark = models.CharField(max_length=64, primary_key=True)
    led_to = models.TextField()
    sent_at = models.BigIntegerField()

    class Meta:
        db_table = "login_sent_form"
        indexes = [Index(fields=["sent_at"], name="login_sent_form_old")]
