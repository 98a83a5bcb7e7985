"""Logging without personal data: an exception is logged by its type and its frames, never by its text or its values."""

import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog


def frames_only(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace exception information by type names and the lines of code that raised them."""
    if str(event.get("logger", "")).startswith("celery"):
        # Celery writes an error's text and its trace into the message itself.
        event["event"] = str(event["event"]).partition(" raised unexpected")[0].splitlines()[0][:200]
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    elif isinstance(info, BaseException):
        info = (type(info), info, info.__traceback__)
    if isinstance(info, tuple) and info[0]:
        chain, error = [], info[1]
        while error is not None:
            chain.append(type(error).__qualname__)
            error = error.__cause__ or error.__context__
        event["exception"] = " from ".join(chain)
        event["frames"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(info[2])][-12:]
    return event


# What keeps families' words out of PostgreSQL's own log: an error there quotes the statement, and the row that it refused
POSTGRES_SETTINGS = {
    "log_min_messages": "log",  # above ERROR: what a statement did wrong is ours to say
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    frames_only,
]
structlog.configure(
    processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": SHARED,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(default=lambda value: type(value).__name__),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
