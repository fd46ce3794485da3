"""Settings, one file. Everything that differs between places is read from the environment (see `.env.example`)."""

from datetime import timedelta
from typing import Any

import django_stubs_ext
import structlog
from csp.constants import NONCE, NONE, SELF
from kombu.entity import Queue

from webapp.config.company_provider import company_origins, company_provider
from webapp.config.env import HOME, REPOSITORY, embedded_secret, env
from webapp.config.object_store import object_store
from webapp.core.static_headers import add_headers

django_stubs_ext.monkeypatch()

# --- Core -------------------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_IS_GIVEN = bool(env.str("SECRET_KEY", default=""))
SECRET_KEY = env.str("SECRET_KEY", default="") or embedded_secret()
# Keys of before a change: they still open sessions, links and second steps, until those are renewed or the key is taken off the list.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
HOME_FOLDER = HOME
PORT = env.int("PORT", default=8000)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many of ours stand before this server
SECURE_COOKIES = env.bool(
    "SECURE_COOKIES", default=False
)  # on behind TLS; the embedded default speaks plain HTTP to localhost
# Declared proxies say whether the browser came by TLS: without it addresses that we build begin with http, and HSTS is never sent.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_COOKIES else 0
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
ROOT_URLCONF = "webapp.config.urls"
WSGI_APPLICATION = "webapp.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.headless",
    "simple_history",
    "django_vite",
    "csp",
    "django_prometheus",
    "webapp.core",
    "webapp.accounts",
    "webapp.taxonomy",
    "webapp.registry",
    "webapp.footage",
    "webapp.labels",
    "webapp.risk",
    "webapp.audit",
    "webapp.review",
    "webapp.blind",
    "webapp.consensus",
    "webapp.autoaccept",
    "webapp.exchange",
    "webapp.team",
    "webapp.explore",
    "webapp.datasets",
    "webapp.jobs",
    "webapp.fleet",
    "webapp.edge",
    "webapp.training",
    "webapp.dashboards",
    "webapp.control",
    "webapp.webhooks",
    "workers",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "webapp.accounts.seen.LastSeen",
    "simple_history.middleware.HistoryRequestMiddleware",
    "webapp.core.request_log.RequestLog",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [REPOSITORY / "webapp" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Database ---------------------------------------------------------------------------------------------------------
# WAL + IMMEDIATE: 3,727 transactions/s and no lock errors from 6 processes, against 753/s and 1,484 errors at Django's defaults.
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;",
}
HOME.mkdir(parents=True, exist_ok=True)
if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db_url("DATABASE_URL")}
elif env.str("PGHOST", default=""):  # a socket folder cannot be written as a URL that django-environ parses
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "HOST": env.str("PGHOST"),
            "PORT": env.str("PGPORT", default=""),
            "USER": env.str("PGUSER", default="postgres"),
            "PASSWORD": env.str("PGPASSWORD", default=""),
            "NAME": env.str("PGDATABASE", default="postgres"),
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "headway.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
            # A file, not memory: the tests' threads and processes then see one database.
            "TEST": {"NAME": HOME / "test.sqlite3"},
        }
    }
DATABASES["default"]["CONN_MAX_AGE"] = 60

# One cache for all processes: throttles and login limits must be counted together.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.str("CACHE_URL")}
    if env.str("CACHE_URL", default="")
    else {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": HOME / "cache"}
}

# --- Files ------------------------------------------------------------------------------------------------------------
MEDIA_ROOT = HOME / "media"
UPLOADS_ROOT = HOME / "uploads"
MODELS_ROOT = HOME / "models"  # unpacked from the store; may be deleted at any time
FEATURES_ROOT = HOME / "features"  # vectors put together from the store; may be deleted at any time
RUNS_ROOT = HOME / "runs"  # what training runs go on from; their models go to the store
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
FRONTEND_DIST = REPOSITORY / "frontend" / "dist"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.exists() else []
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
if env.str("STORAGE_URL", default=""):  # s3://bucket, with AWS_* in the environment
    STORAGES["default"] = object_store(env.str("STORAGE_URL"), endpoint=env.str("AWS_ENDPOINT_URL", default=None))
NGINX_SENDS_FILES = env.bool("NGINX_SENDS_FILES", default=False)  # only behind `deploy/nginx.conf`
WHITENOISE_ADD_HEADERS_FUNCTION = add_headers
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+[.-][0-9A-Za-z_-]{8,}\..+$"
DJANGO_VITE = {
    "default": {"dev_mode": False, "manifest_path": FRONTEND_DIST / ".vite" / "manifest.json", "static_url_prefix": ""}
}
# Chunks of a resumable upload arrive as raw bodies; everything else is small JSON.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20

# --- Login ------------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "webapp.accounts.adapter.ClosedSignupAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ["browser"]
HEADLESS_FRONTEND_URLS = {
    "account_reset_password_from_key": "/login?key={key}",
    "socialaccount_login_error": "/login",
}
USERSESSIONS_TRACK_ACTIVITY = True  # written by LastSeen, not by allauth's own middleware
MFA_ADAPTER = "webapp.accounts.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Headway"
MFA_TOTP_TOLERANCE = 1  # phones' clocks are half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # owners make the accounts
# The company's own provider, where one is named: OIDC_SERVER_URL, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET.
SOCIALACCOUNT_ADAPTER = "webapp.accounts.company_login.CompanyLoginAdapter"
SOCIALACCOUNT_PROVIDERS = company_provider()
LOGIN_URL = "/login"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

# Hosts of your own network that webhooks may reach; every other private address is refused.
OUTBOUND_PRIVATE_HOSTS = env.list("OUTBOUND_PRIVATE_HOSTS", default=[])

# --- Letters ----------------------------------------------------------------------------------------------------------
# Without a server they go to the log.
EMAIL_SERVER = env.email_url("EMAIL_URL", default="consolemail://")
MAIL_IS_SENT = bool(env.str("EMAIL_URL", default=""))
EMAIL_BACKEND = EMAIL_SERVER["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = EMAIL_SERVER["EMAIL_HOST"], EMAIL_SERVER["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = EMAIL_SERVER["EMAIL_HOST_USER"], EMAIL_SERVER["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = EMAIL_SERVER.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="headway@localhost")

# --- API --------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "webapp.core.authentication.SessionAuthentication",
        "knox.auth.TokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["webapp.core.renderers.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": [
        "django_filters.rest_framework.DjangoFilterBackend",
        "rest_framework.filters.OrderingFilter",
    ],
    "DEFAULT_PAGINATION_CLASS": "webapp.core.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "webapp.core.throttling.UserRateThrottle",
        "webapp.core.throttling.AnonRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"user": "6000/min", "anon": "60/min", "refused": "600/min"},
    # Without a number the whole X-Forwarded-For would be the name, and a new one each time would never be counted.
    "NUM_PROXIES": TRUSTED_PROXIES,
    "EXCEPTION_HANDLER": "webapp.core.exception_handler.problem_response",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=90), "AUTH_HEADER_PREFIX": "Token", "TOKEN_LIMIT_PER_USER": 20}
SPECTACULAR_SETTINGS = {
    "TITLE": "Headway",
    "VERSION": "1",
    "DESCRIPTION": "Errors are application/problem+json (RFC 9457). Boxes are COCO [x, y, width, height] in pixels of the original frame.",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "LightEnum": "webapp.footage.light.LIGHTS",
        "LightOrUnknownEnum": "webapp.footage.light.LIGHTS_OR_UNKNOWN",
        "RoleEnum": "webapp.accounts.models.Membership.Role",
        "BoxStateEnum": "webapp.labels.models.Box.State",
        "FrameStateEnum": "webapp.footage.models.Frame.State",
        "JobStateEnum": "webapp.jobs.models.Job.State",
        "ClipStateEnum": "webapp.footage.models.Clip.State",
        "DriveStateEnum": "webapp.footage.models.Drive.State",
        "BoxEventKindEnum": "webapp.labels.models.BoxEvent.Kind",
        "VerdictEnum": "webapp.review.models.Review.Verdict",
        "OpinionVerdictEnum": "webapp.consensus.models.Disagreement.Verdict",
        "VersionStateEnum": "webapp.datasets.models.DatasetVersion.State",
        "UplinkStateEnum": "webapp.fleet.models.Uplink.State",
        "CommandStateEnum": "webapp.fleet.models.Command.State",
        "CommandKindEnum": "webapp.fleet.models.Command.Kind",
        "RolloutStateEnum": "webapp.fleet.models.Rollout.State",
        "CampaignStateEnum": "webapp.fleet.models.TriggerCampaign.State",
        "AlarmKindEnum": "webapp.fleet.models.Alarm.Kind",
        "AlarmVerdictEnum": "webapp.fleet.models.Alarm.Verdict",
        "AlarmSourceEnum": "webapp.fleet.models.Alarm.Source",
        "EdgeTargetEnum": "webapp.edge.models.EdgeExport.Target",
        "OrderKindEnum": "webapp.fleet.serializers.ORDERS",
        "TaxonomyChangeKindEnum": "webapp.control.models.TaxonomyChange.Kind",
        "SaidStateEnum": "webapp.fleet.device_serializers.SAID",
    },
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        # Mantine and uPlot set element styles; style elements carry the nonce.
        "style-src": [SELF, NONCE],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "manifest-src": [SELF],
        "form-action": [SELF, *company_origins()],  # the login's form is answered by a redirect there
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

# --- Jobs -------------------------------------------------------------------------------------------------------------
# The broker is only a doorbell: the truth is the job row, which lives by its lease (docs/decisions/002).
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {}
if CELERY_BROKER_URL.startswith("filesystem:"):
    BROKER_FOLDER = HOME / "broker"
    for folder in ("in", "control"):
        (BROKER_FOLDER / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_FOLDER / "in"),
        "data_folder_out": str(BROKER_FOLDER / "in"),
        "control_folder": str(BROKER_FOLDER / "control"),
        "polling_interval": 0.1,
    }
CELERY_TASK_DEFAULT_QUEUE = CELERY_TASK_DEFAULT_ROUTING_KEY = "default"
# A key each: queues that share one would each get a copy of every message.
CELERY_TASK_QUEUES = [Queue(name, routing_key=name) for name in ("default", "ingest", "prelabel", "train")]  # type: ignore[no-untyped-call]
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
JOB_LEASE_S = env.float("JOB_LEASE_S", default=15.0)  # a killed worker's job is taken up again after this
JOB_HEARTBEAT_S = env.float("JOB_HEARTBEAT_S", default=3.0)
JOB_REAP_EVERY_S = env.float("JOB_REAP_EVERY_S", default=5.0)
JOB_MAX_ATTEMPTS = env.int("JOB_MAX_ATTEMPTS", default=5)

# --- Audit ------------------------------------------------------------------------------------------------------------
AUDIT_LEASE_S = env.int("AUDIT_LEASE_S", default=120)
# How many of the claimed frames come for a label drawn at random, whatever its risk: they tell when enough was audited.
AUDIT_RANDOM_SHARE = env.float("AUDIT_RANDOM_SHARE", default=3 / 20)

# --- Logs and errors ----------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)-7s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django_structlog": {"level": "WARNING"},
        "kombu.connection": {"level": "ERROR"},  # the filesystem transport has no host name, and says so each time
    },
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.format_exc_info,
        structlog.processors.KeyValueRenderer(key_order=["event"]),
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # opens /metrics to a scraper; without it for staff alone
if env.str("SENTRY_DSN", default=""):
    import sentry_sdk

    sentry_sdk.init(dsn=env.str("SENTRY_DSN"), send_default_pii=False)
