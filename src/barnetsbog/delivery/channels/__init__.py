"""One folder a channel, each with its `adapter`."""

from pathlib import Path

from django.conf import settings

from barnetsbog.kernel.folder import Made

from ..model import Announcer, Carrier, Channel
from .digital_post.adapter import DigitalPost
from .digital_post.sender import sender
from .in_app.adapter import InApp
from .mail.adapter import MailFiles, Smtp
from .print_queue.adapter import PrintQueue
from .sms.adapter import SmsFiles


def carriers(folder: Path) -> dict[Channel, Carrier]:
    """Every channel of an instance. `folder`: the instance's own."""
    return {
        Channel.IN_APP: InApp(),
        Channel.PRINT: PrintQueue(folder / Made.PRINT),
        Channel.DIGITAL_POST: DigitalPost(folder / Made.DIGITAL_POST, sender()),
    }


def announcers(folder: Path) -> dict[Channel, Announcer]:
    """The channels for announcements. Mail goes out by SMTP where the instance names a server, else into a folder that
    another program empties; SMS always into a folder."""
    mail: Announcer = Smtp(settings.MAIL_FROM) if settings.EMAIL_HOST else MailFiles(folder / Made.MAIL)
    return {Channel.MAIL: mail, Channel.SMS: SmsFiles(folder / Made.SMS)}
