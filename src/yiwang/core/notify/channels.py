"""The ways out of the platform, behind one interface. An address by environment says where each goes; without one a
development or demo platform keeps in a folder what would have been sent, and production does not offer it.

What goes wrong is one of three: surely nothing was sent (`NotSent`), it will never be taken (`Refused`), or nobody
knows (`Unsure`): then it is not sent again by itself, for nobody wants the same message twice.
"""

import http.client
import json
import smtplib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit, urlunsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from yiwang.core import clock
from yiwang.core.notify.rules import CHANNELS, MAIL

TIMEOUT_S = 20


class NotSent(Exception):
    """Surely nothing was sent; it may go later."""


class Unreachable(NotSent):
    """Nobody took the connection: the channel is away, not only for this message."""


class Refused(Exception):
    """It will not be taken, however often it is tried."""


class Unsure(Exception):
    """It may have arrived, or not."""


class Silent(Unsure):
    """No answer came: the channel hangs, not only for this message."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. `id` is the same at every attempt; `kind` and `params` are for gateways with templates."""

    id: str
    to: str
    subject: str
    text: str
    link: str
    kind: str
    params: Mapping[str, Any]


def offered() -> tuple[str, ...]:
    """The channels that this platform has, in their order."""
    return tuple(key for key in CHANNELS if key in settings.NOTIFY_URLS or settings.NOTIFY_OUTBOX)


def is_kept(channel: str) -> bool:
    """Whether a channel only keeps what would be sent."""
    return channel not in settings.NOTIFY_URLS


def send(channel: str, message: Message) -> None:
    """Send a message. Raises NotSent, Refused or Unsure; their words hold no address."""
    if is_kept(channel):
        keep(channel, message)
        return
    ways: dict[bool, Callable[[SplitResult, Message], None]] = {True: by_mail, False: by_gateway}
    ways[channel == MAIL](urlsplit(settings.NOTIFY_URLS[channel]), message)


def keep(channel: str, message: Message) -> None:
    """Into the folder, as one file of JSON, readable by the platform's user only."""
    folder = settings.NOTIFY_OUTBOX
    if folder is None:
        raise Refused("not offered")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / f"{clock.now():%Y%m%dT%H%M%S}-{channel}-{message.id}.json"
    body = {"channel": channel, **asdict(message)}
    file.write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    file.chmod(0o600)


def by_mail(place: SplitResult, message: Message) -> None:
    """By SMTP: smtp://user:password@host:587?from=… (STARTTLS; ?tls=no without) or smtps://…"""
    options = {name: values[0] for name, values in parse_qs(place.query).items()}
    sender = options.get("from", "")
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=place.hostname,
        port=place.port or (465 if place.scheme == "smtps" else 587),
        username=unquote(place.username or ""),
        password=unquote(place.password or ""),
        use_ssl=place.scheme == "smtps",
        use_tls=place.scheme == "smtp" and options.get("tls") != "no",
        timeout=TIMEOUT_S,
    )
    headers = {"Message-ID": f"<{message.id}@{sender.rpartition('@')[2] or 'yiwang'}>"}
    body = f"{message.text}\n\n{message.link}\n"
    mail = EmailMessage(message.subject, body, sender, [message.to], connection=connection, headers=headers)
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as error:
        raise Unreachable(type(error).__name__) from error
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = max((answer[0] for answer in error.recipients.values()), default=0)
        raise _answered(code) from error
    except smtplib.SMTPResponseException as error:
        raise _answered(error.smtp_code) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Silent(type(error).__name__) from error
    finally:
        connection.close()


def _answered(code: int) -> Exception:
    """A mail server's refusal: 4xx is for now, 5xx for good."""
    return NotSent(f"SMTP {code}") if 400 <= code < 500 else Refused(f"SMTP {code}")


def by_gateway(place: SplitResult, message: Message) -> None:
    """By POST of JSON to a gateway: https://:token@host/path, the token as bearer. By `id` it knows what it has."""
    headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": message.id}
    if place.password:
        headers["Authorization"] = f"Bearer {unquote(place.password)}"
    body = json.dumps(asdict(message), ensure_ascii=False).encode()
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=TIMEOUT_S)
    try:
        _connect(connection)
        connection.request("POST", urlunsplit(("", "", place.path or "/", place.query, "")), body, headers)
        code = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise Silent(type(error).__name__) from error
    finally:
        connection.close()
    if code in (429, 503):
        raise NotSent(f"HTTP {code}")
    if code >= 500:
        raise Unsure(f"HTTP {code}")
    if code >= 300:
        raise Refused(f"HTTP {code}")


def _connect(connection: http.client.HTTPConnection) -> None:
    """By itself before anything is said: whatever fails here, a certificate too, surely nothing was sent."""
    try:
        connection.connect()
    except OSError as error:
        raise Unreachable(type(error).__name__) from error
