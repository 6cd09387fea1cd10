"""Django's settings, all derived from the typed environment; nothing else reads `os.environ`."""

from pathlib import Path
from urllib.parse import urlsplit

from yiwang.project.cluster import database_url
from yiwang.project.database import django_database
from yiwang.project.environment import ENV

MODE = ENV.mode
PRODUCTION = MODE == "production"
DEBUG = False
SECRET_KEY = ENV.secret_key
# On one machine any name of it will do; in production only the public one.
ALLOWED_HOSTS = [urlsplit(ENV.public_origin).hostname or ""] if ENV.public_origin else ["*"]
# Shown on the sign-in page of a demo, refused everywhere else.
DEMO_PASSWORD = "Xinzhou-2026"  # noqa: S105

INSTALLED_APPS = [
    "django.contrib.gis",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "procrastinate.contrib.django",
    "yiwang.core.audit",
    "yiwang.core.events",
    "yiwang.core.jobs",
    "yiwang.core.parameters",
    "yiwang.core.codes",
    "yiwang.core.calendars",
    "yiwang.core.deadlines",
    "yiwang.core.http",
    "yiwang.core.accounts",
    "yiwang.core.files",
    "yiwang.core.notify",
    "yiwang.core.commands",
    "yiwang.core.forms",
    "yiwang.core.comments",
    "yiwang.core.drafts",
    "yiwang.core.phrases",
    "yiwang.core.imports",
    "yiwang.core.bookmarks",
    "yiwang.core.exports",
    "yiwang.core.search",
    "yiwang.city.geo",
    "yiwang.city.duty",
    "yiwang.sensing.fleet",
    "yiwang.operations.cases",
    "yiwang.operations.duplicates",
    "yiwang.operations.patrol",
    "yiwang.insight.evaluation",
    "yiwang.project.system",
    "yiwang.project.setup",
]

MIDDLEWARE = [
    "yiwang.core.http.durations.DurationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "yiwang.core.http.headers.PagePolicyMiddleware",
    "yiwang.core.http.problems.ProblemMiddleware",
    "yiwang.core.http.clean.CleanTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # Sends the token's cookie; the check itself is the guard's of each route.
    "django.middleware.csrf.CsrfViewMiddleware",
    "yiwang.core.accounts.middleware.ActorMiddleware",
    "yiwang.core.http.once.OnceMiddleware",
]

# How often a web process writes its counts of requests down; never in tests, which count queries.
FIGURES_EVERY_S = None if MODE == "test" else 20.0
# Writes whose items stand or fall alone, each in a transaction of its own (core.http.once).
WRITES_ITEM_BY_ITEM = frozenset({"/api/v1/cases/bulk", "/api/v1/commands"})
# Asked by POST because they carry a whole table; they write nothing.
QUESTIONS = frozenset(
    f"/api/v1/{path}"
    for path in (
        "duty/roster/preview",
        "rosters/preview",
        "rosters/units/preview",
        "lifecycles/check",
        "lifecycles/edit",
    )
)

ROOT_URLCONF = "yiwang.project.urls"
WSGI_APPLICATION = "yiwang.project.wsgi.application"
DATABASES = {"default": django_database(database_url())}
# GDAL reads only what this project ships or an administrator loads.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
ARGON2 = "django.contrib.auth.hashers.Argon2PasswordHasher"
# Argon2 is slow on purpose; tests sign in hundreds of people who do not exist.
PASSWORD_HASHERS = [ARGON2 if MODE != "test" else "django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "yiwang.core.accounts.passwords.KindsOfCharacter"},
]

SESSION_ENGINE = "yiwang.core.accounts.sessions"
SESSION_COOKIE_NAME = "yiwang_session"
SESSION_COOKIE_AGE = 12 * 3600
# A session that its person leaves unused so long ends by itself; 0: it does not.
IDLE_MINUTES = ENV.idle_minutes
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION or ENV.tls
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = PRODUCTION or ENV.tls
CSRF_TRUSTED_ORIGINS = [ENV.public_origin] if ENV.public_origin else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.public_origin else None

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "yiwang.core.files.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

HOME = ENV.home
VAR = ENV.var
FILES_DIR = ENV.files_dir
FILES_URL = ENV.files_url
FILES_CREDENTIALS = ENV.files_credentials
AUDIT_DIR = ENV.var / "audit"
BACKUP_DIR = ENV.backup_dir
DATA_DIR = ENV.data_dir
CONSOLE_DIR = ENV.console_dir
MOBILE_DIR = ENV.mobile_dir
ROLES_FILE = Path(__file__).parent / "roles_2026_1.json"
DISTRICT_DIR = ENV.district_dir
# Where notices go beside the platform; without an address what would be sent is kept here, but not in production.
NOTIFY_URLS = ENV.notify_urls
NOTIFY_OUTBOX = None if PRODUCTION else ENV.var / "outbox"
LIVE_URL = ENV.live_url
SCHEME = ENV.scheme
LIVE_PORT = ENV.live_port
PUBLIC_ORIGIN = ENV.public_origin
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"yiwang": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}
