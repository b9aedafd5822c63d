"""A letter as a MeMo message (the format of Digital Post, https://digitaliser.dk/digital-post/vejledninger/memo), 1.2.

Only what a letter needs: who sends, who receives, one main document, its enclosures. The prefix `memo` is written out
because the service platform is known to want it (itk-dev/serviceplatformen, MemoDocumentNormalizer). Pure.
"""

import re
from base64 import b64encode
from datetime import UTC
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from barnetsbog.kernel.time import moment

from ...model import File, Parcel, PostSender

NAMESPACE = "https://DigitalPost.dk/MeMo-1"
VERSION = {"memoVersion": "1.2", "memoSchVersion": "1.2.0"}
LONGEST_LABEL = 255
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can't hold."""

ElementTree.register_namespace("memo", NAMESPACE)


def message(parcel: Parcel, by: PostSender) -> bytes:
    """The message, as UTF-8."""
    root = Element(_name("Message"), VERSION)
    header = SubElement(root, _name("MessageHeader"))
    _texts(header, messageType="DIGITALPOST", messageUUID=str(parcel.key), label=parcel.title, mandatory="false")
    _texts(header, legalNotification="false")
    sender = SubElement(header, _name("Sender"))
    _texts(sender, senderID=by.cvr, idType="CVR", label=by.label)
    _texts(SubElement(header, _name("Recipient")), recipientID=parcel.number, idType="CPR")
    body = SubElement(root, _name("MessageBody"))
    _texts(body, createdDateTime=moment(parcel.at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    _document(body, "MainDocument", parcel.title, File("brev.pdf", "application/pdf", parcel.pdf))
    for file in parcel.files:
        _document(body, "AdditionalDocument", file.name, file)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _document(body: Element, kind: str, label: str, file: File) -> None:
    document = SubElement(body, _name(kind))
    _texts(document, label=label)
    _texts(
        SubElement(document, _name("File")), encodingFormat=file.kind, filename=file.name, language="da",
        content=b64encode(file.content).decode(),
    )  # fmt: skip


def _texts(parent: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(parent, _name(name)).text = _CONTROL.sub("", text)


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


# -- looking it over ---------------------------------------------------------------------------------------------------

_HEADER = ("messageType", "messageUUID", "label", "mandatory", "legalNotification", "Sender", "Recipient")
_BODY = ("createdDateTime", "MainDocument")


def faults(content: bytes) -> list[str]:
    """What is wrong with a message of ours, in Danish; empty when nothing is. The official schemas can't be shipped, so
    this looks at what they demand of the parts that we write."""
    root = ElementTree.fromstring(content)  # noqa: S314  # our own
    header, body = root.find(_name("MessageHeader")), root.find(_name("MessageBody"))
    if root.tag != _name("Message") or header is None or body is None:
        return ["Beskeden har ikke hoved og indhold."]
    found = [f"Rækkefølgen i {part.tag.partition('}')[2]} er forkert." for part, wanted in
             ((header, _HEADER), (body, _BODY)) if _names(part)[: len(wanted)] != wanted]  # fmt: skip
    number = _text(header, "Recipient/recipientID")
    found += [] if re.fullmatch(r"\d{10}", number) else ["Modtagerens CPR-nummer mangler."]
    label = _text(header, "label")
    found += [] if 0 < len(label) <= LONGEST_LABEL else ["Titlen mangler eller er for lang."]
    found += [] if _text(body, "MainDocument/File/content") else ["Brevet er tomt."]
    return found


def _names(part: Element) -> tuple[str, ...]:
    return tuple(one.tag.partition("}")[2] for one in part)


def _text(part: Element, path: str) -> str:
    return part.findtext("/".join(_name(name) for name in path.split("/"))) or ""
