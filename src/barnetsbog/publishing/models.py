"""What an instance has changed in its routing rules and its forms, and who decided it: rows that are only added
(ADR 10, 22)."""

from django.db import models

from barnetsbog.record.fields import IdField


class DraftRow(models.Model):
    """One saving of the instance's own changes, whole. `number` counts from 1 without a gap, so that of two who save
    after the same one only one succeeds, on however many servers."""

    number = models.IntegerField(primary_key=True)
    at = models.BigIntegerField()
    role_id = IdField()
    person_id = IdField(null=True)
    content = models.TextField()
    submitted = models.BooleanField()  # sent for approval
    valid_from = models.DateField(null=True)  # the first day that is wished for
    why = models.CharField(max_length=500)

    class Meta:
        abstract = True


class DecisionRow(models.Model):
    """What became of a draft: a version from a day on, or not."""

    draft = models.IntegerField(primary_key=True)  # its number: there is one decision at most
    at = models.BigIntegerField()
    role_id = IdField()
    person_id = IdField(null=True)
    approved = models.BooleanField()
    valid_from = models.DateField(null=True)
    remark = models.CharField(max_length=500)

    class Meta:
        abstract = True


class RoutingDraft(DraftRow):
    """`content` is as `routing.files.written` writes it."""

    class Meta:
        db_table = "routing_draft"


class RoutingDecision(DecisionRow):
    class Meta:
        db_table = "routing_decision"


class FormDraft(DraftRow):
    """`content` is as `forms.local.written` writes it."""

    class Meta:
        db_table = "form_draft"


class FormDecision(DecisionRow):
    class Meta:
        db_table = "form_decision"


class FormRelease(models.Model):
    """A version of a form as the instance has published it: the very form that is answered, now and in ten years."""

    form = models.CharField(max_length=100)
    version = models.IntegerField()
    draft = models.IntegerField()  # what it was approved with
    valid_from = models.DateField()
    withdrawn = models.BooleanField()  # the form is not used any more
    content = models.TextField()  # a Questionnaire, as it was released; empty when it is withdrawn
    follows = models.IntegerField(null=True)  # the program's version that it says the same as
    pk = models.CompositePrimaryKey("form", "version")

    class Meta:
        db_table = "form_release"
