"""The menu and a family's tabs: each app adds its own entries, and an entry shows when its action allows it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst

from earlyhelp.access.actions import Action, Asker
from earlyhelp.access.case import Case
from earlyhelp.govuk.components import NavItem
from earlyhelp.procedures.services import procedure_in_force


@dataclass(frozen=True, order=True)
class Entry:
    """`text` may use the council's word for {agreement}."""

    order: int
    text: str
    url_name: str
    action: Action


Banner = Callable[[HttpRequest, Asker, Case], str]
MENU: list[Entry] = []
TABS: list[Entry] = []
BANNERS: list[Banner] = []  # what stands above every page of a family: HTML, or "" for nothing


def items(entries: list[Entry], asker: Asker, path: str, thing: Any = None, *args: str) -> list[NavItem]:
    """The entries that `asker` may use; the one whose page this is, or lies under it, is current."""
    allowed = [
        (e, reverse(e.url_name, args=args))
        for e in sorted(entries, key=lambda e: e.order)
        if e.action.allows(asker, thing)
    ]
    best = max((url for _, url in allowed if (path.startswith(url) and url != "/") or path == url), key=len, default="")
    word = procedure_in_force().words.agreement
    return [NavItem(capfirst(entry.text.format(agreement=word)), url, url == best) for entry, url in allowed]


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `navigation`, empty for whoever isn't signed in."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {"navigation": []}
    return {"navigation": items(MENU, Asker(request.user), request.path)}
