"""What is typed in two windows, and what is sent twice: nothing is lost, and nothing happens twice."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.urls import reverse

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.drafts.models import Draft
from earlyhelp.drafts.pages import digest
from families.models import ContactAttempt, Note
from families.services import team
from tests.pages import opened, text_of


@pytest.fixture
def note(family):
    return reverse("write_note", args=[family.reference])


def typed_in(client, url, form, **answers):
    """What the page does while someone types."""
    page = client.get(url)
    assert client.post(page.context["draft_url"], form | answers).status_code == 200


def drafts(user) -> dict[str, str]:
    with acting_as(user):
        return {draft.data["text"][0]: draft.address for draft in Draft.objects.filter(user=user)}


def test_two_windows_of_one_form_keep_a_draft_each_and_both_are_offered(cast, sign_in, note):
    alice = sign_in(cast.alice)
    first, second = opened(alice, note), opened(alice, note)
    typed_in(alice, note, first, text="Ada was cold.")
    typed_in(alice, note, second, text="Grace rang.")
    typed_in(alice, note, first, text="Ada was cold and tired.")
    assert set(drafts(cast.alice)) == {"Ada was cold and tired.", "Grace rang."}
    shown = alice.get(note)
    assert "Ada was cold and tired." in shown.content.decode()
    assert "You have another draft of this page, from another window" in text_of(shown)
    other = drafts(cast.alice)["Grace rang."]
    assert f'href="{other}"' in shown.content.decode()
    assert "Grace rang." in alice.get(other).content.decode()
    listed = alice.get("/drafts/").content.decode()
    assert all(f'href="{address}"' in listed for address in drafts(cast.alice).values())


def test_who_opens_a_draft_again_goes_on_with_it_and_the_window_left_open_keeps_its_own(cast, sign_in, note):
    alice = sign_in(cast.alice)
    office = opened(alice, note)
    typed_in(alice, note, office, text="At the office.")
    at_home = opened(alice, note)
    typed_in(alice, note, at_home, text="At the office. And at home.")
    assert set(drafts(cast.alice)) == {"At the office. And at home."}
    typed_in(alice, note, office, text="Back at the office.")
    assert set(drafts(cast.alice)) == {"At the office. And at home.", "Back at the office."}


def test_sending_one_window_leaves_the_others_draft(cast, sign_in, note):
    alice = sign_in(cast.alice)
    first, second = opened(alice, note), opened(alice, note)
    typed_in(alice, note, first, text="Ada was cold.")
    typed_in(alice, note, second, text="Grace rang.")
    answers = {"kind": "call", "text": "Grace rang.", "with_whom": "Grace", **moment()}
    assert alice.post(note, second | answers).status_code == 302
    assert set(drafts(cast.alice)) == {"Ada was cold."}


def moment() -> dict[str, str]:
    now = clock.in_london(clock.now() - timedelta(hours=1))
    return {"at_day": str(now.day), "at_month": str(now.month), "at_year": str(now.year), "at_time": f"{now:%H:%M}"}


def test_what_was_sent_changed_and_sent_again_is_said_and_nothing_is_done_twice(cast, sign_in, note):
    alice = sign_in(cast.alice)
    form = opened(alice, note) | {"kind": "call", "text": "Grace rang.", "with_whom": "Grace", **moment()}
    sent = alice.post(note, form)
    again = alice.post(note, form | {"text": "Grace rang twice."})
    assert "You sent this before, and it was saved" in text_of(again)
    assert f'href="{sent.url}"' in again.content.decode()
    assert "Grace rang twice." in again.content.decode()
    with acting_as(cast.alice):
        assert Note.objects.count() == 1
    assert alice.post(note, opened(alice, note, again)).status_code == 302
    with acting_as(cast.alice):
        assert set(Note.objects.values_list("text", flat=True)) == {"Grace rang.", "Grace rang twice."}


def test_sent_twice_leads_to_the_first_also_when_the_first_ended_what_may_be_done(cast, sign_in, family):
    alice = sign_in(cast.alice)
    url = reverse("end_episode", args=[family.reference])
    form = opened(alice, url) | {"reason": "met"}
    first, second = alice.post(url, form), alice.post(url, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert "It was saved once" in text_of(alice.get(second.url))


def test_sent_twice_leads_to_the_first_also_when_access_has_ended_since(cast, sign_in, family):
    charlie = sign_in(cast.charlie)
    url = reverse("record_contact", args=[family.reference])
    form = opened(charlie, url) | {"happened": "call:no", "form_token": str(uuid.uuid4()), **moment()}
    first = charlie.post(url, form)
    with acting_as_system("test"):
        for member in family.episode().team.all():
            team.leave(member=member, actor=cast.alice)
    second = charlie.post(url, form)
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    with acting_as_system("test"):
        assert ContactAttempt.objects.filter(by=cast.charlie).count() == 1


def test_another_file_under_the_same_name_is_not_the_same_form():
    def sent(content: bytes) -> str:
        scan = SimpleUploadedFile("scan.pdf", content)
        return digest(RequestFactory().post("/scan/", {"signed_on_day": "3", "scan": scan}))

    assert sent(b"%PDF-1.4 one") == sent(b"%PDF-1.4 one") != sent(b"%PDF-1.4 two")


def test_someone_elses_form_is_not_mine_to_send_again(cast, sign_in, family):
    url = f"{family.get_absolute_url()}contact/"
    token = str(uuid.uuid4())
    for who in (cast.alice, cast.charlie):
        client = sign_in(who)
        form = opened(client, url) | {"happened": "call:no", "form_token": token, **moment()}
        assert client.post(url, form).status_code == 302
        assert "had sent this already" not in client.get("/").content.decode()
    with acting_as(cast.alice):
        assert ContactAttempt.objects.filter(family=family).count() == 2
