"""What is saved, each time by someone who leads another family. It stays saved: the next run finds others."""

import random
import re
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from tests.bench.timing import ROUNDS, WARMING, Visitor, signed_in
from tests.pages import answers_in

SENTENCE = "The mornings are hard since the move, and the walk to school takes most of an hour."
Answers = Callable[[str, Any], dict[str, Any]]


def measure(port: int) -> list[dict[str, Any]]:
    """How long it takes to save a note, a part of an assessment and a review, and to check for an existing record, in ms."""
    return [{"what": what, **_took(_sending(port, *kind))} for what, kind in KINDS.items()]


def _took(forms: Iterator[tuple[Visitor, str, dict[str, Any], int]]) -> dict[str, float]:
    times: list[float] = []
    for visitor, url, form, done in forms:
        began = time.perf_counter()
        status, _ = visitor.sends(url, form)
        took = (time.perf_counter() - began) * 1000
        times += [took] if status == done else []
        if len(times) == WARMING + ROUNDS:
            break
    else:
        raise SystemExit(f"{url} was saved {len(times)} times, and not {WARMING + ROUNDS}")
    times = times[WARMING:]
    return {"p50": round(statistics.median(times), 1), "p95": round(statistics.quantiles(times, n=20)[-1], 1)}


def _sending(
    port: int, stage: str, path: str, answers: Answers, done: int
) -> Iterator[tuple[Visitor, str, dict[str, Any], int]]:
    """One after the other, a form that was opened and filled in."""
    from earlyhelp.access.identity import acting_as, acting_as_system
    from earlyhelp.workspace.models import CaseloadEntry
    from families.models import Person

    with acting_as_system("bench"):
        led = CaseloadEntry.objects.filter(stage=stage, leads=True, works=True, agreed=True).select_related("runner")
        chosen = random.sample(list(led), min(10 * (WARMING + ROUNDS), len(led)))
    for line in chosen:
        with acting_as(line.runner):
            person = Person.objects.filter(family=line.pk, born="exact").exclude(date_of_birth=None).first()
        cookie, token = signed_in(line.runner)
        visitor, url = Visitor(port, cookie), path.format(f"/families/{line.reference}")
        page = visitor.sends(url)[1].decode()
        form = answers_in(page)
        if person and "form_token" in form:
            yield visitor, url, form | answers(page, person) | {"csrfmiddlewaretoken": token}, done


def _day(name: str, day: Any) -> dict[str, Any]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def _now(name: str) -> dict[str, Any]:
    from earlyhelp.core import clock

    now = clock.in_london(clock.now())
    return _day(name, now) | {f"{name}_time": f"{now:%H:%M}"}


def _note(page: str, person: Any) -> dict[str, Any]:
    return _now("at") | {"kind": "call", "with_whom": person.first_name, "text": SENTENCE}


def _part(page: str, person: Any) -> dict[str, Any]:
    return dict.fromkeys(re.findall(r'<textarea[^>]* name="([^"]+)"', page), SENTENCE)


def _review(page: str, person: Any) -> dict[str, Any]:
    from earlyhelp.core import clock

    results = dict.fromkeys(re.findall(r'name="(result_\d+)"', page), "done")
    came = dict.fromkeys(re.findall(r'name="(person_\d+|user_\d+)"', page), "came")
    said = {"how": "meeting", "finding": "positive", "decision": "continue", "family_views": SENTENCE}
    next_one = clock.today() + timedelta(days=35 - clock.today().weekday())
    return _now("held_at") | _day("next_review_on", next_one) | said | results | came


def _check(page: str, person: Any) -> dict[str, Any]:
    name = {"first_name": person.first_name, "last_name": person.last_name or "Smith"}
    return name | _day("date_of_birth", person.date_of_birth)


KINDS: dict[str, tuple[str, str, Answers, int]] = {
    "saving a note": ("plan", "{}/notes/write/", _note, 302),
    "saving a part of an assessment": ("assessment", "{}/assessment/part/why_now/", _part, 302),
    "saving a review": ("plan", "{}/plan/review/", _review, 302),
    "checking for an existing record": ("plan", "/requests/check/", _check, 200),
}
