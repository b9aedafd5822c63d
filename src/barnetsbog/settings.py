"""Settings: one instance is one folder, everything else has a safe default.

Where the data is and which mode the instance runs in come from the environment; the command line sets them, an
operator may too (`.env.example`). Nothing here reads the database.
"""

import os
import re
import secrets
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlparse, urlsplit

from barnetsbog.kernel.folder import Made, lay_secret

DATA = Path(os.environ.get("BOG_DATA", "data")).resolve()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("BOG_HOSTS", "127.0.0.1,localhost").split(",")


def _secret_key() -> str:
    """From the environment, else made once and kept in the instance's folder, readable by its owner only."""
    path, found = DATA / "secret.key", os.environ.get("BOG_SECRET_KEY", "")
    if not found:
        if not path.exists():
            if not DATA.exists():
                return secrets.token_urlsafe(50)
            lay_secret(path, secrets.token_urlsafe(50))
        found = path.read_text()
    if len(found.strip()) < 32:  # whoever guesses it logs in as anybody
        raise ValueError(f"BOG_SECRET_KEY, eller {path}, er for kort: mindst 32 tegn. Slet filen, og der laves en ny.")
    return found


SECRET_KEY = _secret_key()


def _database(url: str | None) -> dict[str, Any]:
    if not url:
        return {
            "ENGINE": "barnetsbog.record.sqlite",
            "NAME": DATA / Made.DATABASE,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; "
                "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=8000;",
            },
        }
    parts = urlparse(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL skal begynde med postgresql://.")
    try:
        port = parts.port
    except ValueError:
        raise ValueError("Porten i DATABASE_URL er ikke et tal fra 0 til 65535.") from None
    if not (name := unquote(parts.path.lstrip("/"))):
        raise ValueError("DATABASE_URL skal nævne databasen: postgresql://bruger:kode@vært/navn.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "OPTIONS": dict(parse_qsl(parts.query)),  # libpq's: whoever says sslmode=verify-full is not to have less
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "barnetsbog.record",
    "barnetsbog.directory",
    "barnetsbog.audit",
    "barnetsbog.access",
    "barnetsbog.calendar",
    "barnetsbog.publishing",
    "barnetsbog.joining",
    "barnetsbog.delivery",
    "barnetsbog.login",
    "barnetsbog.clients",
    "barnetsbog.subscriptions",
    "barnetsbog.notifications",
    "barnetsbog.portal",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "barnetsbog.exchange.origins.OriginsMiddleware",
    "barnetsbog.exchange.door.DoorMiddleware",
    "barnetsbog.portal.compressing.CompressedStaticMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "barnetsbog.portal.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "barnetsbog.portal.nul.WithoutNulMiddleware",
    "barnetsbog.portal.session.SignedInMiddleware",
    "barnetsbog.portal.once.OnceMiddleware",
    "barnetsbog.portal.log_down.LogDownMiddleware",
    "barnetsbog.portal.missing.NotFoundMiddleware",
]
ROOT_URLCONF = "barnetsbog.urls"
WSGI_APPLICATION = "barnetsbog.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [f"barnetsbog.portal.templatetags.{one}" for one in ("addresses", "belonging", "sending")],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "barnetsbog.portal.context.page",
            ],
        },
    }
]

LANGUAGE_CODE = "da"
LANGUAGES = [("da", "Dansk"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "portal" / "locale"]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

HTTPS = os.environ.get("BOG_HTTPS", "") == "1"
"""People reach this instance by https alone, through a web server in front of it that speaks plain http with it."""
if HTTPS:
    SECURE_HSTS_SECONDS = 365 * 86400
    # By such a name a browser takes the cookie from this very host by https, and from nobody else (RFC 6265bis).
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # at most; `login.toml` says how long a log-in holds
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "barnetsbog.portal.server_log.WithoutSecrets"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["secrets"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"authlib": {"level": "WARNING"}},  # it would write tokens when asked for more
}
CSRF_FAILURE_VIEW = "barnetsbog.portal.public.csrf_failed"


def _whole(name: str, usual: int, least: int, most: int) -> int:
    given = os.environ.get(name, str(usual))
    if not re.fullmatch("-?[0-9]+", given) or not least <= int(given) <= most:
        raise ValueError(f"{name} skal være et helt tal fra {least} til {most}.")
    return int(given)


def _seconds(name: str, usual: float, most: int) -> float:
    given = os.environ.get(name, str(usual))
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", given) or not 0 < float(given) <= most:
        raise ValueError(f"{name} skal være et antal sekunder over 0 og højst {most}, for eksempel {usual}.")
    return float(given)


DEMO_CLOCK = _whole("BOG_DEMO_CLOCK", 0, -86_400, 86_400)
"""Seconds that the clock of a demonstration is ahead of the wall's (behind, where negative), so that its stories can be
met at another time of day."""

SEAL_SECONDS = _seconds("BOG_SEAL_SECONDS", 2, 3600)
"""How often what waits gets its place in the chain of the log."""
CHECKPOINT_SECONDS = _whole("BOG_CHECKPOINT_SECONDS", 60, 0, 86_400)
CHECKPOINT_RECORDS = _whole("BOG_CHECKPOINT_RECORDS", 1000, 0, 1_000_000_000)
"""After so long, or so many lines, a new checkpoint is made."""

TOKEN_SECONDS = _whole("BOG_TOKEN_SECONDS", 300, 60, 900)
"""How long an access token lives."""

APP_DAYS = _whole("BOG_APP_DAYS", 30, 1, 365)
"""How long an app that may go on after its user has logged out, goes on."""

ADDRESS = os.environ.get("BOG_ADDRESS", "").rstrip("/")
"""Where others find this instance (`https://bog.kommune.dk`), as it stands in what clients sign; '' the address that
they asked at, which is one of `BOG_HOSTS`."""


_QUEUES = {"mqtt": r"(/[^+#?\s]*)?", "nats": r"(/[\w/-]*)?", "amqp": r"(/[^/?\s]*)?(\?exchange=[\w.-]+)?"}
"""What an address of a message queue may end with: topic; subject; virtual host and exchange."""
_BY_TLS = {"mqtts": "mqtt", "nats+tls": "nats", "amqps": "amqp"}


def broker(address: str) -> str:
    """The instance's message queue: `mqtts://user:password@host:port/prefix`, or NATS or AMQP (docs/fhir.md); without
    TLS on this machine alone."""
    scheme, _, rest = address.partition("://")
    place, known = re.split(r"[/?]", rest, maxsplit=1)[0], _BY_TLS.get(scheme, scheme)
    found = known in _QUEUES and _is_place(place, here=scheme == known)
    if address and not (found and re.fullmatch(_QUEUES[known], rest.removeprefix(place))):
        raise ValueError(
            "BOG_BROKER skal være mqtts://bruger:kode@vært:port/emne, eller nats+tls:// eller amqps:// (docs/fhir.md). "
            "Uden TLS (mqtt://, nats://, amqp://) kun på 127.0.0.1."
        )
    if known == "amqp" and find_spec("aiormq") is None:
        raise ValueError("BOG_BROKER med AMQP kræver: pip install --require-hashes -r requirements/amqp.txt")
    return address


def _is_place(place: str, *, here: bool) -> bool:
    """Whether `user:password@host:port` names a host. `here`: it must be this machine."""
    try:
        found = urlsplit(f"//{place}")
        return found.port != 0 and (found.hostname in ("127.0.0.1", "localhost") if here else bool(found.hostname))
    except ValueError:
        return False


BROKER = broker(os.environ.get("BOG_BROKER", ""))
"""Empty: a notification by the broker is a file in the instance's folder (`notifications`)."""

BREAK_GLASS_NOTICE = os.environ.get("BOG_BREAK_GLASS_NOTICE", "at-once")
"""When the family sees in its log that somebody has broken the glass: `at-once`, or `after-review` where telling at
once could endanger a child."""
if BREAK_GLASS_NOTICE not in ("at-once", "after-review"):
    raise ValueError("BOG_BREAK_GLASS_NOTICE skal være at-once eller after-review.")

SAFE_EXIT = os.environ.get("BOG_SAFE_EXIT", "")
"""Where *Luk hurtigt* leads: an address that tells nothing. Empty: a page of ours that shows a month."""

LOG_WITHOUT_NAMES = frozenset(filter(None, os.environ.get("BOG_LOG_WITHOUT_NAMES", "").replace(" ", "").split(",")))
"""Ids of roles whose holders are at risk: a family's log shows their title and unit, never their name."""


_POST = {
    "BOG_DIGITAL_POST_CVR": (r"[1-9]\d{7}", "et CVR-nummer: otte cifre"),
    "BOG_DIGITAL_POST_SYSTEM": (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "afsendersystemets id: et UUID"),
    "BOG_DIGITAL_POST_LABEL": (r".{1,255}", "afsenderens navn på højst 255 tegn"),
}  # fmt: skip


def post_sender(environment: Mapping[str, str]) -> tuple[str, ...] | None:
    """Who sends Digital Post: CVR number, id of the sender system, label. None where it is not set up at all."""
    values = [environment.get(name, "").strip() for name in _POST]
    if not any(values):
        return None
    for (name, (pattern, what)), value in zip(_POST.items(), values, strict=True):
        if not re.fullmatch(pattern, value):
            raise ValueError(f"{name} skal være {what}. Alle tre skal være der, eller ingen af dem (se .env.example).")
    return tuple(values)


DIGITAL_POST = post_sender(os.environ)
"""An instance without it sends no Digital Post, and its letters are printed. The demonstration has a made-up one."""

EMAIL_HOST = os.environ.get("BOG_SMTP_HOST", "")
"""Empty: mail is put into the instance's folder (`mail`), for another program to send."""
EMAIL_PORT = _whole("BOG_SMTP_PORT", 587, 1, 65535)
EMAIL_HOST_USER = os.environ.get("BOG_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("BOG_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("BOG_SMTP_TLS", "1") == "1"
EMAIL_TIMEOUT = 10
MAIL_FROM = os.environ.get("BOG_MAIL_FROM", "")
if EMAIL_HOST and "@" not in MAIL_FROM:
    raise ValueError("BOG_MAIL_FROM skal være den mailadresse, der sendes fra, når BOG_SMTP_HOST er sat.")
