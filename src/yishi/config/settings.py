"""Settings of every installation, computed from the environment alone."""

from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF

from yishi.config import databases, environment

ENV = environment.read()
DATA_DIR = ENV.data_dir.resolve()
DEBUG = ENV.debug


def _secret_key() -> str:
    """The key from the environment, else one made at first start and kept in the data folder."""
    if ENV.secret_key:
        return ENV.secret_key
    from yishi.core import secret

    return secret.kept_key(DATA_DIR / "secret.key")


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = list(ENV.hosts) + (["testserver"] if DEBUG else [])
PAGE_CACHE_SECONDS = ENV.page_cache_seconds
SITE_URL = ENV.url.rstrip("/")
TOWN = ENV.town
STAFF_SECOND_FACTOR = ENV.staff_second_factor
SMS_BACKEND = ENV.sms_backend
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "yishi.web",  # first: its templates dress the pages of the apps below
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "yishi.people",  # before allauth, whose pages it words and lays out
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    *(["allauth.socialaccount.providers.openid_connect"] if ENV.openid_server else []),
    *(["allauth.socialaccount.providers.weixin"] if ENV.wechat_app_id else []),
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "template_partials",
    "ninja",
    "csp",
    "yishi.core",
    "yishi.network",
    "yishi.inbox",
    "yishi.publication",
    "yishi.commitments",
    "yishi.matters",
    "yishi.decisions",
    "yishi.dashboard",
    "yishi.api",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yishi.core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yishi.network.middleware.ViewerMiddleware",
    "yishi.core.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "yishi.config.urls"
WSGI_APPLICATION = "yishi.config.wsgi.application"
FORM_RENDERER = "yishi.web.rendering.Renderer"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "yishi.core.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "yishi.web.templatetags.yishi",
            ],
        },
    }
]

DATABASES = {"default": databases.from_url(ENV.database_url, DATA_DIR, ENV.database_pool)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2000}}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "zh-hans"  # what the texts are written in; another here would shine through where Chinese is asked for
FIRST_LANGUAGE = ENV.language
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = ENV.time_zone
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 12

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["yishi.people.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "yishi.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone", "email"}
ACCOUNT_SIGNUP_FIELDS = ["phone", "email", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PHONE_VERIFICATION_ENABLED = ENV.sms_backend != "yishi.inbox.sms.ConsoleBackend"
ACCOUNT_FORMS = {"login": "yishi.people.forms_account.LoginForm", "signup": "yishi.people.forms_account.SignupForm"}
ACCOUNT_USER_DISPLAY = "yishi.people.adapter.display_of"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {} if ENV.rate_limits else False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "议事 Yishi"
SILENCED_SYSTEM_CHECKS = ["account.W001"]  # phone or e-mail: neither alone is required
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.https
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if ENV.openid_server:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "APPS": [
            {
                "provider_id": "openid",
                "name": ENV.openid_name or "OpenID",
                "client_id": ENV.openid_client_id,
                "secret": ENV.openid_secret,
                "settings": {"server_url": ENV.openid_server},
            }
        ]
    }
if ENV.wechat_app_id:
    SOCIALACCOUNT_PROVIDERS["weixin"] = {"APPS": [{"client_id": ENV.wechat_app_id, "secret": ENV.wechat_secret}]}

SESSION_ENGINE = "yishi.core.sessions"  # signing out holds in every process at once
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if ENV.https else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.https and ENV.trusted_proxies else None
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"


def _tile_hosts() -> list[str]:
    """Where map tiles come from, if anywhere; nothing else leaves this host."""
    parts = urlsplit(ENV.map_tiles.replace("{s}", "*"))
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


def _sign_in_hosts() -> list[str]:
    """Where signing in by another service leads: its own host, only when it is switched on."""
    parts = urlsplit(ENV.openid_server)
    hosts = [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
    return hosts + (["https://open.weixin.qq.com"] if ENV.wechat_app_id else [])


CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *_tile_hosts()],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *_sign_in_hosts()],
        "frame-ancestors": [NONE],
    }
}


def _mail(url: str) -> dict[str, Any]:
    """Django's e-mail settings from one address."""
    parts = urlsplit(url)
    kind = {"console": "console", "file": "filebased", "memory": "locmem"}.get(parts.scheme, "smtp")
    found: dict[str, Any] = {"EMAIL_BACKEND": f"django.core.mail.backends.{kind}.EmailBackend"}
    if kind == "filebased":
        found["EMAIL_FILE_PATH"] = parts.path
    if kind == "smtp":
        found |= {
            "EMAIL_HOST": parts.hostname or "localhost",
            "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
            "EMAIL_HOST_USER": unquote(parts.username or ""),
            "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
            "EMAIL_USE_SSL": parts.scheme == "smtps",
        }
    return found


globals().update(_mail(ENV.email_url))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.email_from

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": ENV.log_level},
}
