"""Efterser loggen, forsegler det, der venter, og skriver kontrolpunkter ud til underskrift et andet sted."""

import argparse
import json
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from barnetsbog.cli import CommandError, add_data, out_to
from barnetsbog.cli_faults import told, why
from barnetsbog.kernel.decisions import LogDown
from barnetsbog.kernel.numbers import danish

from .instance import NoInstance, open_existing

if TYPE_CHECKING:
    from barnetsbog.audit.checkpoints import Mark
    from barnetsbog.audit.diagnosis import Damage
    from barnetsbog.audit.verifying import Verdict


class _BadUse(Exception):
    """What was asked for makes no sense: exit code 2."""


UNCHECKED = 3
"""The exit code of a check that could not be made: 1 says that the log was changed."""


_FAULT = "der er en fejl i programmet (den står herover). Send den til den, der vedligeholder det."


def add(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(dest="act", metavar="HVAD", required=True)
    verify = acts.add_parser(
        "verify", help="efterse hele loggen; kode 1 og den første forkerte post, hvis den er ændret, 3: ikke efterset"
    )
    verify.add_argument("--against", metavar="FIL", type=Path, action="append", default=[], help="et gemt kontrolpunkt")
    verify.add_argument("--json", action="store_true", help="skriv resultatet som et JSON-objekt")
    seal = acts.add_parser("seal", help="giv det, der venter, dets plads i kæden, og lav et kontrolpunkt")
    checkpoint = acts.add_parser("checkpoint", help="skriv det nyeste kontrolpunkt ud, så det kan underskrives")
    checkpoint.add_argument("--out", metavar="FIL", type=Path, help="skriv til en fil i stedet for skærmen")
    checkpoint.add_argument(
        "--since", metavar="FIL", type=Path, help="bevis også, at loggen fortsætter dette kontrolpunkt"
    )
    proof = acts.add_parser("proof", help="bevis, at én hændelse står i loggen")
    proof.add_argument("event", metavar="ID", help="hændelsens id")
    for act in (verify, seal, checkpoint, proof):
        add_data(act)


def run(options: argparse.Namespace) -> int:
    acts: dict[str, Callable[[argparse.Namespace], int]] = {
        "verify": _verify, "seal": _seal, "checkpoint": _checkpoint, "proof": _proof,
    }  # fmt: skip
    checks = options.act == "verify"
    try:
        open_existing(options.data, rights_in_step=False, log_in_order=not checks)
        return acts[options.act](options)
    except (NoInstance, _BadUse) as error:
        print(f"bog audit: {error}", file=sys.stderr)
        return 2
    except Exception as error:
        if not checks or isinstance(error, BrokenPipeError):
            raise
        said = str(error) if isinstance(error, CommandError | LogDown) else told(error)
        if said is None:  # a fault of the program's is no word about the log
            traceback.print_exc()
            said = _FAULT
        return _unchecked(said, options.json)


def _unchecked(why_not: str, as_json: bool) -> int:
    print(f"bog audit: loggen er ikke efterset. {why_not[0].upper()}{why_not[1:]}", file=sys.stderr)
    if as_json:
        print(json.dumps({"sound": None, "why": why_not}, ensure_ascii=False))
    return UNCHECKED


# -- verify ------------------------------------------------------------------------------------------------------------


def _verify(options: argparse.Namespace) -> int:
    from django.db import DatabaseError

    from barnetsbog.audit import checks
    from barnetsbog.audit.verifying import verify

    against, started = [_read_mark(path) for path in options.against], time.perf_counter()
    try:
        verdict = verify(against=against)
    except DatabaseError as error:
        if told(error):  # the machine is in the way, and nothing is known of the log
            raise
        said = f"loggen kan ikke læses til ende, og det kan være en skade: {str(error).strip()}"
        print(f"bog audit: {said}", file=sys.stderr)
        if options.json:
            print(json.dumps({"sound": False, "why": said}, ensure_ascii=False))
        return 1
    seconds = time.perf_counter() - started
    lines = [*_sentences(verdict, seconds, len(against)), *_damage(verdict.damage)]
    try:
        checks.keep(verdict)
    except DatabaseError:
        lines.append("Resultatet kunne ikke gemmes til tilsynets side: databasen tager ikke imod.")
    print("\n".join(lines), file=sys.stderr if options.json else sys.stdout)
    if options.json:
        print(json.dumps(_as_dict(verdict, seconds), ensure_ascii=False))
    return 1 if verdict.damage else 0


def _sentences(verdict: "Verdict", seconds: float, against: int) -> list[str]:
    speed = f"{verdict.size / seconds:.0f} i sekundet" if seconds else ""
    took = f"på {danish(seconds, 1)} sekunder ({speed})"
    lines = [f"{verdict.size} poster efterset {took}, {verdict.checkpoints} kontrolpunkter."]
    if verdict.unsealed:
        lines.append(
            f"{verdict.unsealed} hændelser har endnu ingen plads i kæden; den ældste har ventet {verdict.oldest} "
            "sekunder. Kør ./bog audit seal, hvis serveren ikke kører."
        )
    if verdict.spooled:
        lines.append(f"{verdict.spooled} akutte opslag venter i audit-spool.jsonl på at komme i loggen.")
    if verdict.damage is None:
        lines.append("Loggen er i orden." + (" Den fortsætter kontrolpunktet." if against else ""))
    elif against and verdict.damage.kind == "checkpoint":
        lines.append("Loggen er ikke den, som kontrolpunktet blev taget af.")
    return lines


_WRONG = {
    "changed": "er ændret",
    "missing": "mangler: den er slettet",
    "inserted": "er skudt ind: den blev ikke skrevet af Barnets Bog på denne plads",
    "out-of-order": "er flyttet: den hører til et andet sted i rækken",
    "truncated": "og alt efter den mangler: loggen er skåret af",
    "head": "Rækken, der siger, hvor loggen slutter, er ændret",
    "checkpoint": "Loggen stemmer ikke med et kontrolpunkt",
    "spool": "er ikke, som den blev skrevet",
    "key": "Nøglen (audit.key) er ikke den, loggen er skrevet med, eller hele loggen er lavet om",
}
NEXT = (
    "Rør ikke ved databasen. Tag en kopi af mappen og databasen, sig det til den, der har ansvar for sikkerheden, "
    "og sammenlign med en sikkerhedskopi."
)


def _damage(damage: "Damage | None") -> list[str]:
    if damage is None:
        return []
    wrong = _WRONG[damage.kind]
    if damage.kind in ("head", "key"):
        told = f"{wrong}."
    elif damage.kind == "checkpoint":
        told = f"{wrong}: en post fra nummer {damage.since or 0} til {damage.seq} er ikke, som den var."
    elif damage.kind == "spool":
        told = f"Linje {damage.seq} i audit-spool.jsonl {wrong}."
    else:
        told = f"{_named(damage)} {wrong}."
    return [f"LOGGEN ER SKADET. {told}", NEXT]


def _named(damage: "Damage") -> str:
    """The record, by everything that is known of it."""
    if damage.seq is None:
        name = "Første forkerte post: en hændelse uden plads i kæden"
    else:
        name = f"Første forkerte post: nummer {damage.seq}"
    known = [f"hændelse {damage.event_id}" if damage.event_id else "", _time(damage.at)]
    return name + "".join(f", {one}" for one in known if one)


def _time(at: int | None) -> str:
    from barnetsbog.kernel.time import moment

    try:
        return f"{moment(at):%d.%m.%Y kl. %H.%M.%S}" if at is not None else ""
    except (OverflowError, ValueError):  # whoever changed it may have written anything
        return f"tid {at}"


def _as_dict(verdict: "Verdict", seconds: float) -> dict[str, Any]:
    damage = verdict.damage
    return {
        "sound": damage is None, "records": verdict.size, "seconds": round(seconds, 3), "head": verdict.head.hex(),
        "root": verdict.root.hex(), "checkpoints": verdict.checkpoints, "unsealed": verdict.unsealed,
        "oldest_unsealed_seconds": verdict.oldest, "spooled": verdict.spooled,
        "damage": damage and {
            "kind": str(damage.kind), "seq": damage.seq, "event": damage.event_id and str(damage.event_id),
            "at": damage.at, "since": damage.since,
        },
    }  # fmt: skip


def _read_mark(path: Path) -> "Mark":
    from barnetsbog.audit.checkpoints import imported
    from barnetsbog.audit.keys import chain

    try:
        log, mark = imported(path.read_bytes())
    except OSError as error:
        raise _BadUse(f"{path} kan ikke læses: {why(error)}.") from None
    except ValueError:
        raise _BadUse(f"{path} er ikke et kontrolpunkt fra ./bog audit checkpoint.") from None
    if log != chain().name:
        raise _BadUse(f"{path} er et kontrolpunkt af en anden log (eller nøglen audit.key er skiftet ud).")
    return mark


# -- seal, checkpoint, proof -------------------------------------------------------------------------------------------


def _seal(options: argparse.Namespace) -> int:
    from barnetsbog.audit.sealing import seal

    done = seal(checkpoint=True)
    print(f"{done.sealed} hændelser fik plads i kæden, {done.from_spool} kom fra akutte opslag.")
    print(f"Kontrolpunkt ved post {done.checkpoint.size}." if done.checkpoint else "Intet nyt til et kontrolpunkt.")
    return 0


def _checkpoint(options: argparse.Namespace) -> int:
    from barnetsbog.audit.checkpoints import exported, newest
    from barnetsbog.audit.proving import continued
    from barnetsbog.audit.sealing import seal

    since = _read_mark(options.since) if options.since else None
    seal(checkpoint=True)
    found = newest()
    if found is None:
        raise CommandError("loggen er tom. Der er intet at lave et kontrolpunkt af.")
    content = continued(since) if since else exported(found[0])
    if since and not _continues(content):
        raise CommandError(
            f"loggen fortsætter ikke {options.since}: den er skåret af eller lavet om siden. Intet er skrevet. "
            f"Kør ./bog audit verify --against {options.since}"
        )
    _write(content, options.out)
    return 0


def _continues(content: dict[str, Any]) -> bool:
    """Whether the proof proves what it is to prove: of another log than that of the old checkpoint it can't."""
    from barnetsbog.audit.proofs import is_continued

    old = content["continues"]
    roots = [bytes.fromhex(one["root"]) for one in (old, content)]
    path = [bytes.fromhex(one) for one in old["proof"]]
    return is_continued(old["size"], roots[0], content["size"], roots[1], path)


def _proof(options: argparse.Namespace) -> int:
    from barnetsbog.audit.proving import inclusion
    from barnetsbog.kernel.decisions import NotFound

    try:
        content = inclusion(UUID(options.event))
    except ValueError:
        raise _BadUse(f"»{options.event}« er ikke et id.") from None
    except NotFound:
        raise CommandError("hændelsen står ikke i et kontrolpunkt. Kør ./bog audit seal, og prøv igen.") from None
    _write(content, None)
    return 0


def _write(content: dict[str, Any], out: Path | None) -> None:
    with out_to(out) as file:
        file.write(json.dumps(content, ensure_ascii=False, indent=2).encode() + b"\n")
