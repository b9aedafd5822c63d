"""What an entry can't hold: a look-up in an emergency is about the one who looked, not a part of the child's story."""

from django.db import models
from django.db.models import Index

from barnetsbog.record.fields import IdField


class BreakGlass(models.Model):
    """A break-glass look-up (værdispring), and what its review said (ADR 8)."""

    id = IdField(primary_key=True)
    child_id = IdField()
    role_id = IdField()
    unit_id = IdField()
    at = models.BigIntegerField()
    until = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    address_reason = models.CharField(max_length=500)  # why also what reveals an address; '' it was not opened
    reviewed_at = models.BigIntegerField(null=True)
    reviewed_by = IdField(null=True)
    justified = models.BooleanField(null=True)
    remark = models.CharField(max_length=500)
    told_at = models.BigIntegerField(null=True)  # when the family may see it in their log

    class Meta:
        db_table = "break_glass"
        indexes = [
            Index(fields=["child_id", "until"], name="break_glass_child"),
            Index(fields=["unit_id", "reviewed_at"], name="break_glass_review"),
        ]
