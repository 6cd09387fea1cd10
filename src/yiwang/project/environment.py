"""What the surroundings tell the platform: read once, typed, checked, never changed afterwards.

Imports nothing of Django, so that the command line, the settings and the tests can all start here.
"""

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

from yiwang.project.failure import Failure

Mode = Literal["development", "demo", "production", "test"]

SHIPPED_DISTRICT = Path(__file__).resolve().parent / "districts" / "xinzhou"
CHECKOUT = Path(__file__).resolve().parents[3]
SECRET_LENGTH = 50


class BadEnvironment(Failure):
    """A variable cannot be used; the message names it, its value and what is expected."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The platform's surroundings. Paths are absolute; ports are TCP; `var` holds all that is made at run time.

    `database_url` is None when the private cluster under `var` serves, and is then followed by `database_name`.
    `files_url` is None when files lie in `files_dir`, which is needed either way: uploads are looked at there first.
    `idle_minutes` is after how long without use a session ends by itself; 0: it does not.
    `notify_urls` says where each channel of notices goes, by its key; one without an address is missing.
    `tls`: the servers speak https by the certificate of `tls_dir`.
    `live_url` is None when the browser shall find the live events on its own host at `live_port`.
    """

    home: Path
    mode: Mode
    database_url: str | None
    database_name: str
    given_secret_key: str | None
    host: str
    port: int
    live_port: int
    live_url: str | None
    tls: bool
    files_dir: Path
    files_url: str | None
    files_credentials: tuple[str, str, str | None] | None = field(repr=False)
    data_dir: Path
    backup_dir: Path
    district_dir: Path
    public_origin: str | None
    idle_minutes: int
    notify_urls: Mapping[str, str] = field(repr=False)

    @property
    def var(self) -> Path:
        """Everything that this installation writes."""
        return self.home / "var"

    @property
    def console_dir(self) -> Path:
        """The built user interface of the desk."""
        return CHECKOUT / "web" / "dist" / "console"

    @property
    def mobile_dir(self) -> Path:
        """The built user interface of the phone."""
        return CHECKOUT / "web" / "dist" / "mobile"

    @property
    def tls_dir(self) -> Path:
        """The installation's own certificate authority and what it signed."""
        return self.var / "tls"

    @property
    def scheme(self) -> str:
        """How the servers are spoken to."""
        return "https" if self.tls else "http"

    @property
    def trust_port(self) -> int:
        """Where phones learn to trust the authority, when the servers speak https by it."""
        return self.live_port + 1

    @property
    def ports(self) -> tuple[int, ...]:
        """All that are listened on."""
        return (self.port, self.live_port, *([self.trust_port] if self.tls else []))

    @property
    def address(self) -> str:
        """Where a person opens the platform in a browser on this machine."""
        return self.public_origin or f"{self.scheme}://{browsable(self.host)}:{self.port}"

    @property
    def secret_key(self) -> str:
        """The given key, else the one in `var/secret.key`, made at first use and readable by its owner only."""
        return self.given_secret_key or kept_secret(self.var / "secret.key")


def read(variables: Mapping[str, str]) -> Environment:
    """The environment that `variables` describe; raises BadEnvironment when one of them cannot be used."""
    home = path(variables, "YIWANG_HOME", CHECKOUT)
    port = port_number(variables, "YIWANG_PORT", 8000)
    live_port = port_number(variables, "YIWANG_LIVE_PORT", port + 1 if port < 65535 else port - 1)
    if port == live_port:
        raise BadEnvironment(f"YIWANG_PORT and YIWANG_LIVE_PORT are both {port}; give them two ports.")
    origin = web_address(variables, "YIWANG_PUBLIC_ORIGIN")
    return Environment(
        home=home,
        mode=chosen_mode(variables),
        database_url=text(variables, "YIWANG_DATABASE_URL"),
        database_name=text(variables, "YIWANG_DATABASE_NAME") or "yiwang",
        given_secret_key=long_secret(variables),
        host=text(variables, "YIWANG_HOST") or "127.0.0.1",
        port=port,
        live_port=live_port,
        live_url=web_address(variables, "YIWANG_LIVE_URL") or (f"{origin}/live" if origin else None),
        tls=switch(variables, "YIWANG_TLS"),
        files_dir=path(variables, "YIWANG_FILES_DIR", home / "var" / "files"),
        files_url=files_place(variables),
        files_credentials=bucket_credentials(variables),
        data_dir=path(variables, "YIWANG_DATA_DIR", CHECKOUT.parent / "shared" / "data"),
        backup_dir=path(variables, "YIWANG_BACKUP_DIR", home / "var" / "backups"),
        district_dir=path(variables, "YIWANG_DISTRICT_DIR", SHIPPED_DISTRICT),
        public_origin=origin,
        idle_minutes=minutes(
            variables, "YIWANG_IDLE_MINUTES", 30 if chosen_mode(variables) == "production" else 0
        ),
        notify_urls=notify_places(variables),
    )


def text(variables: Mapping[str, str], name: str) -> str | None:
    """The stripped value of a variable; None when it is missing or blank."""
    return variables.get(name, "").strip() or None


def path(variables: Mapping[str, str], name: str, default: Path) -> Path:
    """The absolute path in a variable, `~` resolved."""
    given = text(variables, name)
    return Path(given).expanduser().resolve() if given else default


def port_number(variables: Mapping[str, str], name: str, default: int) -> int:
    """The TCP port in a variable, 1 to 65535."""
    given = text(variables, name)
    if given is None:
        return default
    if not (given.isascii() and given.isdecimal()) or not 0 < int(given) < 65536:
        raise BadEnvironment(f"{name} is {given!r}; it must be a port from 1 to 65535.")
    return int(given)


def switch(variables: Mapping[str, str], name: str) -> bool:
    """Whether a variable says 1; not when it is 0 or missing."""
    given = text(variables, name) or "0"
    if given not in ("0", "1"):
        raise BadEnvironment(f"{name} is {given!r}; it must be 0 or 1.")
    return given == "1"


def minutes(variables: Mapping[str, str], name: str, default: int) -> int:
    """The number of minutes in a variable: 0 (never), or 5 to 720."""
    given = text(variables, name)
    if given is None:
        return default
    number = int(given) if given.isascii() and given.isdecimal() else -1
    if number != 0 and not 5 <= number <= 720:
        raise BadEnvironment(f"{name} is {given!r}; it must be 0 (never), or from 5 to 720 minutes.")
    return number


def web_address(variables: Mapping[str, str], name: str) -> str | None:
    """The http(s) address in a variable, without its last slash."""
    given = text(variables, name)
    if given is None:
        return None
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadEnvironment(
            f"{name} is {given!r}; it must be an address such as https://yiwang.example.org."
        )
    return given.rstrip("/")


def files_place(variables: Mapping[str, str]) -> str | None:
    """The address in YIWANG_FILES_URL; None when files lie in the folder YIWANG_FILES_DIR."""
    given = text(variables, "YIWANG_FILES_URL")
    if given is None:
        return None
    parts = urlsplit(given)
    is_folder = parts.scheme == "file" and not parts.netloc and parts.path.startswith("/")
    if not is_folder and not (parts.scheme == "s3" and parts.netloc):
        raise BadEnvironment(
            f"YIWANG_FILES_URL is {given!r}; it must be file:///path or s3://bucket/prefix?endpoint=…&region=…."
        )
    return given


def notify_places(variables: Mapping[str, str]) -> dict[str, str]:
    """The addresses in YIWANG_MAIL_URL, YIWANG_SMS_URL, YIWANG_WORK_WECHAT_URL and YIWANG_WECHAT_URL, by channel."""
    found = {}
    for channel in ("mail", "sms", "work_wechat", "wechat"):
        name = f"YIWANG_{channel.upper()}_URL"
        given = text(variables, name)
        if given is None:
            continue
        parts = urlsplit(given)
        schemes = ("smtp", "smtps") if channel == "mail" else ("http", "https")
        if parts.scheme not in schemes or not parts.hostname:
            # Its value holds a password.
            raise BadEnvironment(
                f"{name} must be an address that begins with {schemes[0]}:// or {schemes[1]}://."
            )
        if channel == "mail" and "from=" not in parts.query:
            raise BadEnvironment(f"{name} must say who sends: smtp://…?from=yiwang@example.org.")
        found[channel] = given
    return found


def bucket_credentials(variables: Mapping[str, str]) -> tuple[str, str, str | None] | None:
    """Key, secret and session token as S3 clients everywhere look for them; None when they are not given."""
    key, secret = text(variables, "AWS_ACCESS_KEY_ID"), text(variables, "AWS_SECRET_ACCESS_KEY")
    if (text(variables, "YIWANG_FILES_URL") or "").startswith("s3:") and not (key and secret):
        raise BadEnvironment(
            "YIWANG_FILES_URL names a bucket; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are needed."
        )
    return (key, secret, text(variables, "AWS_SESSION_TOKEN")) if key and secret else None


def bucket_credentials_of_process() -> tuple[str, str, str | None] | None:
    """As `bucket_credentials`, of this process's own surroundings."""
    return bucket_credentials(os.environ)


def chosen_mode(variables: Mapping[str, str]) -> Mode:
    """The mode in YIWANG_MODE; development when none is given."""
    given = text(variables, "YIWANG_MODE") or "development"
    if given not in get_args(Mode):
        raise BadEnvironment(f"YIWANG_MODE is {given!r}; it must be one of {', '.join(get_args(Mode))}.")
    return cast(Mode, given)


def long_secret(variables: Mapping[str, str]) -> str | None:
    """The key in YIWANG_SECRET_KEY, at least 32 characters."""
    given = text(variables, "YIWANG_SECRET_KEY")
    if given is not None and len(given) < 32:
        raise BadEnvironment(f"YIWANG_SECRET_KEY has {len(given)} characters; it needs at least 32.")
    return given


def browsable(host: str) -> str:
    """A host that a browser on this machine can open: an address that means "all" becomes the loopback one."""
    if host in ("0.0.0.0", "::", "*"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def kept_secret(file: Path) -> str:
    """The key in `file`; made there when missing. Several processes that start at once agree on one key."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix=file.name, dir=file.parent)  # readable by its owner only
        with os.fdopen(descriptor, "w") as out:
            out.write(secrets.token_urlsafe(SECRET_LENGTH))
        try:
            os.link(draft, file)  # fails when another process was first, whose key then counts
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return file.read_text().strip()


ENV = read(os.environ)
