"""What is read once a request, however often it is asked for: the procedure in force, and how far the demo's clock runs ahead."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_read: ContextVar[dict[str, Any] | None] = ContextVar("read_once", default=None)


@contextmanager
def for_a_request() -> Iterator[None]:
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def once(key: str, read: Callable[[], T]) -> T:
    """What `read` gives; within a request, what it gave the first time."""
    kept = _read.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    found: T = kept[key]
    return found


def forget(key: str) -> None:
    """It has changed: read it anew."""
    if kept := _read.get():
        kept.pop(key, None)
