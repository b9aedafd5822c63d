"""Reference tables: small, the same on every node, and without anything about a child beyond identity.

They are projections of directory resources (Organization, Practitioner, PractitionerRole) and of Patient, kept in
step by the write that stores the resource.
"""

from django.db import models
from django.db.models import Index

from barnetsbog.record.fields import IdField


class Child(models.Model):
    """Who a book is about, as far as finding it needs."""

    id = IdField(primary_key=True)
    given = models.CharField(max_length=120)
    family = models.CharField(max_length=120)
    called = models.CharField(max_length=120)
    search_name = models.CharField(max_length=240)  # folded, "given family"
    born = models.DateField(null=True)
    gender = models.CharField(max_length=10)

    class Meta:
        db_table = "child"
        indexes = [Index(fields=["born", "search_name"], name="child_name_born")]


class ChildIdentifier(models.Model):
    """A person number that leads to a child. Several may: a temporary number, then a CPR number. A child without one is
    led to by what its source calls it (`source:NAME`)."""

    system = models.CharField(max_length=80)
    value = models.CharField(max_length=160)
    child_id = IdField()

    class Meta:
        db_table = "child_identifier"
        constraints = [models.UniqueConstraint(fields=["system", "value"], name="child_identifier_once")]
        indexes = [Index(fields=["child_id"], name="child_identifier_child")]


class Unit(models.Model):
    """An organisation or a unit of one."""

    id = IdField(primary_key=True)
    name = models.CharField(max_length=200)
    parent_id = IdField(null=True)
    sector = models.CharField(max_length=14)
    phone = models.CharField(max_length=30)
    active = models.BooleanField(default=True)
    successor_id = IdField(null=True)  # the unit that took over when this one closed

    class Meta:
        db_table = "unit"


class Professional(models.Model):
    id = IdField(primary_key=True)
    name = models.CharField(max_length=200)
    active = models.BooleanField(null=True)  # null: nobody has said that they have stopped

    class Meta:
        db_table = "professional"


class Role(models.Model):
    """A professional in a unit: who acts, writes and holds the ball."""

    id = IdField(primary_key=True)
    professional_id = IdField(null=True)
    unit_id = IdField(null=True)
    code = models.CharField(max_length=30)
    title = models.CharField(max_length=120)
    phone = models.CharField(max_length=30)
    active = models.BooleanField()
    start = models.BigIntegerField(null=True)  # UTC microseconds; null: always
    end = models.BigIntegerField(null=True)  # not included; null: for ever

    class Meta:
        db_table = "role"
        indexes = [Index(fields=["unit_id"], name="role_unit"), Index(fields=["professional_id"], name="role_person")]


class Edition(models.Model):
    """One row, or none where nothing has been written yet. Its mark is another random one whenever a unit, a person or
    a role has changed (triggers see to it), so that what is kept of the directory in memory is known to be true.
    Random, because a change that is undone must not leave its number to the next."""

    id = models.SmallIntegerField(primary_key=True)
    mark = IdField()

    class Meta:
        db_table = "directory_edition"


class Absence(models.Model):
    """Somebody is away from a job for a time, and who does it meanwhile. What is open then is theirs to take over: that
    follows from this row at each reading and is written nowhere else (ADR 9)."""

    id = IdField(primary_key=True)
    role_id = IdField()
    start = models.BigIntegerField()
    end = models.BigIntegerField()  # not included
    substitute_id = IdField(null=True)  # a role; without one it is for everybody in the unit
    recorded_at = models.BigIntegerField()
    by_id = IdField()

    class Meta:
        db_table = "absence"
        indexes = [Index(fields=["role_id", "end"], name="absence_role")]
