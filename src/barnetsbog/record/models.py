"""The tables of the record. Only this package touches them; everyone else reads through the `Book`.

`child_id` leads every key, so that the tables can be partitioned or spread by child (docs/architecture.md, Scale).
There are no database foreign keys between them for the same reason; the writes keep them in step inside one
transaction. Instants are UTC microseconds (`kernel.time`).
"""

from django.db import models
from django.db.models import CompositePrimaryKey, Index, Q

from barnetsbog.fhir.searching import parameter_code

from .fields import IdField


class Instance(models.Model):
    """What this instance is: its id key, whether it is a demonstration, its frozen day."""

    key = models.CharField(max_length=40, primary_key=True)
    value = models.TextField()


WAITING = ("shelf", "lane", "unit_id", "holder_id", "offered_id", "start", "open")


class Entry(models.Model):
    """One thing known about one child, as pages, filters and search need it. Its words are in `Version`."""

    pk = CompositePrimaryKey("child_id", "id")
    child_id = IdField()
    id = IdField()
    kind = models.CharField(max_length=40)  # FHIR resource type
    what = models.CharField(max_length=20)  # what it is to people: meeting, letter, goal ... (promotion.WHAT)
    shelf = models.SmallIntegerField()  # block and class, as far as rights go (`shelves`)
    lane = models.CharField(max_length=14)  # the sector that wrote it
    month = models.IntegerField()  # local month of `start` as 202611; 0 = does not stand on the timeline
    start = models.BigIntegerField()  # effective time (virkning)
    end = models.BigIntegerField(null=True)
    exactness = models.SmallIntegerField()  # of `start`, as its source tells it (kernel.time.Exactness)
    end_exactness = models.SmallIntegerField()  # the same of `end`
    title = models.CharField(max_length=300)
    status = models.CharField(max_length=30)
    author_id = IdField(null=True)  # a role in the directory, or an entry of this child (RelatedPerson, Patient)
    unit_id = IdField(null=True)
    open = models.BooleanField()  # a task that waits, an answer that is missing, an appointment to come
    holder_id = IdField(null=True)  # who has the ball
    offered_id = IdField(null=True)  # whom it is offered to: a role, a unit or somebody of the family
    due = models.BigIntegerField(null=True)  # of a task; of a consent, its end; of a plan, its follow-up
    important = models.BooleanField()
    imported = models.BooleanField()  # old history, its date is uncertain
    version = models.IntegerField()
    fingerprint = models.BigIntegerField()  # of the content, to know that nothing changed
    recorded_at = models.BigIntegerField()  # registration time (registrering) of the current version
    source = models.CharField(max_length=60)
    source_ref = models.CharField(max_length=160)  # `Type/id` in the source

    class Meta:
        db_table = "entry"
        indexes = [
            # Holds all that counting needs, so that ten thousand entries are counted without being opened.
            Index(
                fields=["child_id", "month", "lane", "shelf", "unit_id"],
                name="entry_timeline",
                condition=Q(month__gt=0),
            ),
            Index(fields=["child_id", "start"], name="entry_newest", condition=Q(month__gt=0)),
            Index(fields=["child_id", "what", "start"], name="entry_what"),
            # Holds all that a list of what waits is filtered, sorted and counted by, so that nothing is read beside it.
            Index(fields=["child_id", "what", "due", *WAITING], name="entry_open", condition=Q(open=True)),
            Index(fields=["holder_id"], name="entry_holder", condition=Q(open=True)),
            Index(fields=["holder_id"], name="entry_coordinator", condition=Q(what="team")),
            Index(fields=["child_id", "what", "due"], name="entry_due", condition=Q(due__isnull=False, open=False)),
            # To place what arrived before its author's unit did.
            Index(
                fields=["author_id"], name="entry_unplaced", condition=Q(unit_id__isnull=True, author_id__isnull=False)
            ),
            # So does a birth date its child.
            Index(fields=["start"], name="entry_born", condition=Q(what="child")),
            # The index of everybody that is not led by the child: a reference names an entry, not whose it is.
            Index(fields=["id"], name="entry_id"),
        ]


class Version(models.Model):
    """What an entry said at a time. Rows are added and never changed; a trigger guards it."""

    pk = CompositePrimaryKey("child_id", "entry_id", "number")
    child_id = IdField()
    entry_id = IdField()
    number = models.IntegerField()
    body = models.BinaryField()  # the FHIR resource, ids and references our own
    recorded_at = models.BigIntegerField()
    by_id = IdField(null=True)  # who registered it here: a role, or None for a connector
    on_behalf_of_id = IdField(null=True)  # the unit it was done for
    delivery_id = IdField(null=True)
    place = models.CharField(max_length=40)  # where in the delivery: `entry[3].resource`, `line 12`, or ''

    class Meta:
        db_table = "version"


class Delivery(models.Model):
    """What another system sent, word for word, and what became of it."""

    pk = CompositePrimaryKey("child_id", "id")
    child_id = IdField()  # kernel.ids.DIRECTORY when it speaks of none or of several children
    id = IdField()
    source = models.CharField(max_length=60)
    name = models.CharField(max_length=200)  # file name or message id
    fingerprint = models.BinaryField(max_length=32)  # SHA-256 of the payload
    payload = models.BinaryField()  # zlib
    received_at = models.BigIntegerField()
    by_id = IdField(null=True)
    refusals = models.JSONField(default=list)

    class Meta:
        db_table = "delivery"
        indexes = [
            Index(fields=["fingerprint", "source"], name="delivery_seen"),
            # When something came is told by the index alone: the row is as long as what was sent.
            Index(fields=["id", "received_at"], name="delivery_came"),
        ]


class _SearchRow(models.Model):
    """One value that an entry can be found by. `param` is `searching.parameter_code('Observation.code')`."""

    child_id = IdField()
    param = models.IntegerField()
    entry_id = IdField()

    class Meta:
        abstract = True


PERSON_IDENTIFIERS = tuple(map(parameter_code, ("Patient.identifier", "RelatedPerson.identifier")))
"""What a log-in is looked up by."""


class TokenRow(_SearchRow):
    pk = CompositePrimaryKey("child_id", "param", "code", "system", "entry_id")
    code = models.TextField()
    system = models.TextField()

    class Meta:
        db_table = "search_token"
        indexes = [
            # The parameter `Patient.identifier`: a number finds its child, among however many one may ask about.
            Index(fields=["code"], name="token_number", condition=Q(param=587468934)),
            # A log-in names a person and not whose book they are in; so small that it costs an import nothing.
            Index(fields=["code"], name="search_token_person", condition=Q(param__in=PERSON_IDENTIFIERS)),
        ]


class DateRow(_SearchRow):
    pk = CompositePrimaryKey("child_id", "param", "low", "high", "entry_id")
    low = models.BigIntegerField()
    high = models.BigIntegerField()

    class Meta:
        db_table = "search_date"


class ReferenceRow(_SearchRow):
    pk = CompositePrimaryKey("child_id", "param", "target", "entry_id")
    target = models.TextField()  # `Type/id`, or the address as it came when it leads out of the book

    class Meta:
        db_table = "search_reference"


class StringRow(_SearchRow):
    pk = CompositePrimaryKey("child_id", "param", "text", "entry_id")
    text = models.TextField()  # folded (fhir.searching)

    class Meta:
        db_table = "search_string"


class QuantityRow(_SearchRow):
    pk = CompositePrimaryKey("child_id", "param", "low", "high", "code", "system", "entry_id")
    low = models.FloatField()
    high = models.FloatField()
    code = models.TextField()
    system = models.TextField()

    class Meta:
        db_table = "search_quantity"


class Grant(models.Model):
    """The materialised answer to who may see what about which child, why and until when. `access` computes it.

    A grantee is a unit, a person of the family (their entry) or one role (break-glass). Level 0 forbids: it hides one
    entry from everybody but the child.
    """

    pk = CompositePrimaryKey("child_id", "grantee_id", "basis_id", "part")
    child_id = IdField()
    grantee_id = IdField()
    basis_id = IdField()  # what it follows from: an entry, or a break-glass record
    part = models.SmallIntegerField()  # one basis may open several things
    shelves = models.BigIntegerField()  # a bit for each shelf
    level = models.SmallIntegerField()  # 0 forbids, 2 headings, 3 contents
    source_id = IdField(null=True)  # only what this unit wrote
    lane = models.CharField(max_length=14)  # only what this sector wrote; '' any
    entry_id = IdField(null=True)  # only this entry, whatever its shelf
    rule = models.CharField(max_length=30)  # the rule that gives it (law/rules.yaml)
    purpose = models.CharField(max_length=30)
    valid_from = models.BigIntegerField()
    valid_to = models.BigIntegerField()

    class Meta:
        db_table = "access_grant"
        indexes = [
            # Whose children, and what somebody has been told: all that it is asked by, so that the rows of a unit's
            # thousands are not opened.
            Index(
                fields=["grantee_id", "rule", "child_id", "valid_from", "valid_to", "entry_id"],
                name="grant_grantee_rule",
            )
        ]


class ReadMark(models.Model):
    """Until where a person has marked a child's book as read. Per person, so no entry can hold it (ADR 0006)."""

    pk = CompositePrimaryKey("child_id", "reader_id")
    child_id = IdField()
    reader_id = IdField()
    at = models.BigIntegerField()

    class Meta:
        db_table = "read_mark"


class JoinedBook(models.Model):
    """A book that has been put into another child's, as long as it is (ADR 39)."""

    pk = CompositePrimaryKey("child_id", "other_id")
    child_id = IdField()
    other_id = IdField(unique=True)  # the child that the book was about
    at = models.BigIntegerField()

    class Meta:
        db_table = "joined_book"


class Former(models.Model):
    """Somebody of such a book who stands in this one too: a Patient, or a RelatedPerson."""

    pk = CompositePrimaryKey("child_id", "id")
    child_id = IdField()
    id = IdField(unique=True)
    kind = models.CharField(max_length=20)
    is_now = IdField()  # the entry that counts
    other_id = IdField()
    wrong = models.BooleanField()  # their number is somebody else's

    class Meta:
        db_table = "former"
        indexes = [Index(fields=["is_now"], name="former_now")]


class MovedEntry(models.Model):
    """What came with such a book, or follows it when they are taken apart."""

    pk = CompositePrimaryKey("child_id", "other_id", "id")
    child_id = IdField()
    other_id = IdField()
    id = IdField()
    arrived_as = models.IntegerField(null=True)  # the version that it was then; None: it was written here

    class Meta:
        db_table = "moved_entry"
        indexes = [Index(fields=["id"], name="moved_id")]
