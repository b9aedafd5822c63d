"""Finding the references in a resource, wherever they stand: in contained resources and extensions too."""

from typing import Any


def references(content: Any) -> list[dict[str, Any]]:
    """Every object with a `reference` in text, so that the caller can read it or point it elsewhere."""
    found: list[dict[str, Any]] = []
    _collect(content, found)
    return found


def _collect(content: Any, found: list[dict[str, Any]]) -> None:
    if type(content) is dict:
        if type(content.get("reference")) is str:
            found.append(content)
        for value in content.values():
            if type(value) is dict or type(value) is list:
                _collect(value, found)
    else:
        for value in content:
            if type(value) is dict or type(value) is list:
                _collect(value, found)
