"""What an instance has changed in the routing rules, and who decided it: rows that are only added (ADR 10)."""

from django.db import models

from barnetsbog.record.fields import IdField


class RoutingDraft(models.Model):
    """One saving of the instance's own changes, whole. `number` counts from 1 without a gap, so that of two who save
    after the same one only one succeeds, on however many servers."""

    number = models.IntegerField(primary_key=True)
    at = models.BigIntegerField()
    role_id = IdField()
    person_id = IdField(null=True)
    content = models.TextField()  # as `routing.files.written` writes it
    submitted = models.BooleanField()  # sent for approval
    valid_from = models.DateField(null=True)  # the first day that is wished for
    why = models.CharField(max_length=500)

    class Meta:
        db_table = "routing_draft"


class RoutingDecision(models.Model):
    """What became of a draft: a version from a day on, or not."""

    draft = models.IntegerField(primary_key=True)  # its number: there is one decision at most
    at = models.BigIntegerField()
    role_id = IdField()
    person_id = IdField(null=True)
    approved = models.BooleanField()
    valid_from = models.DateField(null=True)
    remark = models.CharField(max_length=500)

    class Meta:
        db_table = "routing_decision"
