"""A procedure is changed while clocks run: what was said before is what then happens, for every kind of clock."""

from datetime import timedelta

import pytest
from django.apps import apps

from consent.clocks import OWN_WORD, WHO_DECIDES
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.dates import due
from earlyhelp.procedures import services
from earlyhelp.procedures.document import with_values
from earlyhelp.timescales.clocks import registry
from earlyhelp.timescales.models import Timescale
from earlyhelp.timescales.services import ask_extension, decide_extension, start
from earlyhelp.timescales.tasks import sweep
from tests.cast import new_family, set_procedure

KEEP = {OWN_WORD.kind, WHO_DECIDES.kind}


@pytest.fixture
def one_of_each(cast):
    """A family with a running clock of every kind, and one more that was met."""
    family = new_family(cast)
    with acting_as_system("test"):
        about = {"about": family, "family_id": family.pk, "owner": cast.alice, "owner_agency": cast.school}
        Timescale.objects.all().delete()
        for kind in registry.values():
            row = apps.get_model(kind.of)(pk=9)
            start(kind, row, at=clock.now() - timedelta(hours=20), **about)
            start(kind, row, at=clock.now() - timedelta(hours=20), number=2, **about)
        Timescale.objects.filter(key__endswith=":2").update(met_at=clock.now())
    return family


def running(kind: str) -> Timescale:
    with acting_as_system("test"):
        return Timescale.objects.get(kind=kind, met_at=None)


def changed(values: dict) -> str:
    return with_values(services.text_in_force(), values)


@pytest.mark.parametrize("kind", registry)
@pytest.mark.parametrize(("amount", "unit"), [(1, "hours"), (2, "weeks"), (3, "calendar_days"), (30, "working_days")])
def test_what_is_said_before_is_what_happens(cast, one_of_each, kind, amount, unit):
    before, text = running(kind), changed({f"clocks.{kind}.amount": amount, f"clocks.{kind}.unit": unit})
    (said,) = services.effects(text)
    version = services.load(text=text, actor=cast.admin)
    after = running(kind)
    assert said.startswith(f"{registry[kind].label}: {amount} {unit.replace('_', ' ')[: -1 if amount == 1 else None]}")
    if kind in KEEP:
        assert "1 open deadline keeps the date that was said" in said
        assert (after.due_at, after.first_due_at, after.procedure_id) == (before.due_at, before.first_due_at, 1)
        return
    assert after.due_at == after.first_due_at == due(before.anchor_at, amount, unit)
    assert ("1 open deadline will have another date" in said) == (after.due_at != before.due_at)
    assert ("late at once" in said) == (after.due_at <= clock.now())
    assert (after.amount, after.unit, after.procedure_id) == (amount, unit, version.number)
    with acting_as_system("test"):
        met = Timescale.objects.get(kind=kind, met_at__isnull=False)
    assert (met.due_at, met.procedure_id) == (before.due_at, 1)


def test_what_does_not_change_a_clock_moves_none(cast, one_of_each):
    assert services.effects(changed({"words.locality": "area", "clocks.review.extended_by_days": 7})) == []
    before = {kind: running(kind).due_at for kind in registry}
    set_procedure({"words.locality": "area"})
    assert {kind: running(kind).due_at for kind in registry} == before


@pytest.mark.parametrize("amount", [1, 9])
def test_time_that_a_manager_gave_is_not_taken_back(cast, one_of_each, amount):
    with acting_as(cast.alice):
        timescale = running("review")
        late = timescale.due_at + timedelta(days=3)
        extension = ask_extension(timescale=timescale, reason="They are away.", due_at=late, actor=cast.alice)
    with acting_as(cast.manager):
        decide_extension(extension=extension, approve=True, reason="", actor=cast.manager)
    text = changed({"clocks.review.amount": amount})
    (said,) = services.effects(text)
    services.load(text=text, actor=cast.admin)
    after = running("review")
    assert after.first_due_at == due(timescale.anchor_at, amount, "weeks")
    assert after.due_at == max(late, after.first_due_at)
    assert ("1 keep the date that a manager gave" in said) == (amount == 1)


def test_who_is_late_by_the_new_time_is_told_at_the_next_sweep(cast, one_of_each):
    set_procedure({"clocks.first_contact.amount": 1})
    with acting_as_system("test"):
        assert sweep() >= 1
        assert running("first_contact").events.filter(kind="overdue").exists()


def test_others_hear_from_now_on_also_of_what_runs(cast, one_of_each):
    set_procedure({"clocks.first_contact.amount": 1})
    sweep()
    set_procedure({"clocks.first_contact.hears": ["overdue", "service"], "telling.hours_between": 1})
    with clock.frozen_at(clock.now() + timedelta(hours=2)):
        sweep()
    with acting_as_system("test"):
        kinds = set(running("first_contact").events.values_list("kind", flat=True))
    assert kinds == {"overdue", "service"}


def test_no_more_time_than_the_procedure_allows_can_be_asked_for(cast, one_of_each, sign_in):
    timescale = running("review")
    set_procedure({"clocks.review.extended_by_days": 7})
    alice, url = sign_in(cast.alice), f"{one_of_each.get_absolute_url()}deadlines/{timescale.pk}/more-time/"
    last = clock.in_london(timescale.first_due_at).date() + timedelta(days=7)
    assert f"can give time until {last:%-d %B %Y}" in alice.get(url).content.decode()
    for day, status in ((last + timedelta(days=1), 200), (last, 302)):
        said = {"due_on_day": day.day, "due_on_month": day.month, "due_on_year": day.year}
        answer = alice.post(url, {"reason": "They are away.", **said})
        assert answer.status_code == status


def test_the_assessment_counts_from_acceptance_where_the_procedure_says_so(cast):
    set_procedure({"clocks.assessment_start.anchor": "request_accepted"})
    new_family(cast, received_at=clock.now() - timedelta(days=5))
    clock_of = running("assessment_start")
    assert (clock_of.anchor, clock_of.anchor_at) == ("the request was accepted", clock.now())
