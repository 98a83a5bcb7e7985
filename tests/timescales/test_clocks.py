"""A deadline comes, passes, climbs and is met; sweeping twice or late changes nothing."""

import re
from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError

from consent.services.ledger import record_agreement
from consent.word import Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Agency, Membership
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from earlyhelp.notifications.tasks import deliver
from earlyhelp.timescales import tasks
from earlyhelp.timescales.models import Extension, Timescale, TimescaleEvent
from earlyhelp.timescales.services import ask_extension, decide_extension, meet
from families.clocks import FIRST_CONTACT
from families.models import Episode, Request
from families.services import episodes
from tests.cast import ask, make_user, mother, new_family, set_procedure
from tests.pages import text_of


@pytest.fixture(autouse=True)
def tell_at_once(monkeypatch):
    """The sweep hands over to the second step through the broker; here it is called where a worker would."""
    monkeypatch.setattr(tasks.tell, "delay", lambda: tasks.tell())


def sweep(times: int = 1) -> None:
    for _ in range(times):
        tasks.sweep()


def messages(user) -> list[str]:
    with acting_as_system("test"):
        return sorted(Notification.objects.filter(user=user).values_list("kind", flat=True))


def first_contact(family) -> Timescale:
    with acting_as_system("test"):
        return Timescale.objects.get(family=family, kind="first_contact")


def after(hours: float):
    return clock.frozen_at(clock.now() + timedelta(hours=hours))


def test_a_request_starts_the_72_hours_at_its_receipt(cast):
    request = ask(cast)
    with acting_as(cast.locality):
        timescale = Timescale.objects.get()
    assert timescale.due_at - request.received_at == timedelta(hours=72)


def test_the_rule_comes_from_the_local_procedure(cast):
    set_procedure({"clocks.first_contact.amount": 2, "clocks.first_contact.unit": "working_days"})
    ask(cast)
    with acting_as(cast.locality):
        assert Timescale.objects.get().due_at.astimezone(clock.LONDON).date().isoformat() == "2026-11-25"


def test_the_owner_is_reminded_then_told_then_the_deadline_climbs_a_day_at_a_time(cast):
    family = new_family(cast)
    before = messages(cast.alice)
    with after(50):
        sweep()
    assert set(messages(cast.alice)) - set(before) == {"timescales.due_soon"}
    with after(71):
        sweep()
    assert "timescales.overdue" in messages(cast.alice)
    assert "timescales.overdue_manager" not in messages(cast.manager)
    with after(71 + 24):
        sweep()
    assert "timescales.overdue_manager" in messages(cast.manager)
    with after(71 + 48):
        sweep()
    assert "timescales.overdue_locality" in messages(cast.locality)
    with after(71 + 72):
        sweep()
    assert "timescales.overdue_service" in messages(cast.service)
    assert first_contact(family).look_at is None


def test_a_step_that_nobody_holds_is_skipped(cast):
    new_family(cast)
    Membership.objects.filter(role="manager").delete()
    with after(71):
        sweep()
    with after(71 + 25):
        sweep()
    assert "timescales.overdue_locality" in messages(cast.locality)


def test_after_three_days_outage_each_is_told_once_and_there_is_a_day_between_one_and_the_next(cast):
    new_family(cast)
    told = []
    for days in range(4):
        with after(71 + 80 + 24 * days):
            sweep(3)
            tasks.tell()
        steps = [
            user.name
            for user, kind in (
                (cast.alice, "overdue"), (cast.manager, "overdue_manager"), (cast.locality, "overdue_locality"),
                (cast.service, "overdue_service"),
            )
            if f"timescales.{kind}" in messages(user)
        ]  # fmt: skip
        told.append(len(steps))
    assert told == [1, 2, 3, 4]
    for user, kind in (
        (cast.alice, "timescales.overdue"),
        (cast.manager, "timescales.overdue_manager"),
        (cast.service, "timescales.overdue_service"),
    ):
        assert messages(user).count(kind) == 1
    with acting_as_system("test"):
        first = TimescaleEvent.objects.filter(timescale__kind="first_contact")
        assert sorted(e.kind for e in first) == ["locality", "manager", "overdue", "service"]


def test_a_recorded_try_meets_the_clock_and_contact_made_is_shown_beside_it(cast, sign_in):
    family = new_family(cast)
    with after(20):
        with acting_as(cast.alice):
            episodes.record_contact(
                family=family,
                episode=family.episode(),
                at=clock.now() - timedelta(hours=1),
                how="call",
                reached=False,
                note="No answer.",
                actor=cast.alice,
            )
        assert first_contact(family).state == "met"
        sweep()
    assert "timescales.overdue" not in messages(cast.alice)
    page = sign_in(cast.alice).get(family.get_absolute_url()).content.decode()
    assert "Contact tried" in page


def test_one_bad_row_does_not_stop_the_sweep(cast, monkeypatch):
    bad, good = first_contact(new_family(cast)), first_contact(new_family(cast, name="Marsh"))
    steps = tasks._steps

    def broken(timescale, hearers):
        if timescale.pk == bad.pk:
            raise DatabaseError
        return steps(timescale, hearers)

    monkeypatch.setattr(tasks, "_steps", broken)
    with after(71):
        sweep()
        with acting_as_system("test"):
            assert TimescaleEvent.objects.filter(timescale=good, kind="overdue").exists()
            assert Timescale.objects.get(pk=bad.pk).look_at == clock.now() + timedelta(hours=1)


def test_the_e_mail_says_a_reference_and_a_link_and_nothing_of_the_family(cast):
    family = new_family(cast)
    with after(71):
        sweep()
        deliver()
        deliver()
    mine = [m for m in mail.outbox if m.to == [cast.alice.email] and "passed" in m.subject]
    assert len(mine) == 1
    text = mine[0].subject + mine[0].body
    assert family.reference in text
    for secret in ("Okafor", "Ada", "Grace", "Birch"):
        assert secret not in text


def asked(cast, family, *, days: int = 5) -> Extension:
    with acting_as(cast.alice):
        timescale = Timescale.objects.get(family=family, kind="first_contact")
        return ask_extension(
            timescale=timescale,
            reason="They are away.",
            due_at=timescale.due_at + timedelta(days=days),
            actor=cast.alice,
        )


def test_a_manager_extends_and_both_dates_stay(cast, sign_in):
    family = new_family(cast)
    extension = asked(cast, family)
    assert "timescales.extension_asked" in messages(cast.manager)
    with acting_as(cast.manager):
        decide_extension(extension=extension, approve=True, reason="", actor=cast.manager)
    timescale = first_contact(family)
    assert timescale.due_at - timescale.first_due_at == timedelta(days=5)
    page = sign_in(cast.alice).get(f"{family.get_absolute_url()}deadlines/{timescale.pk}/").content.decode()
    assert "First due by" in page
    assert "Approved" in page


def test_after_more_time_the_reminder_comes_after_two_thirds_of_it_and_the_asker_is_told(cast):
    family = new_family(cast)
    extension = asked(cast, family)
    with acting_as(cast.manager):
        decide_extension(extension=extension, approve=True, reason="", actor=cast.manager)
        with pytest.raises(Refused, match="decided already"):
            decide_extension(extension=extension, approve=True, reason="", actor=cast.manager)
    assert "timescales.extension_decided" in messages(cast.alice)
    timescale = first_contact(family)
    assert timescale.look_at - timescale.anchor_at == (timescale.due_at - timescale.anchor_at) * 2 / 3


def test_more_time_declined_has_a_reason_and_changes_no_date(cast):
    family = new_family(cast)
    extension = asked(cast, family)
    with acting_as(cast.manager):
        with pytest.raises(Refused, match="Enter the reason for declining"):
            decide_extension(extension=extension, approve=False, reason="", actor=cast.manager)
        decide_extension(extension=extension, approve=False, reason="Try today.", actor=cast.manager)
    timescale = first_contact(family)
    assert timescale.due_at == timescale.first_due_at
    assert "timescales.extension_decided" in messages(cast.alice)


def test_more_time_is_asked_once_for_a_later_date_while_the_clock_runs(cast):
    family = new_family(cast)
    with pytest.raises(Refused, match="Enter a date later"):
        asked(cast, family, days=0)
    asked(cast, family)
    with pytest.raises(Refused, match="asked for already"):
        asked(cast, family)
    with acting_as_system("test"):
        meet(FIRST_CONTACT, Request.objects.get(family=family), at=clock.now())
    with pytest.raises(Refused, match="nothing to extend"):
        asked(cast, family)


@pytest.mark.parametrize("decider", ["alice", "bob"])
def test_neither_the_asker_nor_who_is_no_manager_decides(cast, decider):
    extension = asked(cast, new_family(cast))
    user = getattr(cast, decider)
    with acting_as(user), pytest.raises(Refused):
        decide_extension(extension=extension, approve=True, reason="", actor=user)


def test_a_manager_who_owns_the_deadline_does_not_decide_on_it(cast):
    family = new_family(cast, first_contact=cast.manager)
    with acting_as(cast.manager):
        timescale = Timescale.objects.get(family=family, kind="first_contact")
        extension = ask_extension(
            timescale=timescale, reason="Away", due_at=timescale.due_at + timedelta(days=1), actor=cast.manager
        )
        with pytest.raises(Refused):
            decide_extension(extension=extension, approve=True, reason="", actor=cast.manager)
    with acting_as(cast.service):
        decide_extension(extension=extension, approve=True, reason="", actor=cast.service)


def test_where_the_agency_has_no_manager_with_an_account_the_service_manager_decides(cast, sign_in):
    Membership.objects.filter(role="manager").delete()
    family = new_family(cast)
    extension = asked(cast, family)
    assert "timescales.extension_asked" in messages(cast.service)
    url = f"{family.get_absolute_url()}more-time/{extension.pk}/"
    assert sign_in(cast.service).post(url, {"answer": "yes"}).status_code == 302
    assert first_contact(family).extended


def test_declining_needs_a_reason_and_keeps_what_was_typed(cast, sign_in):
    family = new_family(cast)
    extension = asked(cast, family)
    url = f"{family.get_absolute_url()}more-time/{extension.pk}/"
    page = sign_in(cast.manager).post(url, {"answer": "no", "reason": ""})
    assert "Enter the reason for declining" in page.content.decode()
    assert not first_contact(family).extended


def test_an_earlier_date_is_no_extension(cast, sign_in):
    family = new_family(cast)
    timescale = first_contact(family)
    url = f"{family.get_absolute_url()}deadlines/{timescale.pk}/more-time/"
    page = (
        sign_in(cast.alice)
        .post(
            url,
            {
                "reason": "They are away until Tuesday.",
                "due_on_day": "24",
                "due_on_month": "11",
                "due_on_year": "2026",
                "due_on_time": "9:00",
            },
        )
        .content.decode()
    )
    assert re.search('<a href="#id_due_on[^"]*">Enter a date later than the one it is due by now', page)
    assert "They are away until Tuesday." in page


def test_clocks_stop_when_agreement_is_withdrawn_and_run_on_when_it_is_given_again(cast, family):

    def decide(decision):
        with acting_as_system("test"):
            record_agreement(family=family, decision=Decision(person=mother(family), decision=decision, how="verbal", decided_on=clock.today(), witness="Alice"), choices=[], actor=cast.alice)  # fmt: skip

    decide("withdrawn")
    assert first_contact(family).stopped_because == "agreement withdrawn"
    assert "families.must_act" in messages(cast.manager)
    decide("given")
    assert first_contact(family).is_open


def test_a_new_colleague_without_families_has_nothing_due(cast, sign_in):
    new = make_user("Newcomer", Agency.objects.get(name="Birch Primary School"))
    assert "Nothing is due" in sign_in(new).get("/").content.decode()
    assert not Episode.objects.exists()


def test_how_a_deadline_was_kept_is_said_in_one_place(cast):
    family = new_family(cast)
    timescale = first_contact(family)
    said = {}
    for hours in (70, 80, 100, 160):
        timescale.met_at = timescale.anchor_at + timedelta(hours=hours)
        said[hours] = timescale.kept
    timescale.due_at = timescale.first_due_at + timedelta(days=2)
    timescale.met_at = timescale.first_due_at + timedelta(hours=5)
    assert said == {70: "on time", 80: "8 hours late", 100: "1 day late", 160: "3 days late"}
    assert timescale.kept == "5 hours after the first date, within the agreed date"
    timescale.met_at = timescale.due_at + timedelta(hours=3)
    assert timescale.kept == "3 hours after the agreed date, 2 days after the first date"


def test_first_due_on_monday_agreed_until_friday_and_met_on_wednesday(cast, sign_in):
    set_procedure({"clocks.first_contact.amount": 1, "clocks.first_contact.unit": "calendar_days"})
    family = new_family(cast, received_at=clock.now() - timedelta(days=1))
    extension = asked(cast, family, days=4)
    with after(24), acting_as(cast.manager):
        decide_extension(extension=extension, approve=True, reason="", actor=cast.manager)
    with after(48):
        with acting_as(cast.alice):
            episode = family.episode()
            said = {"at": clock.now(), "how": "call", "reached": True, "note": ""}
            episodes.record_contact(family=family, episode=episode, actor=cast.alice, **said)
        page = text_of(sign_in(cast.alice).get(family.get_absolute_url()))
    assert "2 days after the first date, within the agreed date" in page
    assert first_contact(family).state == "met"


def test_more_time_given_once_it_was_met_leaves_it_late_and_says_so(cast, sign_in):
    family = new_family(cast)
    extension = asked(cast, family)
    with after(74):
        with acting_as(cast.alice):
            episode = family.episode()
            said = {"at": clock.now(), "how": "call", "reached": True, "note": ""}
            episodes.record_contact(family=family, episode=episode, actor=cast.alice, **said)
        with acting_as(cast.manager):
            decide_extension(extension=extension, approve=True, reason="", actor=cast.manager)
    late = first_contact(family)
    assert (late.state, late.due_at) == ("met late", late.first_due_at)
    page = text_of(sign_in(cast.alice).get(late_page(family, late)))
    assert "after the first date, agreed afterwards by Manager" in page
    assert "Met late" in page


def late_page(family, timescale) -> str:
    return f"{family.get_absolute_url()}deadlines/{timescale.pk}/"


def test_due_soon_says_its_rule_on_the_clocks_page_and_hours_are_extended_by_date_and_time(cast, sign_in):
    family = new_family(cast)
    timescale, alice = first_contact(family), sign_in(cast.alice)
    page = text_of(alice.get(late_page(family, timescale)))
    assert "Due soon From 25 November 2026 at 8:00am, when 2/3 of the time are gone" in page
    sent = {
        "reason": "They are away.", "due_on_day": "27", "due_on_month": "11", "due_on_year": "2026", "due_on_time": "14:30",
    }  # fmt: skip
    assert alice.post(f"{late_page(family, timescale)}more-time/", sent).status_code == 302
    with acting_as_system("test"):
        assert Extension.objects.get().due_asked == datetime(2026, 11, 27, 14, 30, tzinfo=clock.LONDON)


def test_who_hears_is_the_local_procedures(cast):
    set_procedure({"clocks.first_contact.hears": ["overdue", "service"]})
    new_family(cast)
    with after(60):
        sweep()
    assert "timescales.due_soon" not in messages(cast.alice)
    with after(71):
        sweep()
    with after(71 + 24):
        sweep()
    assert "timescales.overdue" in messages(cast.alice)
    assert "timescales.overdue_service" in messages(cast.service)
    assert "timescales.overdue_manager" not in messages(cast.manager)
