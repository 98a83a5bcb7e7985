"""What the form says: the administrator writes, looks and publishes; what people signed stays."""

import importlib
import re
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from consent.first_wording import FIRST_WORDING
from consent.models import Agreement, Wording
from consent.services import wording as services
from earlyhelp.access.identity import acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.errors import Stale
from earlyhelp.procedures.services import procedure_in_force, version_in_force
from tests.cast import next_words, write_words

LIST = "/settings/agreement-form/"
WORDS = {
    "authority_name": "Castshire Council",
    "service_name": "Early Help",
    "agreement_word": "agreement",
    "agreement_form_name": "Early Help agreement and information sharing form",
    "lead_word": "lead practitioner",
    "request_name": "request for support",
    "locality_word": "locality",
    "front_door_name": "the front door",
    "safeguarding_name": "Castshire Front Door",
    "safeguarding_phone_day": "01632 960001",
    "safeguarding_phone_night": "01632 960002",
    "version": "1",
}


def said(response) -> str:
    return " ".join(response.content.decode().split())


def write(client, **changes):
    return client.post(f"{LIST}draft/", next_words() | changes, follow=True)


def publish(client):
    draft = services.draft()
    page = client.get(f"{LIST}{draft.pk}/publish/").content.decode()
    seen = re.search(r'name="seen"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="seen"', page)
    return client.post(f"{LIST}{draft.pk}/publish/", {"seen": seen[1] or seen[2]}, follow=True)


def text_of(wording: Wording) -> str:
    words = services.read(wording)
    return " ".join(b.text + " ".join(b.items) for blocks in words.texts.values() for b in blocks)


def test_a_new_system_has_a_first_version_in_force(cast):
    text = text_of(Wording.current())
    assert "Castshire Council" in text
    assert "lead practitioner" in text
    assert "{" not in text


def test_the_first_version_names_every_reason_to_share_without_agreement():
    limits = FIRST_WORDING["limits"]
    for part in ("child", "adult", "serious crime", "waiting to ask", "court", "law says", "life is in danger"):
        assert part in limits
    assert "We write down what we decided and the reason." in limits


def test_the_first_version_is_loaded_once(db):
    load = importlib.import_module("consent.migrations.0002_first_wording").publish
    before = Wording.objects.count()
    load(apps, None)
    assert Wording.objects.count() == max(before, 1)


def test_the_administrator_writes_looks_and_publishes(cast, sign_in):
    admin = sign_in(cast.admin)
    first = Wording.current()
    assert ">Agreement form<" in admin.get("/").content.decode().replace("\n", "").replace("  ", "")
    page = said(write(admin, introduction="Hello from {council}.\n\n- one thing\n- another"))
    assert "Hello from Castshire Council." in page
    assert "<li>one thing</li><li>another</li>" in page
    assert "Nobody sees this until it is published" in page
    assert Wording.current() == first
    draft = services.draft()
    question = said(admin.get(f"{LIST}{draft.pk}/publish/"))
    assert "From now on the form says this." in question
    assert f"Version {first.pk} stays as it was signed." in question
    page = said(publish(admin))
    assert f"Version {draft.pk} is published" in page
    assert Wording.current() == draft
    assert Wording.current().published_by == cast.admin


def test_the_draft_goes_on_where_it_was_left(cast, sign_in):
    admin = sign_in(cast.admin)
    write(admin, held="First try.")
    write(admin, held="Second try.")
    assert Wording.objects.filter(published_at=None).count() == 1
    assert "Second try." in said(admin.get(f"{LIST}draft/"))


def test_an_unknown_placeholder_is_refused_beside_its_field_and_the_words_stay(cast, sign_in):
    page = said(write(sign_in(cast.admin), held="We at {counsil} hold this.", basic="An open { brace"))
    assert "There is no word for {counsil}. Use only {council}, {service}" in page
    assert "A brace stands alone." in page
    assert "We at {counsil} hold this." in page
    assert 'href="#id_held"' in page
    assert services.draft() is None


def test_what_changed_since_it_was_read_is_not_published(cast, sign_in):
    admin = sign_in(cast.admin)
    write(admin, held="Read.")
    draft = services.draft()
    with clock.frozen_at(clock.now() + timedelta(minutes=1)):
        write_words(cast, held="Not read.")
    with pytest.raises(Stale, match="Someone changed the draft"):
        services.publish(wording=draft, seen=draft.changed_at, actor=cast.admin)
    assert services.draft() is not None


def test_a_published_version_never_changes(cast, sign_in):
    first = Wording.current()
    for change in (
        lambda: Wording.objects.filter(pk=first.pk).update(held="Other words"),
        lambda: Wording(**{f.attname: getattr(first, f.attname) for f in Wording._meta.fields} | {"held": "x"}).save(),
        lambda: Wording.objects.filter(pk=first.pk).delete(),
    ):
        with pytest.raises(ProgrammingError, match="is never changed"), transaction.atomic():
            change()
    admin = sign_in(cast.admin)
    write(admin, held="Next words")
    page = said(admin.post(f"{LIST}{first.pk}/publish/", {"seen": "2026-01-01T00:00:00+00:00"}))
    assert "This version is published already." in page
    first.refresh_from_db()
    assert first.held != "Next words"


def test_the_administrator_reads_how_many_decisions_a_version_has_and_no_family(cast, sign_in, family):
    with acting_as_system("test"):
        Agreement.objects.update(wording=Wording.current())
    page = said(sign_in(cast.admin).get(LIST))
    assert 'data-label="Decisions recorded on it">1</td>' in page
    assert "Okafor" not in page
    assert family.reference not in page


def test_the_list_of_versions_asks_as_much_for_one_as_for_many(cast, sign_in):
    admin = sign_in(cast.admin)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert admin.get(LIST).status_code == 200
        return len(queries)

    asked()
    one = asked()
    for _ in range(5):
        write(admin)
        publish(admin)
    assert asked() == one


@pytest.mark.parametrize("who", ["alice", "manager", "service", "locality", "superuser"])
def test_only_the_service_administrator_keeps_the_words(cast, sign_in, who):
    client = sign_in(getattr(cast, who))
    pk = Wording.current().pk
    for path in (
        LIST,
        f"{LIST}draft/",
        f"{LIST}{pk}/",
        f"{LIST}{pk}/print/",
        f"{LIST}{pk}/publish/",
        "/settings/words/",
    ):
        assert client.get(path).status_code == 403, path
    assert ">Words<" not in client.get("/").content.decode()


def test_the_councils_words_show_at_once_on_pages(cast, sign_in, family):
    admin = sign_in(cast.admin)
    admin.post("/settings/words/", WORDS | {"agreement_word": "consent", "lead_word": "lead professional"})
    alice = sign_in(cast.alice)
    page = said(alice.get(f"{family.get_absolute_url()}sharing/"))
    assert "Consent and sharing" in page
    assert "lead professional" in said(alice.get(f"{family.get_absolute_url()}team/ask-to-lead/"))


def test_a_word_of_the_form_makes_a_new_version_and_what_was_signed_keeps_the_old_word(cast, sign_in):
    first = Wording.current()
    page = said(sign_in(cast.admin).post("/settings/words/", WORDS | {"lead_word": "lead professional"}, follow=True))
    second = Wording.current()
    assert "The form that families sign has the new words, in a new version" in page
    assert second.published_by == cast.admin
    assert "lead professional" in text_of(second)
    first.refresh_from_db()
    assert "lead practitioner" in text_of(first)
    assert "lead professional" not in text_of(first)
    with pytest.raises(ProgrammingError), transaction.atomic():
        Wording.objects.filter(pk=first.pk).update(words={})


def test_a_word_that_the_form_does_not_have_makes_no_version(cast, sign_in):
    before = Wording.objects.count()
    page = said(
        sign_in(cast.admin).post("/settings/words/", WORDS | {"request_name": "early help request"}, follow=True)
    )
    assert "Saved." in page
    assert Wording.objects.count() == before
    assert procedure_in_force().words.request == "early help request"


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("lead_word", "", "Enter your word for who leads the support"),
        ("lead_word", "<b>lead</b>", "Word for who leads the support must be words only"),
        ("authority_name", "{council}", "Name of the council must not have braces in it"),
        ("safeguarding_phone_day", "ring us", "Enter a phone number, like"),
    ],
)
def test_a_wrong_word_is_refused_beside_its_field(cast, sign_in, field, value, message):
    page = said(sign_in(cast.admin).post("/settings/words/", WORDS | {field: value}))
    assert message in page
    assert f'href="#id_{field}"' in page
    assert version_in_force() == 1


def test_a_number_that_the_procedure_refuses_is_said_and_kept(cast, sign_in):
    sent = WORDS | {"safeguarding_phone_night": "01632 960001 / 960002"}
    page = said(sign_in(cast.admin).post("/settings/words/", sent))
    assert "must be a phone number, like 01632 960001" in page
    assert "01632 960001 / 960002" in page
    assert version_in_force() == 1
