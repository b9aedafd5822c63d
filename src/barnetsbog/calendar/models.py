"""What an entry can't hold: a feed is about the one who reads it, not a part of a child's story (ADR 15)."""

from django.db import models
from django.db.models import Index, Q, UniqueConstraint

from barnetsbog.record.fields import IdField


class Feed(models.Model):
    """Somebody's own calendar address. The secret in it is stored as its SHA-256 and nowhere else."""

    id = IdField(primary_key=True)
    person_id = IdField()  # a role, or somebody's entry in a child's book
    child_id = IdField(null=True)  # whose book, for somebody of the family
    digest = models.CharField(max_length=64, unique=True)
    with_place = models.BooleanField()
    made_at = models.BigIntegerField()
    ended_at = models.BigIntegerField(null=True)
    hour = models.BigIntegerField(default=0)  # the hour that `fetched` counts
    fetched = models.IntegerField(default=0)

    class Meta:
        db_table = "calendar_feed"
        indexes = [Index(fields=["person_id", "child_id"], name="calendar_feed_person")]
        constraints = [
            UniqueConstraint(fields=["person_id"], condition=Q(ended_at=None), name="calendar_feed_one_each"),
        ]
