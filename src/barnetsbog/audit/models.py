"""The log: who did what about whom, when and why, and the chain that proves it.

Events and links are added and never changed; triggers guard them. The chain stands in a table of its own, because on
PostgreSQL an event gets its place only after its transaction has ended (ADR 7).
"""

from typing import Any

import orjson
from django.db import models
from django.db.models import Index

from barnetsbog.record.fields import IdField


class JsonText(models.TextField):  # type: ignore[type-arg]
    """JSON that is kept as the text it was written as, because that text is what is hashed."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> Any:
        return None if value is None else orjson.loads(value)

    def get_prep_value(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()


class Event(models.Model):
    id = IdField(primary_key=True)
    at = models.BigIntegerField()
    action = models.CharField(max_length=30)
    allowed = models.BooleanField()
    child_id = IdField(null=True)
    person_id = IdField(null=True)  # the role that acted
    unit_id = IdField(null=True)
    role = models.CharField(max_length=30)
    purpose = models.CharField(max_length=60)
    reason = models.CharField(max_length=300)
    detail = JsonText(default=dict)

    class Meta:
        db_table = "audit_event"
        indexes = [
            Index(fields=["child_id", "at"], name="audit_child"),
            Index(fields=["person_id", "at"], name="audit_person"),
        ]


class Link(models.Model):
    """An event's place in the chain."""

    seq = models.BigIntegerField(primary_key=True)
    event_id = IdField(unique=True)
    leaf = models.BinaryField()  # of the event as it was
    hash = models.BinaryField()  # of the hash before and the leaf, with the key

    class Meta:
        db_table = "audit_link"


class Unsealed(models.Model):
    """An event that has no place in the chain yet."""

    event_id = IdField(primary_key=True)
    mac = models.BinaryField()  # so that only what `note` wrote gets a place

    class Meta:
        db_table = "audit_unsealed"


class Head(models.Model):
    """Where the chain ends: one row. Who extends the chain locks it."""

    id = models.SmallIntegerField(primary_key=True)
    size = models.BigIntegerField()
    hash = models.BinaryField()
    mac = models.BinaryField()

    class Meta:
        db_table = "audit_head"


class Checkpoint(models.Model):
    """The log at one moment, as it can be exported and signed."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    head = models.BinaryField()
    peaks = models.BinaryField()  # the tree's full subtrees, to go on from
    previous = models.BinaryField()  # hash of the checkpoint before
    at = models.BigIntegerField()  # by the clock, also in a demonstration

    class Meta:
        db_table = "audit_checkpoint"
