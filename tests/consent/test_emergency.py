"""A record opened in an emergency: for a day, with a reason, told to the lead's manager and reviewed by someone else."""

import re
import time
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consent.models import EmergencyAccess, ExcludedPerson
from consent.services import emergency
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Change, ReadLog
from earlyhelp.accounts.models import Membership, Role
from earlyhelp.core import clock
from earlyhelp.notifications.models import Notification
from earlyhelp.timescales.models import Timescale
from earlyhelp.timescales.tasks import sweep, tell
from families.models import ConnectedUser, Episode, Family
from families.services import episodes
from tests.cast import led_family, make_user, mother, set_procedure
from tests.pages import text_of

REASON = "Ada rang 999 from a neighbour’s."
NO = "There is no record that you can open with this reference. Call Castshire Front Door: 01632 960001"


@pytest.fixture
def head(cast):
    """The manager of an agency that has nothing to do with the family."""
    return make_user("Head", cast.other_school, Role.MANAGER)


def try_to_open(client, reference, reason=REASON):
    return client.post("/emergency/", {"reference": reference, "reason": reason})


def access_of(family) -> EmergencyAccess:
    with acting_as_system("test"):
        return EmergencyAccess.objects.get(family=family)


def review_url(family) -> str:
    return f"{family.get_absolute_url()}emergency/{access_of(family).pk}/review/"


def told(kind, app="consent") -> list[str]:
    with acting_as_system("test"):
        rows = Notification.objects.filter(kind=f"{app}.{kind}").order_by("user__name")
        return list(rows.values_list("user__name", flat=True))


def test_a_manager_opens_the_record_for_a_day_and_the_leads_manager_is_told(cast, sign_in, head, family):
    client = sign_in(head)
    page = client.get("/emergency/").content.decode()
    assert "This is recorded. The lead’s manager is told at once" in page
    assert client.get(family.get_absolute_url()).status_code == 404
    answer = try_to_open(client, family.reference.replace("-", " "))
    assert answer.url == family.get_absolute_url()
    page = client.get(answer.url).content.decode()
    assert "Emergency access until 24 November 2026 at 10:00am" in page
    assert "Ada Okafor" in page
    assert "Emergency access until" in client.get(f"{answer.url}sharing/without/record/").content.decode()
    assert client.get(f"{answer.url}notes/").status_code == 200
    assert client.get(f"{answer.url}notes/write/").status_code == 403
    assert told("emergency_opened") == ["Manager"]
    with clock.frozen_at(clock.now() + timedelta(hours=23, minutes=59)):
        assert client.get(answer.url).status_code == 200
    with clock.frozen_at(clock.now() + timedelta(hours=24)):
        assert "Your access has ended" in client.get(answer.url).content.decode()


def test_who_already_sees_the_record_just_goes_there(cast, sign_in, family):
    for user in (cast.manager, cast.service):
        assert try_to_open(sign_in(user), family.reference).url == family.get_absolute_url()
    with acting_as_system("test"):
        assert not EmergencyAccess.objects.exists()


def test_the_localitys_officer_who_knows_of_the_family_opens_the_record(cast, sign_in, family):
    officer = sign_in(cast.locality)
    assert officer.get(f"{family.get_absolute_url()}notes/").status_code == 403
    try_to_open(officer, family.reference)
    assert officer.get(f"{family.get_absolute_url()}notes/").status_code == 200


@pytest.mark.parametrize("who", ["alice", "dana", "auditor", "admin"])
def test_others_are_told_to_call_their_manager(cast, sign_in, who, family):
    for answer in (
        sign_in(getattr(cast, who)).get("/emergency/"),
        try_to_open(sign_in(getattr(cast, who)), family.reference),
    ):
        assert answer.status_code == 403
        assert "Call your manager" in answer.content.decode()


def refusal(page) -> str:
    """The page without what was typed and the tokens."""
    text = re.sub(r'(name="(csrfmiddlewaretoken|form_token)" value|value)="[^"]*"', "", page.content.decode())
    return re.sub(r"\s+", " ", text)


def test_what_may_not_be_opened_and_what_does_not_exist_get_the_same_answer(cast, sign_in, head):
    restricted, connected, excluded = (led_family(cast, name=name) for name in ("Okafor", "Novak", "Lowe"))
    with acting_as_system("test"):
        Family.objects.filter(pk=restricted.pk).update(restricted=True)
        ConnectedUser.objects.create(family=connected, user=head)
        ExcludedPerson.objects.create(family=excluded, name="Head", user=head, decided_by=mother(excluded))
    client = sign_in(head)
    answers, seconds = set(), []
    references = [restricted.reference, connected.reference, excluded.reference, "000-0000"]
    for reference in references:
        began = time.monotonic()
        answers.add(refusal(try_to_open(client, reference)))
        seconds.append(time.monotonic() - began)
    assert len(answers) == 1
    assert NO in answers.pop()
    assert min(seconds) >= emergency.ANSWERS_IN
    with acting_as_system("test"):
        assert not EmergencyAccess.objects.exists()
        assert not Change.objects.in_table(EmergencyAccess).exists()
        rows = ReadLog.objects.filter(user=head, what="consent.emergency", refused=True)
        assert sorted(rows.values_list("reference", flat=True)) == sorted(references)
    assert told("restricted_tried") == ["Service Manager"]


def test_a_service_manager_who_knows_the_family_learns_nothing_of_a_restricted_one(cast, sign_in, family):
    with acting_as_system("test"):
        Family.objects.filter(pk=family.pk).update(restricted=True)
        ConnectedUser.objects.create(family=family, user=cast.service)
    assert NO in refusal(try_to_open(sign_in(cast.service), family.reference))
    assert told("restricted_tried") == []


def test_tries_are_counted_by_person_and_day(cast, sign_in, head, family):
    set_procedure({"limits.record_checks_a_day": 2})
    client = sign_in(head)
    for _ in range(2):
        assert NO in refusal(try_to_open(client, "000-0000"))
    assert "You have tried 2 times in a day" in refusal(try_to_open(client, family.reference))
    assert client.get(family.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"reference": "", "reason": "x"}, "Enter the reference of the record"),
        ({"reference": "482-9158", "reason": "x"}, "Enter a reference with seven numbers"),
        ({"reference": "000-0000", "reason": ""}, "Enter what the emergency is"),
    ],
)
def test_what_is_missing_is_said_beside_it(cast, sign_in, head, data, message):
    assert message in sign_in(head).post("/emergency/", data).content.decode()


def test_they_stop_it_themselves(cast, sign_in, head, family):
    client = sign_in(head)
    try_to_open(client, family.reference)
    stop = f"{family.get_absolute_url()}emergency/{access_of(family).pk}/stop/"
    assert sign_in(cast.manager).post(stop).status_code == 403
    assert "Your emergency access has ended" in client.post(stop, follow=True).content.decode()
    assert client.get(family.get_absolute_url()).status_code == 404


def test_the_leads_manager_reviews_what_was_opened(cast, sign_in, head, family):
    client = sign_in(head)
    try_to_open(client, family.reference)
    client.get(f"{family.get_absolute_url()}notes/")
    manager = sign_in(cast.manager)
    assert "1 Emergency access to review" in text_of(manager.get("/"))
    assert REASON in manager.get("/emergency/review/").content.decode()
    page = manager.get(review_url(family)).content.decode()
    for words in ("Head", REASON, "Read case notes"):
        assert words in page
    assert "Record the review" in page
    assert "Select whether it was right" in manager.post(review_url(family), {}).content.decode()
    assert "They can still open more" in page
    early = manager.post(review_url(family), {"finding": "right", "note": "Thanks."}).content.decode()
    assert "They can open more until" in early
    assert "Thanks." in early
    assert client.get(family.get_absolute_url()).status_code == 200
    with clock.frozen_at(clock.now() + timedelta(hours=24)):
        assert "They can still open more" not in manager.get(review_url(family)).content.decode()
        done = manager.post(review_url(family), {"finding": "right", "note": ""}, follow=True).content.decode()
        assert "It was right to open the record" in done
        assert "Nothing waits for you" in done
        again = manager.post(review_url(family), {"finding": "wrong", "note": "x"})
    assert again.status_code == 403
    assert "This was reviewed already" in again.content.decode()


def test_a_wrong_one_needs_a_note_ends_at_once_and_is_told_to_the_service_manager(cast, sign_in, head, family):
    client = sign_in(head)
    try_to_open(client, family.reference)
    manager = sign_in(cast.manager)
    assert "Enter what was wrong" in manager.post(review_url(family), {"finding": "wrong"}).content.decode()
    manager.post(review_url(family), {"finding": "wrong", "note": "A neighbour’s quarrel."})
    assert client.get(family.get_absolute_url()).status_code == 404
    assert told("emergency_wrong") == ["Service Manager"]


def test_nobody_reviews_themselves(cast, sign_in, head, family):
    client = sign_in(head)
    try_to_open(client, family.reference)
    page = client.post(review_url(family), {"finding": "right"})
    assert page.status_code == 403
    assert "you opened the record" in page.content.decode()
    assert "Nothing waits for you" in client.get("/emergency/review/").content.decode()
    assert sign_in(cast.alice).get(review_url(family)).status_code in (403, 404)
    with acting_as_system("test"), pytest.raises(IntegrityError), transaction.atomic():
        EmergencyAccess.objects.update(finding="right", reviewed_by=head)


def test_without_another_manager_the_service_manager_reviews(cast, sign_in, family):
    with acting_as_system("test"):
        Membership.objects.filter(user=cast.manager).update(agency=cast.other_school)
    try_to_open(sign_in(cast.manager), family.reference)
    assert told("emergency_opened") == ["Service Manager"]
    service = sign_in(cast.service)
    assert "1 Emergency access to review" in text_of(service.get("/"))
    with clock.frozen_at(clock.now() + timedelta(hours=24)):
        assert service.post(review_url(family), {"finding": "right"}).status_code == 302


def test_after_three_working_days_it_climbs_to_the_service_manager_once(cast, sign_in, head, family):
    try_to_open(sign_in(head), family.reference)
    for days, expected in ((3, []), (4, ["Service Manager"]), (5, ["Service Manager"])):
        with clock.frozen_at(clock.now() + timedelta(days=days)):
            sweep()
            tell()
            sweep()
            tell()
        assert told("overdue_service", "timescales") == expected
    service = sign_in(cast.service)
    with clock.frozen_at(clock.now() + timedelta(days=5)):
        assert "Review of emergency access by" in service.get(family.get_absolute_url()).content.decode()
        assert service.post(review_url(family), {"finding": "right"}).status_code == 302
        with acting_as(cast.service):
            assert Timescale.objects.get(kind="emergency_review").kept == "2 days late"


def test_its_review_is_nobodys_deadline_but_theirs_who_oversee_and_outlasts_the_support(cast, sign_in, head, family):
    try_to_open(sign_in(head), family.reference)
    for user in (cast.alice, head):
        assert "Review of emergency access" not in sign_in(user).get(family.get_absolute_url()).content.decode()
        with acting_as(user):
            assert not Timescale.objects.filter(kind="emergency_review").exists()
    with acting_as(cast.alice):
        episodes.end(episode=family.episode(), reason=Episode.End.MET, actor=cast.alice)
    with acting_as(cast.manager):
        review = Timescale.objects.get(kind="emergency_review")
    assert review.is_open
    answer = sign_in(cast.manager).get(reverse("ask_extension", args=[family.reference, review.pk]))
    assert answer.status_code == 403
    assert "Nobody can give more time for this deadline" in answer.content.decode()


def test_who_opened_it_is_not_told_to_review_it(cast, sign_in, family):
    try_to_open(sign_in(cast.service), family.reference)
    with clock.frozen_at(clock.now() + timedelta(days=4)):
        sweep()
        tell()
    assert told("overdue_service", "timescales") == []


@pytest.mark.parametrize("who", ["dana", "superuser", "admin", "auditor", "alice", "charlie", None])
def test_whom_it_does_not_concern_finds_none_of_it(cast, sign_in, head, who, family):
    try_to_open(sign_in(head), family.reference)
    with acting_as(getattr(cast, who) if who else None):
        assert not EmergencyAccess.objects.exists()
        assert not Change.objects.in_table(EmergencyAccess).exists()


def test_the_queue_asks_no_more_of_many_than_of_few(cast, sign_in, head, family):
    manager = sign_in(cast.manager)

    def add(count):
        with acting_as_system("test"):
            EmergencyAccess.objects.bulk_create(
                EmergencyAccess(
                    family=family, user=head, reason="x", starts_at=clock.now(), ends_at=clock.now(),
                    reviewers=[cast.manager.pk],
                )
                for _ in range(count)
            )  # fmt: skip

    def questions() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert manager.get("/emergency/review/").status_code == 200
        return len(captured)

    add(25)
    questions()
    few = questions()
    add(50)
    assert questions() == few
