"""The outbox: what an entry can't hold, because it is about a message's way and not about the child (ADR 20)."""

from django.db import models
from django.db.models import CompositePrimaryKey, Index, Q, UniqueConstraint

from barnetsbog.record.fields import IdField


class Outbox(models.Model):
    """One thing for one receiver by one channel. It holds ids and no word of what is sent."""

    pk = CompositePrimaryKey("child_id", "id")
    child_id = IdField()
    id = IdField()  # also the key by which a channel knows it
    kind = models.CharField(max_length=20)
    subject_id = IdField()
    to = models.CharField(max_length=80)
    channel = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    by_id = IdField()
    unit_id = IdField()
    at = models.BigIntegerField()
    state = models.CharField(max_length=10)
    attempts = models.IntegerField(default=0)
    begun = models.IntegerField(default=0)  # tries in a row of which nothing was heard: its worker was ended
    next_at = models.BigIntegerField()
    why = models.CharField(max_length=300, default="")

    class Meta:
        db_table = "outbox"
        indexes = [
            Index(fields=["next_at"], condition=Q(state="waiting"), name="outbox_waiting"),
            Index(fields=["child_id", "subject_id"], name="outbox_subject"),
        ]
        constraints = [
            UniqueConstraint(fields=["child_id", "subject_id", "to"], name="outbox_once_each"),
        ]
