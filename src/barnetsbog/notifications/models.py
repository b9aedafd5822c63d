"""What an entry can't hold: where somebody wants to be told, which is about them and no part of a child's story
(ADR 35)."""

from django.db import models
from django.db.models import Index, Q, UniqueConstraint

from barnetsbog.record.fields import IdField


class NoticeChoice(models.Model):
    """One for each person of a family in each book. Nobody who reads the book can see it."""

    id = IdField(primary_key=True)
    child_id = IdField()
    person_id = IdField()
    way = models.CharField(max_length=10)
    address = models.CharField(max_length=200)
    quiet_since = models.IntegerField()
    quiet_until = models.IntegerField()
    confirmed_at = models.BigIntegerField(null=True)
    code = models.CharField(max_length=64, default="")  # its digest
    code_until = models.BigIntegerField(default=0)
    tries = models.IntegerField(default=0)
    codes_day = models.CharField(max_length=10, default="")  # the day that `codes` counts
    codes = models.IntegerField(default=0)
    look_at = models.BigIntegerField(default=0)
    counts = models.CharField(max_length=60, default="")  # how many waited of each kind at the last look
    told_at = models.BigIntegerField(null=True)
    acute_at = models.BigIntegerField(null=True)

    class Meta:
        db_table = "notice_choice"
        indexes = [
            Index(fields=["look_at"], condition=Q(confirmed_at__isnull=False), name="notice_due"),
            Index(fields=["address"], name="notice_address"),
        ]
        constraints = [UniqueConstraint(fields=["child_id", "person_id"], name="notice_one_each")]
