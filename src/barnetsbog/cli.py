"""The command line.

Commands are looked up by name and imported only when asked for, so that `./bog --help` and a second `./bog demo` start
quickly. Errors that a user can do something about end as one sentence, never as a traceback.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from barnetsbog.kernel.decisions import LogDown

from .cli_faults import KEPT, told, why
from .cli_words import speak_danish

COMMANDS = {
    "demo": "start demonstrationen med de tyve opdigtede børn",
    "serve": "start serveren på en instans",
    "worker": "send det, der venter på at blive sendt",
    "import": "tag imod FHIR JSON fra filer eller mapper",
    "export": "skriv et barns bog ud som FHIR JSON",
    "backup": "tag en sikkerhedskopi, også mens serveren kører",
    "rights": "udled alles rettigheder på ny, eller efterse dem",
    "index": "læs ud på ny, hvad bøgerne kan søges på",
    "audit": "efterse loggen, forsegl den, skriv kontrolpunkter ud",
    "bench": "mål farten, som forhold i samme kørsel",
    "forms": "se, sammenlign, efterse og udgiv skemaer",
    "fhir": "FHIR-pakker og profiler, og hvem der må kalde grænsefladen",
    "test": "kør alle tests",
    "check": "kør lint, typer, lag og skemaer",
}


class CommandError(Exception):
    """Something the user can do something about, in one sentence."""


def main(arguments: list[str] | None = None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    name = given[0] if given else "--help"
    if name in ("-h", "--help"):
        print(_usage())
        return 0
    if name not in COMMANDS:
        print(f"bog: der er ingen kommando, der hedder »{name}«.\n\n{_usage()}", file=sys.stderr)
        return 2
    return _run(name, given[1:])


def _usage() -> str:
    lines = "\n".join(f"  {name:<8} {text}" for name, text in COMMANDS.items())
    return f"Brug: ./bog KOMMANDO [valg]\n\n{lines}\n\n./bog KOMMANDO --help fortæller mere."


def _run(name: str, arguments: list[str]) -> int:
    speak_danish()
    module = importlib.import_module(f"barnetsbog.commands.{name}_command")
    parser = argparse.ArgumentParser(prog=f"bog {name}", description=module.__doc__)
    module.add(parser)
    try:
        options = parser.parse_args(arguments)
        if (broken := _not_text(options)) is not None:
            parser.error(f"{broken!a} er ikke skrevet i UTF-8. Intet er gjort. Se efter, hvad terminalen er sat til.")
        return int(module.run(options))
    except (CommandError, LogDown) as error:
        print(f"bog {name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"bog {name}: stoppet. {KEPT}", file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if (said := told(error)) is None:
            raise
        print(f"bog {name}: {said}", file=sys.stderr)
        return 1


def _not_text(options: argparse.Namespace) -> str | None:
    """The first thing given that is no text in UTF-8, and so can be neither stored nor looked for. (A path may be of
    any bytes.)"""
    for value in vars(options).values():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str) and any("\ud800" <= sign <= "\udfff" for sign in one):
                return one
    return None


@contextmanager
def out_to(path: Path | None) -> Iterator[BinaryIO]:
    """The file that a command writes to, or the screen. Opened before what is written is made, so that nothing is done,
    and nothing stands in the log, for a file that can't be written. Until all of it is there it is called `.half`: a
    command that is stopped leaves an earlier file as it was, and no half one that looks whole."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    final = path.resolve()
    goes_on = final.exists() and not final.is_file()  # a pipe or a device, or a folder
    half = final if goes_on else final.with_name(f"{final.name}.half")
    try:
        with half.open("wb") as file:
            yield file
            if not goes_on:
                file.flush()
                os.fsync(file.fileno())
                half.replace(final)
    except OSError as error:
        raise CommandError(f"{path} kan ikke skrives: {why(error)}.") from None
    finally:
        if not goes_on:
            with suppress(OSError):
                half.unlink()


def add_data(parser: argparse.ArgumentParser, default: str = "data") -> None:
    parser.add_argument(
        "--data", metavar="MAPPE", type=Path, default=Path(default), help=f"instansens mappe ({default})"
    )


def add_port(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=whole(1, 65535), default=8000, help="port på 127.0.0.1 (8000)")


def whole(least: int, most: int = 1_000_000_000) -> Callable[[str], int]:
    """For an option that is a whole number."""

    def number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"»{text}« er ikke et helt tal fra {least} til {most}.")
        return int(text)

    return number
