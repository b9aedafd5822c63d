"""The log: who did what about whom, when and why. Rows are added and never changed; a trigger guards it."""

from django.db import models
from django.db.models import Index

from barnetsbog.record.fields import IdField


class Event(models.Model):
    id = IdField(primary_key=True)
    at = models.BigIntegerField()
    action = models.CharField(max_length=30)
    allowed = models.BooleanField()
    child_id = IdField(null=True)
    person_id = IdField(null=True)
    unit_id = IdField(null=True)
    role = models.CharField(max_length=30)
    purpose = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_event"
        indexes = [
            Index(fields=["child_id", "at"], name="audit_child"),
            Index(fields=["person_id", "at"], name="audit_person"),
        ]
