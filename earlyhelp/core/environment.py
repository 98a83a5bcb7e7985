"""Settings from the environment. One that can't be meant as it stands stops the start, with a line that names it."""

from collections.abc import Sequence
from typing import NoReturn
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
YES, NO = ("1", "yes", "true", "on"), ("", "0", "no", "false", "off")


def refuse(name: str, said: str, wanted: str) -> NoReturn:
    raise ImproperlyConfigured(f"{name} is “{said}”. {wanted}")


def text(name: str, default: str = "") -> str:
    """What is set; the default where nothing is, or an empty text."""
    return str(env(name, default="")).strip() or default


def flag(name: str) -> bool:
    """Yes or no; no where nothing is set."""
    said = text(name).lower()
    if said not in YES + NO:
        refuse(name, said, "Say yes or no.")
    return said in YES


def count(name: str) -> int:
    """A small number; nought where nothing is set."""
    said = text(name, "0")
    if not (said.isascii() and said.isdecimal() and len(said) < 3):
        refuse(name, said, "Give a number, such as 1.")
    return int(said)


def texts(name: str, default: Sequence[str] = ()) -> list[str]:
    """Texts with commas between."""
    return [part.strip() for part in text(name).split(",") if part.strip()] or list(default)


def web_address(name: str, default: str = "", *, https: bool = False) -> str:
    """An address such as https://help.example, without a slash at its end; empty where nothing is set."""
    said = text(name, default).rstrip("/")
    if said:
        parts, schemes = urlsplit(said), ("https",) if https else ("https", "http")
        if parts.scheme not in schemes or not parts.hostname or parts.query:
            refuse(name, said, f"Give the whole address, such as {schemes[0]}://help.example.")
    return said
