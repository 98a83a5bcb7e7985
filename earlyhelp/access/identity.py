"""Who is asking, told to PostgreSQL for the length of one transaction (design, section 3.6).

Unset means that no family's row is visible. `acting_as` and `acting_as_system` nest, and restore what was before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import structlog
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction

from earlyhelp.accounts.models import User
from earlyhelp.core import clock

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Identity:
    user_id: int | None = None
    system: str = ""


NOBODY = Identity()
_current: ContextVar[Identity] = ContextVar("identity", default=NOBODY)


def current() -> Identity:
    return _current.get()


@contextmanager
def acting_as(user: User | AnonymousUser | None) -> Iterator[None]:
    """See and write as `user`; an anonymous or inactive user, or None, sees nothing."""
    with _assume(Identity(user_id=user.pk) if user and user.is_authenticated and user.is_active else NOBODY):
        yield


@contextmanager
def acting_as_system(reason: str) -> Iterator[None]:
    """See and write across families, for `reason`, which is logged and goes with every change into the history. Within
    another such block the first one's reason stays."""
    log.info("acting as system", reason=reason, user=current().user_id)
    if current().system:
        with transaction.atomic():
            yield
        return
    with _assume(Identity(user_id=current().user_id, system=reason)):
        yield


@contextmanager
def _assume(identity: Identity) -> Iterator[None]:
    before = _current.get()
    nested = connection.in_atomic_block
    with transaction.atomic():
        _tell_database(identity)
        token = _current.set(identity)
        try:
            yield
        finally:
            _current.reset(token)
        # An error rolls the settings back with the savepoint; only a savepoint that is released keeps them.
        if nested and not connection.needs_rollback:
            _tell_database(before)


def _tell_database(identity: Identity) -> None:
    moved = clock.moved_to()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('earlyhelp.user', %s, true), set_config('earlyhelp.system', %s, true),"
            " set_config('earlyhelp.now', %s, true)",
            [str(identity.user_id or ""), identity.system, moved.isoformat() if moved else ""],
        )
