"""What was filed in the wrong family is gone from there at the next request; a stub stays, and the service manager knows."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from consent.documents import file_scan
from consent.models import Agreement
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Change
from earlyhelp.core import clock
from earlyhelp.drafts.models import Draft
from earlyhelp.notifications.models import Notification
from earlyhelp.timescales.models import Timescale
from families.models import ContactAttempt, Document, Episode, FiledInError, Note
from families.services import episodes
from tests.cast import episode_of, led_family, new_family

SECRET = "Tolu Adeyemi lost the house keys."
REASON = {"reason": "Tolu Adeyemi is of another family."}


def write(cast, family, by=None, **changes):
    by = by or cast.charlie
    with acting_as(by):
        return episodes.write_note(
            **{
                "family": family,
                "episode": family.episode(),
                "kind": "call",
                "at": clock.now() - timedelta(hours=1),
                "with_whom": "Tolu Adeyemi",
                "about": [],
                "text": SECRET,
                "actor": by,
            }
            | changes
        )


def scan(cast, family):
    with acting_as(cast.alice):
        return file_scan(
            family=family,
            upload=SimpleUploadedFile("form.pdf", b"%PDF-1.7\n%%EOF"),
            signed_on=clock.today(),
            actor=cast.alice,
        )


def contact(cast, family, by=None, **changes):
    by = by or cast.alice
    with acting_as(by):
        return episodes.record_contact(
            **{
                "family": family,
                "episode": family.episode(),
                "at": clock.now(),
                "how": "call",
                "reached": False,
                "note": SECRET,
                "actor": by,
            }
            | changes
        )


def pages(family):
    url = family.get_absolute_url()
    return [f"{url}{path}" for path in ("", "notes/", "chronology/", "documents/", "sharing/")]


def body(client, url):
    return client.get(url).content.decode()


def test_a_note_in_the_wrong_family_is_gone_with_its_history_from_every_page_and_leaves_a_line(cast, sign_in, family):
    note = write(cast, family)
    url = family.get_absolute_url()
    assert f"{url}notes/{note.pk}/wrong-family/" in body(sign_in(cast.charlie), f"{url}notes/")
    page = sign_in(cast.charlie).post(f"{url}notes/{note.pk}/wrong-family/", REASON, follow=True).content.decode()
    assert "It is gone from this family" in page
    for user in (cast.alice, cast.charlie, cast.manager, cast.service):
        client = sign_in(user)
        for where in pages(family):
            assert "Adeyemi" not in body(client, where), (user, where)
        line = "A case note of 23 November 2026 was filed here in error by Charlie. Removed on 23 November 2026 by Charlie: wrong family."
        for where in ("", "notes/", "chronology/"):
            assert line in body(client, url + where), (user, where)
        with acting_as(user):
            assert not Note.objects.exists()
            assert not Change.objects.in_table(Note).exists()
        assert client.get(f"{url}notes/{note.pk}/wrong-family/").status_code == 404
    assert sign_in(cast.locality).get(f"{url}notes/").status_code == 403


def test_a_scan_in_the_wrong_family_can_be_opened_by_nobody(cast, sign_in, family):
    document = scan(cast, family)
    with acting_as_system("test"):
        Agreement.objects.update(scan=document)
    url = family.get_absolute_url()
    alice = sign_in(cast.alice)
    assert alice.get(f"{url}documents/{document.pk}/").status_code == 200
    alice.post(f"{url}documents/{document.pk}/wrong-family/", REASON)
    for user in (cast.alice, cast.charlie, cast.manager, cast.service):
        client = sign_in(user)
        assert client.get(f"{url}documents/{document.pk}/").status_code == 404
        for where in pages(family):
            assert "Signed agreement of" not in body(client, where), (user, where)
        assert "A signed agreement of 23 November 2026 was filed here in error by Alice." in body(
            client, f"{url}documents/"
        )
        for printed in ("sharing/form/", "assessment/print/", "plan/print/"):
            assert client.get(url + printed).status_code in (200, 404)
    with acting_as(cast.alice):
        assert not Document.objects.exists()


def test_a_contact_in_the_wrong_family_no_longer_meets_the_72_hours(cast, sign_in):
    family = new_family(cast)
    attempt = contact(cast, family)
    url = family.get_absolute_url()
    with acting_as_system("test"):
        assert Timescale.objects.get(kind="first_contact").met_at
    assert SECRET in body(sign_in(cast.alice), f"{url}notes/")
    sign_in(cast.alice).post(f"{url}contacts/{attempt.pk}/wrong-family/", REASON)
    with acting_as_system("test"):
        timescale = Timescale.objects.get(kind="first_contact")
    assert timescale.met_at is None
    assert timescale.look_at is not None
    assert "A contact of 23 November 2026 was filed here in error by Alice" in body(sign_in(cast.alice), url)


def test_the_familys_own_next_try_meets_the_72_hours_instead(cast, sign_in):
    family = new_family(cast)
    wrong = contact(cast, family)
    right = contact(cast, family, at=clock.now() - timedelta(minutes=30))
    url = family.get_absolute_url()
    sign_in(cast.alice).post(f"{url}contacts/{wrong.pk}/wrong-family/", REASON)
    with acting_as_system("test"):
        assert Timescale.objects.get(kind="first_contact").met_at == right.at


@pytest.mark.parametrize(("who", "status"), [("charlie", 403), ("alice", 200), ("manager", 200), ("dana", 404)])
def test_who_filed_it_the_lead_and_managers_may_say_so(cast, sign_in, who, status, family):
    note = write(cast, family, by=cast.alice)
    assert (
        sign_in(getattr(cast, who)).get(f"{family.get_absolute_url()}notes/{note.pk}/wrong-family/").status_code
        == status
    )
    link = "wrong-family" in body(sign_in(getattr(cast, who)), f"{family.get_absolute_url()}notes/")
    assert link == (status == 200)


def test_a_thing_of_another_family_is_not_found_here(cast, sign_in):
    here, there = led_family(cast), led_family(cast, name="Adeyemi")
    note = write(cast, there)
    assert sign_in(cast.alice).get(f"{here.get_absolute_url()}notes/{note.pk}/wrong-family/").status_code == 404


def test_a_reason_is_needed_and_the_stub_does_not_say_it(cast, sign_in, family):
    note = write(cast, family)
    url = family.get_absolute_url()
    page = sign_in(cast.alice).post(f"{url}notes/{note.pk}/wrong-family/", {"reason": ""}).content.decode()
    assert "Enter how you know that it is in the wrong family" in page
    with acting_as_system("test"):
        assert not FiledInError.objects.exists()
    sign_in(cast.alice).post(f"{url}notes/{note.pk}/wrong-family/", REASON)
    for where in pages(family):
        assert "of another family" not in body(sign_in(cast.alice), where)


def test_an_open_draft_of_a_note_stays_with_its_writer_alone(cast, sign_in, family):
    note = write(cast, family)
    with acting_as(cast.charlie):
        Draft.objects.create(
            user=cast.charlie, form=f"{family.get_absolute_url()}notes/write/", title="x", url="/", data={"text": ["y"]}
        )
    sign_in(cast.alice).post(f"{family.get_absolute_url()}notes/{note.pk}/wrong-family/", REASON)
    with acting_as(cast.charlie):
        assert Draft.objects.count() == 1
    for user in (cast.alice, cast.manager, cast.service):
        with acting_as(user):
            assert not Draft.objects.exists()


def test_the_service_manager_is_told_and_reads_who_had_opened_a_scan(cast, sign_in, family):
    with clock.frozen_at(clock.true_now() - timedelta(minutes=5)):
        document, other = scan(cast, family), scan(cast, family)
    url = family.get_absolute_url()
    for _ in range(2):
        sign_in(cast.manager).get(f"{url}documents/{document.pk}/")
    sign_in(cast.alice).get(f"{url}documents/{other.pk}/")
    sign_in(cast.charlie).get(f"{url}documents/{document.pk}/")
    with_true_time(lambda: sign_in(cast.alice).post(f"{url}documents/{document.pk}/wrong-family/", REASON))
    with acting_as(cast.service):
        there = Notification.objects.get(kind="families.filed_wrongly").url
    assert f'href="{there}"' in body(sign_in(cast.service), f"{url}filed-in-error/")
    page = body(sign_in(cast.service), there)
    assert "Tolu Adeyemi is of another family." in page
    assert page.count('data-label="Who"') == 1
    assert "Manager" in page
    assert "Birch Primary School" in page
    assert "and 1 more" in page
    for user, status in ((cast.alice, 403), (cast.manager, 403), (cast.charlie, 403), (cast.dana, 404)):
        for where in (there, f"{url}filed-in-error/"):
            assert sign_in(user).get(where).status_code == status


def with_true_time(act):
    with clock.frozen_at(clock.true_now()):
        act()


def test_who_had_read_a_note_is_who_could_read_it_when_they_opened_its_page(cast, sign_in):
    with clock.frozen_at(clock.true_now() - timedelta(minutes=5)):
        family = led_family(cast)
        note = write(cast, family, only_agency=cast.health)
        url = family.get_absolute_url()
    with clock.frozen_at(clock.true_now()):
        sign_in(cast.charlie).get(f"{url}chronology/")
        sign_in(cast.alice).get(f"{url}notes/")
        sign_in(cast.locality).get(url)
    with_true_time(lambda: sign_in(cast.charlie).post(f"{url}notes/{note.pk}/wrong-family/", REASON))
    with_true_time(lambda: sign_in(cast.charlie).get(f"{url}notes/"))
    with acting_as_system("test"):
        stub = FiledInError.objects.get()
    page = body(sign_in(cast.service), f"{url}filed-in-error/{stub.pk}/")
    assert page.count('data-label="Who"') == 1
    assert "Chronology" in page.split('data-label="What"')[1]


def test_the_service_manager_puts_back_what_was_right_after_all(cast, sign_in, family):
    attempt = contact(cast, family)
    url = family.get_absolute_url()
    sign_in(cast.alice).post(f"{url}contacts/{attempt.pk}/wrong-family/", REASON)
    with acting_as_system("test"):
        stub = FiledInError.objects.get()
    assert sign_in(cast.manager).post(f"{url}filed-in-error/{stub.pk}/put-back/").status_code == 403
    sign_in(cast.service).post(f"{url}filed-in-error/{stub.pk}/put-back/")
    assert SECRET in body(sign_in(cast.alice), f"{url}notes/")
    with acting_as_system("test"):
        assert Timescale.objects.get(kind="first_contact").met_at == attempt.at
        assert list(Change.objects.in_table(FiledInError).values_list("kind", flat=True)) == ["insert", "delete"]
        assert ContactAttempt.objects.filter(family=family, episode=episode_of(family)).exists()


def test_whoever_could_not_read_a_note_does_not_learn_that_it_was_here(cast, sign_in, family):
    note = write(cast, family, kind=Note.Kind.FEEDBACK)
    url = family.get_absolute_url()
    sign_in(cast.charlie).post(f"{url}notes/{note.pk}/wrong-family/", REASON)
    with acting_as_system("test"):
        assert FiledInError.objects.count() == 1
    for user, reads in ((cast.charlie, True), (cast.manager, True), (cast.alice, False)):
        for where in ("notes/", "chronology/", ""):
            assert ("was filed here in error" in body(sign_in(user), f"{url}{where}")) == reads, (user, where)
    with acting_as(cast.alice):
        assert not FiledInError.objects.exists()
    listed = body(sign_in(cast.service), f"{url}filed-in-error/")
    assert "Charlie" in listed


def test_a_scan_in_the_wrong_family_is_moved_to_the_right_one_with_who_filed_it(cast, family, sign_in):
    right = led_family(cast, name="Adeyemi")
    with acting_as_system("test"):
        right = type(right).objects.exclude(pk=family.pk).get()
    kept = scan(cast, family)
    url = f"{family.get_absolute_url()}documents/{kept.pk}/wrong-family/"
    alice = sign_in(cast.alice)
    nowhere = alice.post(url, REASON | {"belongs_to": "000-0000"}).content.decode()
    assert "There is no other family with this reference" in nowhere
    assert REASON["reason"] in nowhere
    assert alice.post(url, REASON | {"belongs_to": family.reference}).status_code == 200
    done = alice.post(url, REASON | {"belongs_to": right.reference}, follow=True).content.decode()
    assert "filed where it belongs" in done
    assert "was filed here in error" in done
    assert "Adeyemi" not in done
    assert right.reference not in done
    there = alice.get(f"{right.get_absolute_url()}documents/").content.decode()
    assert "Filed by Alice, moved here by Alice" in there
    with acting_as_system("test"):
        moved = Document.objects.get(family=right)
        assert (moved.signed_on, moved.kind, moved.for_lead) == (kept.signed_on, "agreement", True)
        with moved.file.open("rb") as file:
            assert file.read() == b"%PDF-1.7\n%%EOF"
    with acting_as(cast.alice):
        assert list(Document.objects.values_list("family", flat=True)) == [right.pk]


def test_nobody_moves_a_scan_into_a_record_to_which_they_do_not_add(cast, family, sign_in):
    kept = scan(cast, family)
    with acting_as_system("test"):
        stranger = new_family(cast, name="Quigley")
    with acting_as_system("test"):
        Episode.objects.filter(family=stranger).update(first_contact_by=cast.bob)
    url = f"{family.get_absolute_url()}documents/{kept.pk}/wrong-family/"
    page = sign_in(cast.alice).post(url, REASON | {"belongs_to": stranger.reference})
    assert "There is no other family with this reference" in page.content.decode()
    with acting_as_system("test"):
        assert not FiledInError.objects.exists()
        assert Document.objects.filter(family=family).count() == 1
