"""The one settings module. Every value that differs between places is read from the environment here, and nowhere else."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from earlyhelp.core.environment import count, env, flag, text, texts, web_address
from earlyhelp.core.logs import LOGGING

__all__ = ["LOGGING"]

BASE_DIR = Path(__file__).resolve().parent.parent

DEMO = flag("DEMO")
DEBUG = flag("DEBUG")
PRODUCTION = flag("PRODUCTION")
if DEMO and PRODUCTION:
    raise ImproperlyConfigured("DEMO and PRODUCTION can't both be on: the demo's passwords are public.")
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG and PRODUCTION can't both be on: its error pages show what was typed.")
SECRET_KEY = env("SECRET_KEY")
SITE_URL = web_address("SITE_URL", "http://127.0.0.1:8000", https=PRODUCTION)
ALLOWED_HOSTS = texts("ALLOWED_HOSTS", ["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = texts("CSRF_TRUSTED_ORIGINS")
for origin in CSRF_TRUSTED_ORIGINS:
    if "://" not in origin:
        raise ImproperlyConfigured(f"CSRF_TRUSTED_ORIGINS has “{origin}”. Begin each with https://.")
if PRODUCTION and urlsplit(SITE_URL).hostname not in ALLOWED_HOSTS:
    raise ImproperlyConfigured(f"ALLOWED_HOSTS doesn't have the host of SITE_URL, {SITE_URL}: add it.")
MOVABLE_CLOCK = DEMO

INSTALLED_APPS = [
    *(["earlyhelp.demo"] if DEMO else []),
    "earlyhelp.workspace",
    "stepdown",
    "plans",
    "assessments",
    "consent",
    "families",
    "earlyhelp.desk",
    "earlyhelp.timescales",
    "earlyhelp.printing",
    "earlyhelp.notifications",
    "earlyhelp.drafts",
    "earlyhelp.access",
    "earlyhelp.accounts",
    "earlyhelp.procedures",
    "earlyhelp.govuk",
    "earlyhelp.core",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "earlyhelp.core.middleware.OnceMiddleware",
    "earlyhelp.core.middleware.NoStoreMiddleware",
    "earlyhelp.accounts.middleware.SizeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "earlyhelp.access.middleware.IdentityMiddleware",
    "earlyhelp.accounts.middleware.SignedInMiddleware",
    "earlyhelp.accounts.middleware.RequiredMfaMiddleware",
    "earlyhelp.core.middleware.AddressMiddleware",
]

ROOT_URLCONF = "earlyhelp.urls"
WSGI_APPLICATION = "earlyhelp.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "earlyhelp.govuk.templatetags.govuk",
                "crispy_forms.templatetags.crispy_forms_tags",
                "django.contrib.humanize.templatetags.humanize",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "earlyhelp.accounts.context.local_procedure",
                "earlyhelp.accounts.context.demo",
                "earlyhelp.access.navigation.menu",
                "earlyhelp.workspace.context.search",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

database = env.db_url("DATABASE_URL")
options = database.get("OPTIONS", {})
DATABASES = {
    "default": {
        **database,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # No statement holds a value that somebody typed: not in PostgreSQL's log, nor in its list of what runs. One that a
        # connection has sent often enough is planned once. None is compiled, which takes a tenth of a second: policies make
        # PostgreSQL expect more of a statement than it asks
        "OPTIONS": {
            **options,
            "server_side_binding": True,
            "prepare_threshold": 3,
            "options": f"{options.get('options', '')} -c jit=off".strip(),
        },
        "ATOMIC_REQUESTS": False,  # the identity middleware opens the transaction, around view and rendering
    },
}
# The role that owns the tables, for `migrate` and the few other commands that need it; the web process has none
DATABASE_OWNER = env.db_url("DATABASE_OWNER_URL") if text("DATABASE_OWNER_URL") else None
REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "earlyhelp.core.cache.ForgivingCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        "KEY_PREFIX": "earlyhelp",
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # guardian holds what agencies may know; it answers for no user
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "earlyhelp.accounts.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "earlyhelp.accounts.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are made by the agency's administrator, never by signing up
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail goes to an address that has no account
# How often someone may try to sign in: earlyhelp.accounts.sign_ins. Here, codes and new passwords; nobody shares a limit
# with a whole office behind one address.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "5/5m/key",
    "reset_password": "5/h/key,60/m/ip",
    "reset_password_from_key": "60/m/ip",
}
ACCOUNT_FORMS = {
    "login": "earlyhelp.accounts.forms.SignInForm",
    "change_password": "earlyhelp.accounts.forms.NewPasswordForm",
    "reset_password": "earlyhelp.accounts.forms.ForgottenPasswordForm",
    "reset_password_from_key": "earlyhelp.accounts.forms.ReplacedPasswordForm",
    "reauthenticate": "earlyhelp.accounts.forms.ConfirmForm",
}
MFA_FORMS = {
    "authenticate": "earlyhelp.accounts.forms.CodeForm",
    "reauthenticate": "earlyhelp.accounts.forms.ConfirmWithCodeForm",
    "activate_totp": "earlyhelp.accounts.forms.AuthenticatorAppForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator gave the address; the link that was sent there made the password
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_REQUIRED_ROLES = texts("MFA_REQUIRED_ROLES")
SEE_OR_GIVE_MUCH = {"manager", "service_manager", "administrator"}
if PRODUCTION and not flag("MANAGERS_WITHOUT_MFA") and not {*MFA_REQUIRED_ROLES} >= SEE_OR_GIVE_MUCH:
    raise ImproperlyConfigured(
        "MFA_REQUIRED_ROLES doesn't have manager and service_manager, who see many families, and administrator, who "
        "says who does: add all three, or set "
        "MANAGERS_WITHOUT_MFA=yes where the council's own sign-in asks them for a second proof."
    )
OIDC = {name: text(f"OIDC_{name}") for name in ("CLIENT_ID", "CLIENT_SECRET")}
OIDC["SERVER_URL"] = web_address("OIDC_SERVER_URL", https=True)
if any(OIDC.values()) and not all(OIDC.values()):
    missing = ", ".join(f"OIDC_{name}" for name, value in OIDC.items() if not value)
    raise ImproperlyConfigured(f"Sign-in with the council's accounts needs {missing} too.")
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": (
            [
                {
                    "provider_id": "council",
                    "name": text("OIDC_NAME", "your work account"),
                    "client_id": OIDC["CLIENT_ID"],
                    "secret": OIDC["CLIENT_SECRET"],
                    "settings": {"server_url": OIDC["SERVER_URL"]},
                }
            ]
            if OIDC["SERVER_URL"]
            else []
        ),
    }
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"  # who is signed in doesn't rest on a cache that may be away
MESSAGE_STORAGE = (
    "django.contrib.messages.storage.session.SessionStorage"  # what was said to one person stays with their sign-in
)
SESSION_COOKIE_AGE = 60 * 60 * 10
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Secure by default; the demo speaks plain HTTP on the loopback
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
ALLAUTH_TRUSTED_PROXY_COUNT = count("BEHIND_PROXY")  # so many add to X-Forwarded-For whom they answer
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "earlyhelp.accounts.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF, *filter(None, [OIDC["SERVER_URL"]])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Words and dates
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
DATE_FORMAT = "j F Y"
FORMAT_MODULE_PATH = ["earlyhelp.core.formats"]

# Files
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".build" / "static"
PRINT_FONTS = BASE_DIR / ".build" / "print-fonts"  # neither compressed nor served
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / ".build" / "vendor"]
MEDIA_ROOT = Path(text("MEDIA_ROOT", str(BASE_DIR / ".data" / "media")))  # served only through a view
STORAGES = {
    "default": {"BACKEND": "earlyhelp.core.files.TransactionalStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
CLAMAV = text("CLAMAV")  # host:port or the path of a socket; empty: files stay unchecked, and are marked so
if CLAMAV and not CLAMAV.startswith("/") and not CLAMAV.rpartition(":")[2].isdecimal():
    raise ImproperlyConfigured(f"CLAMAV is “{CLAMAV}”. Give host:port, or the path of its socket.")
SCAN_REQUIRED = flag("SCAN_REQUIRED")
if SCAN_REQUIRED and not CLAMAV:
    raise ImproperlyConfigured("SCAN_REQUIRED needs CLAMAV: without it no file could ever be opened.")

# E-mail
EMAIL_TIMEOUT = 10
if PRODUCTION and text("EMAIL_URL", "consolemail:").startswith("consolemail:"):
    raise ImproperlyConfigured(
        "Set EMAIL_URL, such as smtp+tls://user:password@mail.example:587: without it, no mail is sent, and links that "
        "open an account stand in the log."
    )
vars().update(env.email_url_config(text("EMAIL_URL", "consolemail://")))
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", "early-help@example.org")

# Jobs
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "sweep-timescales": {"task": "earlyhelp.timescales.tasks.sweep", "schedule": 60.0},
    "come-of-age": {"task": "consent.tasks.come_of_age", "schedule": 3600.0},
    "move-areas": {"task": "families.tasks.move_areas", "schedule": 3600.0},
    "send-password-mails": {"task": "earlyhelp.accounts.tasks.send_password_mails", "schedule": 30.0},
    "look-at-gates": {"task": "stepdown.tasks.look_at_gates", "schedule": 60.0},
    "forget-names": {"task": "families.tasks.forget_names", "schedule": 86400.0},
    "check-files": {"task": "families.tasks.check_files", "schedule": 300.0},
    "close-agencies": {"task": "earlyhelp.desk.tasks.close_agencies", "schedule": 3600.0},
    "deliver-notifications": {"task": "earlyhelp.notifications.tasks.deliver", "schedule": 60.0},
}

# Forms
CRISPY_ALLOWED_TEMPLATE_PACKS = ["govuk"]
CRISPY_TEMPLATE_PACK = "govuk"
CRISPY_FAIL_SILENTLY = False
