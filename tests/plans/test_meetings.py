"""Meetings: arranged, held with the family's words first, put on another day, or called off."""

from datetime import timedelta

import pytest
from django.urls import reverse

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from families.services import episodes
from plans.models import Meeting
from plans.services import meetings
from plans.services.meetings import ArrangeSaid, MeetingSaid
from tests.cast import child, episode_of, mother
from tests.pages import opened, text_of
from tests.plans.helpers import day

TODAY = {"plan_is_clear": "", "place": "School", "outcomes": "Dana drives Ada on Mondays.", "told": "no"}


def page(name, family, *more):
    return reverse(name, args=[family.reference, *more])


def arranged(cast, family, *, kind="taf", on=None, by=None) -> Meeting:
    by = by or cast.alice
    with acting_as(by):
        return meetings.arrange(
            family=family, episode=episode_of(family), said=ArrangeSaid(kind=kind, on=on or clock.today()), actor=by
        )


def test_a_meeting_is_arranged_and_held_with_the_familys_words_first(cast, sign_in, family):
    alice, url = sign_in(cast.alice), page("arrange_meeting", family)
    form = opened(alice, url) | day("on", clock.today()) | {"kind": "taf", "at": "3.30pm", "place": "Birch Primary"}
    shown = alice.post(url, form, follow=True)
    assert "Team around the family meeting" in text_of(shown)
    assert "23 November 2026, 3.30pm" in text_of(shown)
    with acting_as_system("test"):
        meeting = Meeting.objects.get()
        assert [n.user for n in Notification.objects.filter(kind="plans.meeting")] == [cast.charlie]
        ada, grace = child(family), mother(family)
    assert "Hold, and record: Team around the family meeting" in text_of(alice.get("/"))
    url = page("record_arranged", family, meeting.pk)
    told = TODAY | {
        "family_came": [str(grace.pk)],
        "users": [str(cast.charlie.pk)],
        "others": "Sam Hale, housing officer\n\nJo Reed, youth worker",
        f"words_{ada.pk}": "“I want to walk with Tola.”",
        f"words_{grace.pk}": "Mornings are too much.",
        "told": "yes",
        "told_words": "That the social worker is told.",
    }
    shown = text_of(alice.post(url, opened(alice, url) | told, follow=True))
    assert shown.index("“I want to walk with Tola.”") < shown.index("Dana drives Ada on Mondays.")
    assert "Ada Okafor (was not there)" in shown
    for words in ("Sam Hale, housing officer", "Jo Reed, youth worker", "Charlie, ", "That the social worker is told."):
        assert words in shown
    assert alice.get(url).status_code == 403
    assert "Team around the family meeting held" in text_of(alice.get(page("chronology", family)))


def test_one_that_was_held_elsewhere_is_recorded_at_once(cast, sign_in, family):
    alice, url = sign_in(cast.alice), page("record_meeting", family)
    form = opened(alice, url) | day("on", clock.today()) | TODAY | {"kind": "cin", "others": "A social worker"}
    refused = text_of(alice.post(url, form))
    assert "Select whether the plan to step down is clear" in refused
    assert "Dana drives Ada on Mondays." in refused
    shown = text_of(alice.post(url, form | {"plan_is_clear": "yes"}, follow=True))
    assert "Plan to step down Clear" in shown
    assert "They were not told at this meeting." in shown


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"others": ()}, "Select who was there"),
        ({"on": 1}, "must be today or in the past"),
        ({"kind": "cin"}, "whether the plan to step down is clear"),
    ],
)
def test_what_makes_no_sense_is_refused(cast, family, changes, why):
    said = {"kind": "taf", "on": clock.today(), "outcomes": "x", "others": ("Jo",)} | changes
    if isinstance(said["on"], int):
        said["on"] = clock.today() + timedelta(days=said["on"])
    with acting_as(cast.alice), pytest.raises(Refused, match=why):
        meetings.record(family=family, episode=episode_of(family), said=MeetingSaid(**said), actor=cast.alice)


def test_another_day_and_no_meeting_after_all_are_told(cast, sign_in, family):
    meeting, alice = arranged(cast, family), sign_in(cast.alice)
    url = page("change_meeting", family, meeting.pk)
    form = opened(alice, url)
    assert form["kind"] == "taf"
    alice.post(url, form | day("on", clock.today() + timedelta(days=3)))
    past = form | day("on", clock.today() - timedelta(days=3))
    assert "must be today or in the future" in text_of(alice.post(url, past))
    off = page("call_off_meeting", family, meeting.pk)
    shown = text_of(alice.post(off, {"off_reason": "Grace is in hospital."}, follow=True))
    assert "Not held" in shown
    assert "Grace is in hospital." in shown
    with acting_as_system("test"):
        assert Notification.objects.filter(kind="plans.meeting", user=cast.charlie).count() == 3


def test_two_who_record_one_meeting_at_once_make_one(cast, family):
    meeting = arranged(cast, family)
    said = MeetingSaid(kind="taf", on=clock.today(), outcomes="x", others=("Jo",))
    here = {"family": family, "episode": episode_of(family), "said": said, "meeting": meeting}
    with acting_as(cast.alice):
        meetings.record(**here, actor=cast.alice)
    with acting_as(cast.charlie), pytest.raises(Refused, match="recorded already"):
        meetings.record(**here, actor=cast.charlie)


def test_what_someone_said_is_not_read_where_they_share_nothing(cast, sign_in, family):
    with acting_as(cast.alice):
        ada, grace = child(family), mother(family)
        record_choices(family=family, choices=[Choice(ada, cast.health, Tier.NONE, grace)], actor=cast.alice)
        said = MeetingSaid(
            kind="taf", on=clock.today(), outcomes="x", family_came=(ada, grace), words={ada: "Not you.", grace: "Yes."}
        )
        meeting = meetings.record(family=family, episode=episode_of(family), said=said, actor=cast.alice)
    shown = text_of(sign_in(cast.charlie).get(page("meeting", family, meeting.pk)))
    assert "Yes." in shown
    assert "Not you." not in shown
    assert "Ada" not in shown


def test_what_was_arranged_is_off_when_early_help_ends(cast, family):
    meeting = arranged(cast, family)
    with acting_as(cast.alice):
        episodes.end(episode=episode_of(family), reason="other", note="x", actor=cast.alice)
        meeting.refresh_from_db()
    assert (meeting.status, meeting.off_reason) == ("off", "Early help ended.")
