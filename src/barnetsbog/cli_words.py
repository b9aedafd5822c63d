"""What the standard library's argparse says by itself, in Danish: the headings of --help, and what a line lacks."""

import argparse
from typing import Any

_WORDS = {
    "usage: ": "Brug: ",
    "positional arguments": "det, der skrives",
    "options": "valg",
    "show this help message and exit": "vis denne hjælp, og stop",
    "%(prog)s: error: %(message)s\n": "%(prog)s: %(message)s\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "der mangler %s",
    "one of the arguments %s is required": "der mangler et af disse valg: %s",
    "unrecognized arguments: %s": "det her kan ikke forstås: %s",
    "unexpected option string: %s": "det her kan ikke forstås: %s",
    "not allowed with argument %s": "kan ikke bruges sammen med %s",
    "ignored explicit argument %r": "tager ikke imod %r",
    "expected one argument": "der mangler noget efter",
    "expected at most one argument": "der må højst stå én ting efter",
    "expected at least one argument": "der mangler noget efter",
    "expected %s argument": "der skal stå %s ting efter",
    "expected %s arguments": "der skal stå %s ting efter",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s kan være flere valg: %(matches)s",
    "invalid %(type)s value: %(value)r": "%(value)r kan ikke bruges her",
    "invalid choice: %(value)r (choose from %(choices)s)": "der er ikke noget, der hedder %(value)r. Vælg: %(choices)s",
}


def speak_danish() -> None:
    """argparse takes its words through two names of its own, meant for gettext. gettext would want a compiled file and
    the language of the machine; these words are few and always Danish. What is not here stays as it is."""

    def word(text: str) -> str:
        return _WORDS.get(text, text)

    def counted(one: str, many: str, number: int) -> str:
        return word(one if number == 1 else many)

    inner: dict[str, Any] = vars(argparse)
    inner |= {"_": word, "ngettext": counted}
