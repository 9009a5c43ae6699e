# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings. What an operator may choose is read from the environment; what the articles fix is not here."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PACKAGE = Path(__file__).parent
HOME = Path(os.environ.get("KOLLONTAI_HOME", "var")).absolute()
KEYS = Path(os.environ.get("KOLLONTAI_KEYS", HOME / "keys")).absolute()
RECORD = HOME / "record"
SITE = os.environ.get("KOLLONTAI_SITE", "http://localhost:8000").rstrip("/") + "/"  # in letters
DEMO = os.environ.get("KOLLONTAI_DEMO") == "1" or (HOME / "demonstration").exists()
FSYNC = os.environ.get("KOLLONTAI_FSYNC", "1") != "0"  # only tests turn it off
ORIGIN_HOST = os.environ.get("KOLLONTAI_ORIGIN", "localhost")  # first half of a new record's name, for ever


def _secret_key() -> str:
    """Read the server's own secret, made once on first use."""
    given = os.environ.get("KOLLONTAI_SECRET_KEY")
    if given:
        return given
    path = KEYS / "secret"
    if not path.exists():
        KEYS.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(50))
    return path.read_text()


def _database(url: str) -> dict[str, Any]:
    """Read DATABASE_URL: postgresql://user:password@host:port/name?host=/socket/folder."""
    parts = urlsplit(url)
    options: dict[str, Any] = {key: values[0] for key, values in parse_qs(parts.query).items()}
    # One sync serves many acts (decision 0006): the sequencer's commit waits for the disk, and with it all.
    options["options"] = f"{options.get('options', '')} -c synchronous_commit=off".strip()
    # For what is written by hand; Django's own ways never prepare.
    options["prepare_threshold"] = int(options.get("prepare_threshold", 3))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("KOLLONTAI_HOSTS", "localhost 127.0.0.1 [::1]").split()
TRUSTED_PROXIES = int(os.environ.get("KOLLONTAI_PROXIES", "0"))  # how many stand before us
CSRF_FAILURE_VIEW = "kollontai.web.middleware.too_old"
CSRF_TRUSTED_ORIGINS = os.environ.get("KOLLONTAI_TRUSTED_ORIGINS", "").split()

CHAPTERS = (
    "accounts", "record", "charter", "members", "bodies", "voting", "petitions", "elections", "deliberation",
    "writing_in",
)  # fmt: skip
"""The chapters, lowest first: a chapter may only import those before it."""

FOLLOWERS_THAT_ACT = ("kollontai.followers.stamping",)
"""Followers read the record; these also let the clock write down what they read."""

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    *(f"kollontai.chapters.{name}" for name in CHAPTERS),
    "kollontai.followers",
    "kollontai.web",
    *(["kollontai.demos"] if DEMO else []),
]

MIDDLEWARE = [
    "kollontai.api.answers.OnlyJson",
    "kollontai.web.middleware.Addresses",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kollontai.web.packing.Packing",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kollontai.web.middleware.Refusals",
]

ROOT_URLCONF = "kollontai.urls"
WSGI_APPLICATION = "kollontai.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kollontai.web.context.house",
            ],
        },
    }
]

FORM_RENDERER = "kollontai.web.forms.drawing.Drawn"

DATABASES = {
    "default": _database(os.environ["DATABASE_URL"])
    if os.environ.get("DATABASE_URL")
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": HOME / "kollontai.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768; PRAGMA mmap_size=268435456;"
            ),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["kollontai.chapters.accounts.backend.SignedIn"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "/sign-in/"

SESSION_ENGINE = "kollontai.chapters.accounts.sessions"
SESSION_COOKIE_AGE = 180 * 86_400
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = os.environ.get("KOLLONTAI_HTTPS") == "1"
CSRF_COOKIE_HTTPONLY = True
if SESSION_COOKIE_SECURE:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"  # for this very host alone
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch"), ("es", "Español")]  # each by its own name
LOCALE_PATHS = [PACKAGE / "locale"]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 86_400
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000

CACHES = {
    "default": {
        "BACKEND": "kollontai.web.memory.Memory",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

EMAIL_HOST = os.environ.get("KOLLONTAI_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("KOLLONTAI_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("KOLLONTAI_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("KOLLONTAI_SMTP_PASSWORD", "")
EMAIL_TIMEOUT = 20  # seconds: whoever sends keeps the clock too, and waits for no mail server
EMAIL_USE_TLS = os.environ.get("KOLLONTAI_SMTP_TLS", "1") != "0"
DEFAULT_FROM_EMAIL = os.environ.get("KOLLONTAI_MAIL_FROM", f"kollontai@{ORIGIN_HOST}")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("KOLLONTAI_LOG", "WARNING")},
}
