"""A short mail: as a file in a folder, or by a mail server (Django's)."""

from pathlib import Path
from smtplib import SMTPException, SMTPRecipientsRefused

from django.core.mail import EmailMessage

from ... import files
from ...model import Announcement, Trouble, Unreachable


class MailFiles:
    """One file a mail, as RFC 5322 writes it, named by its key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def tell(self, said: Announcement) -> None:
        files.put(self.folder, f"{said.key}.eml", _message(said, "barnetsbog@localhost").message().as_bytes())


class Smtp:
    """`sender`: the address it comes from."""

    def __init__(self, sender: str) -> None:
        self.sender = sender

    def tell(self, said: Announcement) -> None:
        try:
            _message(said, self.sender).send()
        except SMTPRecipientsRefused:
            raise Unreachable("Mailserveren tager ikke imod adressen.") from None
        except (SMTPException, OSError):
            raise Trouble("Mailserveren svarer ikke.") from None


def _message(said: Announcement, sender: str) -> EmailMessage:
    """With the key in its id, so that one that was sent twice is known as one."""
    headers = {"Message-ID": f"<{said.key}@{sender.partition('@')[2]}>", "Auto-Submitted": "auto-generated"}
    headers |= {"List-Unsubscribe": f"<{said.stop}>"} if said.stop else {}
    text = f"{said.text}\n\nVil du ikke have flere beskeder? {said.stop}\n" if said.stop else f"{said.text}\n"
    return EmailMessage(said.subject, text, sender, [said.address], headers=headers)
