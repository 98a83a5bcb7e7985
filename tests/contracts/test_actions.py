"""Every page names what it does; none is open to whoever isn't signed in."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from earlyhelp.access.actions import Action
from earlyhelp.access.views import ActionView

OURS = ("earlyhelp.", "families.", "consent.", "assessments.", "plans.", "stepdown.")
FOR_MACHINES = {"Healthz"}  # no names, no sign-in
OPEN_IN_THE_DEMO = {"Personas", "SignIn", "MoveClock"}


def patterns(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry


def our_views():
    for path, pattern in patterns():
        view = getattr(pattern.callback, "view_class", pattern.callback)
        if view.__module__.startswith(OURS) and view.__name__ not in FOR_MACHINES:
            yield pytest.param(path, pattern, view, id=pattern.name or path)


@pytest.mark.parametrize(("path", "pattern", "view"), list(our_views()))
def test_every_page_names_its_action(path, pattern, view):
    if view.__name__ in OPEN_IN_THE_DEMO:
        assert view.__module__ == "earlyhelp.demo.views"
        assert settings.DEMO
        return
    assert issubclass(view, ActionView)
    assert isinstance(view.action, Action)


SAMPLE = {
    "reference": "482-9157",
    "into": "482-9157",
    "pk": 1,
    "number": 1,
    "role": 1,
    "kind": "csv",
    "cover": 1,
    "agency": 1,
    "person": 1,
    "address": "x",
    "part": "why_now",
    "service": "family_support",
    "code": "meeting",
}


@pytest.mark.parametrize(("path", "pattern", "view"), list(our_views()))
def test_nobody_gets_in_without_signing_in(db, path, pattern, view):
    if view.__name__ in OPEN_IN_THE_DEMO:
        return
    names = pattern.pattern.converters
    values = {
        n: "6b1c2a0e-0000-4000-8000-000000000000" if "uuid" in type(c).__name__.lower() else SAMPLE[n]
        for n, c in names.items()
    }
    from django.urls import reverse

    response = Client().get(reverse(pattern.name, kwargs=values))
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")
