"""In which language the interface speaks, in outcomes and notes. What stands in the book is as it was written."""

import orjson
from django.utils.translation.trans_real import parse_accept_lang_header

from barnetsbog.kernel.sentences import DANISH, ENGLISH


def written(resource: object, language: str) -> bytes:
    """A resource in JSON, with each of its sentences in a language."""
    return orjson.dumps(resource, lambda one: one.spoken(language), orjson.OPT_PASSTHROUGH_SUBCLASS)


def wanted(accepted: str) -> str:
    """Danish or English, by `Accept-Language` (RFC 9110 §12.5.4): of equal wishes the first. Danish when nothing is
    asked for, anything, or only what isn't spoken here."""
    for tag, weight in parse_accept_lang_header(accepted.strip()):
        spoken = DANISH if tag == "*" else tag.partition("-")[0]
        if weight and spoken in (DANISH, ENGLISH):
            return spoken
    return DANISH
