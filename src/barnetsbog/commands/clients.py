"""`./bog fhir client` and `./bog fhir token`: who may call, and a token to try it with in a demonstration."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from barnetsbog.cli import CommandError, add_data, add_port, whole
from barnetsbog.kernel.decisions import NotFound, Refused

from .instance import open_existing
from .serving import ADDRESS

if TYPE_CHECKING:
    from barnetsbog.clients.model import Client


def add(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    client = actions.add_parser("client", help="systemer og apps, der må kalde: tilføj, se, luk, skift nøgler")
    steps = client.add_subparsers(title="hvad", required=True, metavar="HVAD")
    _adding(steps.add_parser("add", help="tilføj et system (med --role) eller en app (med --redirect)"))
    listing = steps.add_parser("list", help="se dem, der er tilføjet")
    listing.set_defaults(do=_list)
    for name, text, do in (("disable", "luk for en klient, med det samme", _disable), ("enable", "åbn igen", _enable)):
        step = steps.add_parser(name, help=text)
        step.add_argument("id", metavar="ID")
        step.set_defaults(do=do)
    keys = steps.add_parser("keys", help="nye nøgler i stedet for de gamle")
    keys.add_argument("id", metavar="ID")
    keys.add_argument("--jwks", type=Path, required=True, metavar="FIL", help="offentlige nøgler (JWK Set)")
    keys.set_defaults(do=_keys)
    notify = steps.add_parser("notify", help="andre steder, hvor klienten må få besked; uden --notify-url ingen")
    notify.add_argument("id", metavar="ID")
    _telling(notify)
    notify.set_defaults(do=_notify)
    token = actions.add_parser("token", help="en adgangsnøgle til demonstrationen")
    token.add_argument("--client", default="ppr", metavar="ID", help="hvilket af demonstrationens systemer (ppr)")
    add_port(token)
    token.set_defaults(do=_token)
    for one in steps.choices.values():
        add_data(one)
    add_data(token, "demo-data")


def _adding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--id", required=True, help="små bogstaver, tal og bindestreger")
    parser.add_argument("--name", required=True, metavar="NAVN", help="det, brugerne ser i loggen")
    parser.add_argument(
        "--scope", required=True, action="append", metavar="SCOPE", help="system/Observation.rs; kan gentages"
    )
    parser.add_argument(
        "--role", default="", metavar="ROLLE", help="system, master_data, record_system eller log_reader"
    )
    parser.add_argument("--unit", default="", metavar="ENHED", help="navn eller id på den enhed, systemet handler for")
    parser.add_argument("--jwks", type=Path, metavar="FIL", help="offentlige nøgler (JWK Set)")
    parser.add_argument(
        "--redirect", action="append", default=[], metavar="URL", help="hvor en app får sin bruger tilbage"
    )
    parser.add_argument(
        "--origin", action="append", default=[], metavar="URL", help="sider, der må kalde fra en browser"
    )
    _telling(parser)
    parser.add_argument(
        "--level", default="substantial", choices=["substantial", "high"], help="NSIS-niveau (substantial)"
    )
    parser.add_argument("--per-minute", type=whole(1), default=600, metavar="ANTAL", help="kald i minuttet (600)")
    parser.add_argument("--per-day", type=whole(1), default=100_000, metavar="ANTAL", help="kald i døgnet (100000)")
    parser.add_argument(
        "--days", type=whole(1, 36500), metavar="DAGE", help="gælder så mange dage; ellers til den lukkes"
    )
    parser.set_defaults(do=_add)


def _telling(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--notify-url", action="append", default=[], metavar="URL",
        help="hvor systemet må få besked om det, der sker: https://system.example, eller broker",
    )  # fmt: skip
    parser.add_argument("--notify-full", action="store_true", help="hele ressourcer må sendes med beskeden")


def _add(options: argparse.Namespace) -> int:
    open_existing(options.data)
    from barnetsbog.clients.operations import New, register
    from barnetsbog.record.scope import LoginLevel

    unit = _unit(options.unit) if options.unit else None
    new = New(
        options.id, options.name, " ".join(options.scope), role=options.role, unit_id=unit, jwks=_read(options.jwks),
        redirects=tuple(options.redirect), origins=tuple(options.origin), level=LoginLevel(options.level),
        per_minute=options.per_minute, per_day=options.per_day, days=options.days,
        notify=tuple(options.notify_url), full=options.notify_full,
    )  # fmt: skip
    made: Client = _tried(register, new)
    print(f"»{made.name}« ({made.id}) må kalde nu.")
    return 0


def _unit(text: str) -> UUID:
    from barnetsbog.directory.queries import units_called

    try:
        return UUID(text)
    except ValueError:
        pass
    found = units_called(text)
    if len(found) != 1:
        raise CommandError(f"{'flere enheder' if found else 'ingen enhed'} hedder »{text}«. Skriv dens id i stedet.")
    return found[0]


def _read(path: Path | None) -> str:
    try:
        return path.read_text(encoding="utf-8") if path else ""
    except (OSError, UnicodeDecodeError):
        raise CommandError(f"{path} kan ikke læses.") from None


def _tried(do: Any, *given: Any) -> Any:
    try:
        return do(*given)
    except Refused as why:
        raise CommandError(why.reason) from None
    except NotFound:
        raise CommandError("der er ingen klient med det id. Se dem med ./bog fhir client list.") from None


def _list(options: argparse.Namespace) -> int:
    open_existing(options.data)
    from barnetsbog.clients.clock import wall
    from barnetsbog.clients.queries import clients

    for one in clients():
        state = "åben" if one.usable(wall()) else "lukket"
        print(f"{one.id:<16} {state:<7} {one.role or 'app':<12} {one.name}  [{one.scopes}]")
    return 0


def _disable(options: argparse.Namespace) -> int:
    open_existing(options.data)
    from barnetsbog.clients.operations import close

    _tried(close, options.id)
    print(f"{options.id} er lukket. Det, den har fået udleveret, gælder ikke mere.")
    return 0


def _enable(options: argparse.Namespace) -> int:
    open_existing(options.data)
    from barnetsbog.clients.clock import wall
    from barnetsbog.clients.operations import known, open_again

    _tried(open_again, options.id)
    if not known(options.id).usable(wall()):
        raise CommandError(f"{options.id} er ikke lukket mere, men dens tid (--days) er gået. Tilføj en ny.")
    print(f"{options.id} må kalde igen.")
    return 0


def _keys(options: argparse.Namespace) -> int:
    open_existing(options.data)
    from barnetsbog.clients.operations import change_keys

    _tried(change_keys, options.id, _read(options.jwks))
    print(f"{options.id} har fået nye nøgler. De gamle gælder ikke mere.")
    return 0


def _notify(options: argparse.Namespace) -> int:
    open_existing(options.data)
    from barnetsbog.clients.operations import change_notify

    _tried(lambda: change_notify(options.id, options.notify_url, full=options.notify_full))
    places = ", ".join(options.notify_url)
    print(
        f"{options.id} må nu få besked {f'på {places}' if places else 'ingen steder'}. Andre steder gælder ikke mere."
    )
    return 0


def _token(options: argparse.Namespace) -> int:
    open_existing(options.data)
    from barnetsbog.demo.clients import NoDemonstration, token

    base = f"http://{ADDRESS}:{options.port}"
    try:
        answer = token(options.data.resolve(), options.client, base)
    except NoDemonstration:
        raise CommandError(
            f"{options.data} er ikke en demonstration. Et rigtigt system henter selv sin adgangsnøgle."
        ) from None
    except NotFound:
        raise CommandError(f"demonstrationen har intet system, der hedder »{options.client}«.") from None
    if answer.status != 200:
        raise CommandError(f"nej: {answer.body.get('error_description', answer.body['error'])}")
    print(answer.body["access_token"])
    return 0
