"""What an entry can't hold: who wants to be told, and how far that has come, is no part of a child's story (ADR 34).

Rows hold ids and no word of what happened. Moments are UTC microseconds by the wall's clock.
"""

from django.db import models
from django.db.models import Index, UniqueConstraint

from barnetsbog.record.fields import IdField


class Subscribed(models.Model):
    """A subscription. `next_at`: when there is something to do; `held_until`: it is a worker's until then."""

    id = IdField(primary_key=True)
    client_id = models.CharField(max_length=60)
    approval_id = IdField(null=True)  # an app's: it lasts as long as somebody lets the app act for them
    child_id = IdField(null=True)  # the one book it can be about, when the app was let into one
    base = models.CharField(max_length=200)  # the address of the interface, as its client has it
    topic = models.CharField(max_length=200)
    reason = models.CharField(max_length=500)
    status = models.CharField(max_length=10)
    error = models.CharField(max_length=300, default="")
    error_english = models.CharField(max_length=300, default="")
    content = models.CharField(max_length=20)
    way = models.CharField(max_length=20)
    endpoint = models.CharField(max_length=2000)
    filters = models.TextField()
    headers = models.BinaryField()
    heartbeat = models.IntegerField()
    end = models.BigIntegerField(null=True)
    version = models.IntegerField(default=1)
    changed_at = models.BigIntegerField()
    told = models.BigIntegerField(default=0)
    attempts = models.IntegerField(default=0)
    begun = models.IntegerField(default=0)  # rounds in a row of which nothing was heard: their worker was ended
    last_at = models.BigIntegerField(default=0)
    next_at = models.BigIntegerField()
    held_until = models.BigIntegerField(default=0)

    class Meta:
        db_table = "subscription"
        indexes = [
            Index(fields=["next_at"], name="subscription_due"),
            Index(fields=["client_id"], name="subscription_client"),
        ]


class Happening(models.Model):
    """A version that was written while somebody subscribed. It is gone as soon as it is known whom it may concern."""

    id = models.BigAutoField(primary_key=True)  # and its place in the order of what happened
    child_id = IdField()
    entry_id = IdField()
    version = models.IntegerField()
    kind = models.CharField(max_length=64)
    what = models.CharField(max_length=30)
    at = models.BigIntegerField()

    class Meta:
        db_table = "subscription_happening"


class Waiting(models.Model):
    """An event of one subscription: waiting to be told, or told and kept for those who ask again."""

    id = models.BigAutoField(primary_key=True)  # and its place in the order
    subscription_id = IdField()
    child_id = IdField()
    entry_id = IdField()
    kind = models.CharField(max_length=64)
    at = models.BigIntegerField()
    number = models.BigIntegerField(null=True)
    heard = models.BooleanField(default=False)

    class Meta:
        db_table = "subscription_event"
        indexes = [
            Index(fields=["at"], name="subscription_event_at"),
            Index(fields=["subscription_id", "heard", "id"], name="subscription_event_next"),
        ]
        constraints = [
            UniqueConstraint(fields=["subscription_id", "number"], name="subscription_event_once"),
        ]
