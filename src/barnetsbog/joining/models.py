"""What an entry can't hold: that two books may be one is about both, and nobody's to read in either (ADR 39)."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Index

from barnetsbog.record.fields import IdField


class Joining(models.Model):
    """A proposal to join two books, what was decided, and what is needed to take them apart."""

    id = IdField(primary_key=True)
    kept_id = IdField()
    other_id = IdField()
    at = models.BigIntegerField()
    by_id = IdField()
    person_id = IdField(null=True)
    why = models.CharField(max_length=500)
    certain = models.BooleanField()  # that they are no twins
    wrong = models.BooleanField()  # the other's number is somebody else's
    decided_at = models.BigIntegerField(null=True)
    decided_by = IdField(null=True)
    approved = models.BooleanField(null=True)
    remark = models.CharField(max_length=500, default="")
    told = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # what the directory had of the other child
    glass = models.JSONField(default=list)  # its look-ups without consent
    apart_at = models.BigIntegerField(null=True)
    apart_by = IdField(null=True)
    apart_why = models.CharField(max_length=500, default="")

    class Meta:
        db_table = "joining"
        indexes = [Index(fields=["kept_id"], name="joining_kept"), Index(fields=["other_id"], name="joining_other")]


class Sighting(models.Model):
    """Somebody who works with a child has told that it may have two books, and what they have seen."""

    id = IdField(primary_key=True)
    child_id = IdField()
    at = models.BigIntegerField()
    by_id = IdField()
    unit_id = IdField()
    seen = models.CharField(max_length=500)
    answered_at = models.BigIntegerField(null=True)
    answered_by = IdField(null=True)

    class Meta:
        db_table = "joining_sighting"
        indexes = [Index(fields=["child_id"], name="joining_sighting_child")]
