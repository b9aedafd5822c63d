"""OIO Basic Privilege Profile 1.2, the intermediate form (§ 3): a list in XML, in base64, of groups of privileges."""

import base64
import binascii
import xml.etree.ElementTree as ET

from .model import LoginRefused, PrivilegeGroup, Reason

_LIMIT = 100_000
_LISTS = frozenset(
    f"{{http://{owner}/oiosaml/basic_privilege_profile}}PrivilegeList" for owner in ("digst.dk", "itst.dk")
)


def read(text: str) -> tuple[PrivilegeGroup, ...]:
    """The groups of a list; none when nothing was sent. What can't be read precisely is refused, not guessed at."""
    if not text.strip():
        return ()
    root = _root(text)
    if root.tag not in _LISTS:
        raise LoginRefused(Reason.INVALID, "privileges: no PrivilegeList")
    return tuple(_group(one) for one in root if _local(one) == "PrivilegeGroup")


def _root(text: str) -> ET.Element:
    """No document type: that is where entities grow and files are read (CWE-776, CWE-611). The text is decoded here, so
    that none can hide in another encoding."""
    try:
        xml = base64.b64decode("".join(text.split()), validate=True).decode("utf-8-sig")
        if len(xml) > _LIMIT or "<!DOCTYPE" in xml or "<!ENTITY" in xml:
            raise LoginRefused(Reason.INVALID, "privileges: too large or with a document type")
        return ET.fromstring(xml)  # noqa: S314  (neither document type nor entities)
    except (binascii.Error, UnicodeDecodeError, ET.ParseError, ValueError):
        raise LoginRefused(Reason.INVALID, "privileges: unreadable") from None


def _group(found: ET.Element) -> PrivilegeGroup:
    constraints: dict[str, set[str]] = {}
    privileges = set()
    for part in found:
        value = "".join(part.itertext()).strip()
        if _local(part) == "Privilege" and value:
            privileges.add(value)
        elif _local(part) == "Constraint":
            constraints.setdefault(part.get("Name", ""), set()).update(one.strip() for one in value.split(","))
    kept = tuple((name, frozenset(values)) for name, values in sorted(constraints.items()))
    return PrivilegeGroup(found.get("Scope", ""), frozenset(privileges), kept)


def _local(element: ET.Element) -> str:
    return str(element.tag).rpartition("}")[2]
