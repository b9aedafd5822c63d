"""Starter serveren på en instans. En tom mappe bliver en almindelig instans, ikke en demonstration."""

import argparse

from barnetsbog.cli import add_data, add_port

from .instance import open_instance, require_writable, tell_operations
from .serving import ADDRESS, require_free, serve


def add(parser: argparse.ArgumentParser) -> None:
    add_data(parser)
    add_port(parser)


def run(options: argparse.Namespace) -> int:
    require_free(options.port)
    open_instance(options.data, quiet=False)
    require_writable(options.data)
    tell_operations()
    print(f"Barnets Bog: http://{ADDRESS}:{options.port}  (stop med Ctrl-C)", flush=True)
    return serve(options.port)
