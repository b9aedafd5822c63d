"""Opening an instance: its folder, its database, its migrations."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from barnetsbog.cli import CommandError
from barnetsbog.cli_faults import told, why
from barnetsbog.kernel.folder import Made, made_in

if TYPE_CHECKING:
    from django.db.migrations.executor import MigrationExecutor


class NoInstance(CommandError):
    """Nothing was ever started in the folder."""


class LogInDoubt(CommandError):
    """The log is not the one of this database, or not of this key: nothing may be added to it."""


def open_existing(data: Path, *, rights_in_step: bool = True, log_in_order: bool = True) -> None:
    """For what looks after an instance: a folder that was misspelt must not become an empty book that is in order."""
    if not os.environ.get("DATABASE_URL") and not (data / Made.DATABASE).exists():
        raise NoInstance(f"der er ingen instans i {data}. Intet er gjort. Vælg mappen med --data.")
    open_instance(data, rights_in_step=rights_in_step, log_in_order=log_in_order)


def open_instance(data: Path, *, quiet: bool = True, rights_in_step: bool = True, log_in_order: bool = True) -> None:
    """Makes the folder and the tables if they are not there, and sets Django up for them. Rights that were derived with
    other rules are derived anew before anybody reads by them. `log_in_order`: only where the log can go on."""
    folder = data.resolve()
    os.umask(0o077)  # what is written from now on is about children: no other account of the machine reads it
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _shut(folder)
    except OSError as error:
        raise CommandError(f"mappen {data} kan ikke bruges: {why(error)}. Vælg en anden med --data.") from None
    os.environ["BOG_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barnetsbog.settings")
    import django

    try:
        django.setup()
    except ValueError as error:  # a setting that cannot be understood says so itself
        raise CommandError(str(error)) from None
    _migrate(quiet, folder)
    if log_in_order:
        _log_in_order()
    _rules_in_order(folder)
    _packages_in_order(folder)
    _log_in_in_order()
    if rights_in_step:
        _rights_in_step()


def require_writable(data: Path) -> None:
    """For a server: a book that nobody can write in can't be read either, because each read is logged."""
    if not os.access(data, os.W_OK):
        raise CommandError(f"mappen {data} kan kun læses. Giv kontoen lov til at skrive i den, og start igen.")


def _shut(folder: Path) -> None:
    """What an instance has made before is not for everybody either. Whether a group may read it is for whoever gave it
    one, and who does not own it can't change it."""
    for path in made_in(folder):
        if (mode := path.stat().st_mode & 0o777) & 0o007:
            with suppress(OSError):
                path.chmod(mode & 0o770)


def tell_operations() -> None:
    """For whoever starts the book: what is not set up, and what can't be used. Neither stops it."""
    from barnetsbog.audit.standing import behind
    from barnetsbog.delivery.channels.digital_post.sender import NOT_SET_UP, sender
    from barnetsbog.delivery.queue import ended
    from barnetsbog.forms.licences import licences_in_use
    from barnetsbog.kernel.time import DAY
    from barnetsbog.record.instance import now
    from barnetsbog.subscriptions.queries import in_error

    told = [] if sender() else [f"{NOT_SET_UP} Indtil da printes brevene."]
    told += [f"Licens: {fault} Skemaet beder kun om resultatet." for fault in licences_in_use().faults]
    aside = ended(now() - 30 * DAY)
    told += [f"{one.kind} {one.id} i udbakken er lagt til side: {one.why} Se programmets log." for one in aside]
    told += [f"Abonnement {one.id} ({one.client_id}) er i fejl: {one.error}" for one in in_error()]
    told += [said] if (said := behind()) else []
    for one in told:
        print(one, file=sys.stderr, flush=True)


def _rules_in_order(folder: Path) -> None:
    """The files of the law and of the deadlines are read before anything is stored by them; and what else the instance
    says itself, so that a child who writes that it is in danger is not the one who meets the fault."""
    from barnetsbog.deadlines.in_use import deadlines_in_use
    from barnetsbog.messages import danger
    from barnetsbog.readiness import files, queries

    try:
        deadlines_in_use()
        if (folder / danger.LOCAL).exists():
            danger.of_instance(folder)
        if (folder / files.LOCAL).exists():
            queries.requirements()
    except ValueError as error:  # a rule file that contradicts itself says so itself
        raise CommandError(str(error)) from None


def _packages_in_order(folder: Path) -> None:
    if not (folder / "fhir").is_dir():
        return
    from barnetsbog.fhir.packages import PackageError, gated, open_library

    try:
        open_library(folder)
        gated(folder)
    except PackageError as error:
        raise CommandError(str(error)) from None


def _log_in_in_order() -> None:
    """Nobody is let in by half a setup, and nobody finds out at the door."""
    from barnetsbog.login.setup import check

    try:
        check()
    except ValueError as error:  # the file says itself what is wrong with it
        raise CommandError(str(error)) from None


def _rights_in_step() -> None:
    from barnetsbog.access.rebuilding import in_step, rebuild_all
    from barnetsbog.directory.queries import all_children

    if in_step():
        return
    if all_children():
        print("Reglerne er ændret. Alles rettigheder udledes på ny ...", file=sys.stderr, flush=True)
    try:
        done = rebuild_all()
    except ValueError as error:  # a rule file that contradicts itself says so itself
        raise CommandError(str(error)) from None
    if done.children:
        print(f"{len(done.changes)} af {done.children} børns rettigheder er ændret.", file=sys.stderr, flush=True)


def _migrate(quiet: bool, folder: Path) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import DatabaseError

    def lacking() -> bool:
        executor = MigrationExecutor(connection)
        _require_no_newer(executor)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

    try:
        if not lacking():
            return
        with alone(folder):
            if not lacking():
                return
            if not quiet:
                print("Laver tabellerne ...", file=sys.stderr)
            with _whole_or_not_at_all():
                call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise CommandError(told(error) or f"databasen kan ikke åbnes: {str(error).strip()}") from None


@contextmanager
def _whole_or_not_at_all() -> Iterator[None]:
    """All of an upgrade is one transaction. Django writes down that a migration was made after that migration's own,
    where indexes are made last: whoever was stopped in between could never start again."""
    from django.db import connection, transaction

    connection.disable_constraint_checking()  # SQLite can't, once a transaction has begun
    try:
        with transaction.atomic():
            yield
    finally:
        connection.enable_constraint_checking()


@contextmanager
def alone(folder: Path, meanwhile: str = "") -> Iterator[None]:
    """One process at a time makes the tables, or a demonstration, also of several machines with one database: a server
    and a worker that start together after an upgrade both find that some are lacking. `meanwhile`: what is said to
    whoever has to wait."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ALONE])
            if cursor.fetchone() != (True,):
                _say(meanwhile)
                cursor.execute("SELECT pg_advisory_lock(%s)", [_ALONE])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_ALONE])
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say(meanwhile)
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


_ALONE = 0x626F67_7461626C  # a number of ours among the database's locks


def _say(text: str) -> None:
    if text:
        print(text, file=sys.stderr, flush=True)


def _log_in_order() -> None:
    """What the log says must go on from what it said: with another key, or in another database, it would be damaged for
    good by the first line that is added."""
    from barnetsbog.audit.standing import doubt

    if said := doubt():
        raise LogInDoubt(said)


def _require_no_newer(executor: "MigrationExecutor") -> None:
    """A program that goes back to an earlier release, and its data does not, would write what the later one can't
    read. A room that this program has none of is one of the later's."""
    from django.apps import apps

    not_ours = {one.label for one in apps.get_app_configs() if not one.name.startswith("barnetsbog.")}
    loader = executor.loader
    unknown = loader.applied_migrations.keys() - loader.disk_migrations
    newer = sorted(f"{app}.{name}" for app, name in unknown if app not in not_ours)
    if newer:
        raise CommandError(
            f"bogen er lavet af en nyere udgave af programmet ({newer[-1]}). Intet er gjort. Brug den udgave, eller "
            "læg en sikkerhedskopi tilbage, som er lavet med denne."
        )
