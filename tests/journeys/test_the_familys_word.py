"""A refusal holds, a withdrawal reaches everyone, and whoever runs the support can still hand over or close."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from consent.documents import file_scan
from consent.models import Agreement, SharingChoice, Tier
from consent.services.ledger import record_agreement, record_choices
from consent.word import Choice, Decision
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant, ReadLog
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.timescales.models import Timescale
from families.models import Document, Family, Lead, Person, Request, SearchKey, TeamMember
from families.services import episodes, people, requests, team
from tests.cast import add_sibling, ask, child, mother, new_family, share
from tests.pages import opened


def level(user, family) -> int:
    with acting_as(user):
        return max(Grant.objects.in_force().filter(user=user, family=family).values_list("level", flat=True), default=0)


def withdraw_agreement(cast, family) -> None:
    with acting_as(cast.alice):
        record_agreement(family=family, decision=Decision(person=mother(family), decision=Agreement.Decision.WITHDRAWN, how="verbal", decided_on=clock.today(), witness="Alice"), choices=[], actor=cast.alice)  # fmt: skip


def test_nobody_decides_for_a_young_person_of_an_age_to_decide(cast, family):
    teenager = add_sibling(
        family, cast.alice, kind="child", first_name="Tola", last_name="Okafor", date_of_birth=date(2010, 1, 1)
    )
    with acting_as(cast.alice):
        record_choices(family=family, choices=[Choice(teenager, cast.health, Tier.NONE, teenager)], actor=cast.alice)
        with pytest.raises(Refused, match="Tola decides for themselves"):
            record_choices(
                family=family,
                choices=[Choice(teenager, cast.health, Tier.ADDITIONAL, mother(family))],
                actor=cast.alice,
            )
        record_choices(family=family, choices=[Choice(teenager, cast.health, Tier.BASIC, teenager)], actor=cast.alice)
        for never in (False, True):
            with pytest.raises(Refused, match="Tola decides for themselves"):
                record_choices(
                    family=family,
                    choices=[Choice(teenager, cast.health, Tier.NONE, mother(family), never=never)],
                    actor=cast.alice,
                )
    with acting_as(cast.charlie):
        assert Person.objects.filter(first_name="Tola").exists()


def test_who_refused_the_leads_own_agency_is_hidden_from_it_too(cast, sign_in, family):
    with acting_as(cast.alice):
        record_choices(
            family=family, choices=[Choice(child(family), cast.school, Tier.NONE, mother(family))], actor=cast.alice
        )
    for user in (cast.alice, cast.manager):
        page = sign_in(user).get(f"{family.get_absolute_url()}people/").content.decode()
        assert "Grace Okafor" in page
        assert "Ada" not in page


def test_who_can_see_this_names_nobody_whom_the_reader_may_not_know_of(cast, sign_in, family):
    with acting_as(cast.alice):
        record_choices(
            family=family, choices=[Choice(child(family), cast.health, Tier.NONE, mother(family))], actor=cast.alice
        )
    url = f"{family.get_absolute_url()}who-can-see/"
    assert "but not about Ada Okafor" in sign_in(cast.alice).get(url).content.decode()
    page = sign_in(cast.charlie).get(url).content.decode()
    assert "Ada" not in page
    assert "not about" not in page


def test_what_is_recorded_as_stopped_is_stopped_even_where_the_lead_may_know_little(cast, sign_in, family):
    with acting_as(cast.alice):
        grace = mother(family)
        record_choices(family=family, choices=[Choice(grace, cast.school, Tier.BASIC, grace)], actor=cast.alice)
    url = f"{family.get_absolute_url()}sharing/person/{grace.pk}/"
    alice = sign_in(cast.alice)
    assert re.search(rf'name="agency_{cast.health.pk}"[^>]*value="2"[^>]*checked', alice.get(url).content.decode())
    answers = {"decided_by": grace.pk, f"agency_{cast.school.pk}": "1", f"agency_{cast.health.pk}": ""}
    page = alice.post(url, answers).content.decode()
    assert "Whoever leads there won’t read about Grace any more" in page
    alice.post(url, answers | {"confirmed": "on"})
    with acting_as_system("test"):
        latest = SharingChoice.objects.filter(person=grace, agency=cast.health).first()
        assert latest.tier == Tier.NONE
    with acting_as(cast.charlie):
        assert not Person.objects.filter(pk=grace.pk).exists()


def test_withdrawn_agreement_takes_the_whole_team_down_to_basic(cast, family):
    withdraw_agreement(cast, family)
    assert level(cast.alice, family) == level(cast.charlie, family) == level(cast.manager, family) == Level.BASIC


def test_after_a_withdrawal_the_lead_can_still_record_a_new_agreement_hand_over_or_close(cast, sign_in, family):
    withdraw_agreement(cast, family)
    alice = sign_in(cast.alice)
    url = family.get_absolute_url()
    for path in ("sharing/agreement/", "team/ask-to-lead/", "end/"):
        assert alice.get(f"{url}{path}").status_code == 200
        assert sign_in(cast.charlie).get(f"{url}{path}").status_code == 403
    assert alice.get(f"{url}notes/").status_code == 403
    assert alice.post(f"{url}end/", {"reason": "not_agreed"}).status_code == 302
    with acting_as_system("test"):
        assert family.episode().end_reason == "not_agreed"


def test_when_the_first_contact_ends_early_help_everything_ends_with_it(cast, sign_in):
    family = new_family(cast)
    share(cast, family, cast.school, cast.health)
    with acting_as(cast.alice):
        team.invite(
            family=family,
            episode=family.episode(),
            user=cast.charlie,
            agency=cast.health,
            role="attendee",
            actor=cast.alice,
        )
        lead = team.ask_to_lead(
            family=family,
            episode=family.episode(),
            user=cast.bob,
            agency=cast.school,
            without_wish="Not asked yet.",
            actor=cast.alice,
        )
    answer = sign_in(cast.alice).post(f"{family.get_absolute_url()}end/", {"reason": "met"}, follow=True)
    assert "Early help has ended" in answer.content.decode()
    assert [level(u, family) for u in (cast.alice, cast.bob, cast.charlie)] == [0, 0, 0]
    with acting_as_system("test"):
        assert not Timescale.objects.filter(family=family, met_at=None, stopped_at=None).exists()
        assert TeamMember.objects.get().status == "ended"
        assert Lead.objects.get(pk=lead.pk).status == "ended"


def test_a_contributors_contact_meets_the_clock_too(cast, family):
    with acting_as(cast.charlie):
        episodes.record_contact(
            family=family,
            episode=family.episode(),
            at=clock.now(),
            how="visit",
            reached=True,
            note="",
            actor=cast.charlie,
        )
    with acting_as_system("test"):
        assert Timescale.objects.get(family=family, kind="first_contact").met_at == clock.now()


def test_nobody_takes_the_lead_whom_the_family_does_not_share_enough_with(cast, sign_in, family):
    with acting_as(cast.alice):
        lead = team.ask_to_lead(
            family=family,
            episode=family.episode(),
            user=cast.charlie,
            agency=cast.health,
            without_wish="Not asked yet.",
            actor=cast.alice,
        )
        record_choices(
            family=family,
            choices=[Choice(p, cast.health, Tier.BASIC, mother(family)) for p in family.people()],
            actor=cast.alice,
        )
    page = sign_in(cast.charlie).post(f"{family.get_absolute_url()}team/lead/{lead.pk}/", {"answer": "yes"})
    assert "You can’t lead yet" in page.content.decode()
    assert level(cast.alice, family) == Level.LEAD


def test_writing_about_someone_who_shares_only_basic_is_refused_and_keeps_the_words(cast, sign_in, family):
    with acting_as(cast.alice):
        ada = child(family)
        record_choices(family=family, choices=[Choice(ada, cast.health, Tier.BASIC, mother(family))], actor=cast.alice)
    data = {
        "kind": "call", "with_whom": "Grace", "about": [ada.pk], "text": "Ada’s hearing was checked.",
        "at_day": 23, "at_month": 11, "at_year": 2026, "at_time": "9:00",
    }  # fmt: skip
    page = sign_in(cast.charlie).post(f"{family.get_absolute_url()}notes/write/", data).content.decode()
    assert "doesn’t share that much with your agency" in page
    assert "Ada’s hearing was checked." in page


def test_words_sent_after_access_ended_are_shown_once_more(cast, sign_in, family):
    charlie = sign_in(cast.charlie)
    with acting_as_system("test"):
        TeamMember.objects.update(status="ended")
    data = {"kind": "call", "with_whom": "Grace", "text": "A long account of the visit."}
    page = charlie.post(f"{family.get_absolute_url()}notes/write/", data)
    assert page.status_code == 404
    assert "A long account of the visit." in page.content.decode()
    assert "Okafor" not in page.content.decode()


def test_who_may_know_little_is_told_so_whatever_the_page_was_about(cast, sign_in, family):
    withdraw_agreement(cast, family)
    page = sign_in(cast.charlie).get(f"{family.get_absolute_url()}documents/1/")
    assert page.status_code == 403
    assert sign_in(cast.dana).get(f"{family.get_absolute_url()}documents/1/").status_code == 404


def test_a_form_sent_again_with_other_words_is_no_repetition(cast, sign_in, family):
    alice = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}notes/write/"
    data = {
        "kind": "call", "with_whom": "Grace", "text": "First.", "form_token": "6b1c2a0e-0000-4000-8000-000000000009",
        "at_day": 23, "at_month": 11, "at_year": 2026, "at_time": "9:00",
    }  # fmt: skip
    alice.post(url, data)
    alice.post(url, data)
    other = alice.post(url, data | {"text": "Second, and longer."})
    alice.post(url, opened(alice, url, other))
    page = alice.get(f"{family.get_absolute_url()}notes/").content.decode()
    assert page.count("First.") == 1
    assert page.count("Second, and longer.") == 1


def test_an_address_that_is_not_to_be_disclosed_leaves_every_search_key(cast):
    request = ask(cast, people=[{"kind": "child", "first_name": "Ada", "last_name": "Okafor", "postcode": "MX1 2AB"}])
    with acting_as(cast.locality):
        family = requests.accept(
            request=Request.objects.get(pk=request.pk), agency=cast.school, practitioner=cast.alice, actor=cast.locality
        )
    with acting_as(cast.alice):
        people.add_address(
            family=family,
            person=None,
            lines="9 Quiet Close",
            postcode="mx1 2ab",
            do_not_disclose=True,
            actor=cast.alice,
        )
    with acting_as_system("test"):
        assert not SearchKey.objects.filter(kind="postcode").exists()


def image(kind: str, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    picture = Image.new("RGB", (40, 40), "white").convert(mode)
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    picture.save(out, format=kind, **({"exif": exif} if kind != "PNG" else {}))
    return out.getvalue()


@pytest.mark.parametrize(
    ("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "P"), ("PNG", "RGBA"), ("HEIF", "RGB")]
)
def test_a_scan_keeps_its_picture_and_loses_what_the_camera_wrote(cast, kind, mode, family):
    with acting_as(cast.alice):
        document = file_scan(
            family=family,
            upload=SimpleUploadedFile("a.bin", image(kind, mode)),
            signed_on=clock.today(),
            actor=cast.alice,
        )
        with document.file.open("rb") as file:
            data = file.read()
    assert b"SecretCamera" not in data
    pixel = Image.open(io.BytesIO(data)).convert("RGB").getpixel((20, 20))
    assert min(pixel) > 250
    assert "form" not in document.file.name


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("scan.pdf", b"MZ\x90\x00 this program", "The file must be a PDF, JPEG, PNG or HEIC"),
        ("scan.jpg", b"<html><script>alert(1)</script>", "The file must be a PDF, JPEG, PNG or HEIC"),
        ("scan.png", b"GIF89a\x01\x00\x01\x00", "The file must be a PDF, JPEG, PNG or HEIC"),
        ("scan.pdf", b"", "The file you chose is empty"),
        ("scan.pdf", b"%PDF-1.7" + b"0" * 11 * 1024 * 1024 + b"%%EOF", "The file must be smaller than 10 MB"),
    ],
)
def test_a_file_of_the_wrong_kind_or_size_is_refused_with_what_to_do(cast, sign_in, name, content, message, family):
    data = {
        "scan": SimpleUploadedFile(name, content), "signed_on_day": 23, "signed_on_month": 11, "signed_on_year": 2026
    }  # fmt: skip
    page = sign_in(cast.alice).post(f"{family.get_absolute_url()}sharing/scan/", data)
    assert message in page.content.decode()
    with acting_as_system("test"):
        assert not Document.objects.exists()


def test_the_team_sees_that_a_signed_form_exists_and_the_lead_opens_it(cast, sign_in, family):
    with acting_as(cast.alice):
        document = file_scan(
            family=family,
            upload=SimpleUploadedFile("f.pdf", b"%PDF-1.7\n%%EOF"),
            signed_on=clock.today(),
            actor=cast.alice,
        )
    url = f"{family.get_absolute_url()}documents/"
    assert "Signed agreement of 23 November 2026" in sign_in(cast.charlie).get(url).content.decode()
    assert sign_in(cast.charlie).get(f"{url}{document.pk}/").status_code == 403
    opened = sign_in(cast.alice).get(f"{url}{document.pk}/")
    assert opened.content.startswith(b"%PDF")
    assert opened["Content-Disposition"].startswith("attachment")
    assert sign_in(cast.dana).get(f"{url}{document.pk}/").status_code == 404


def test_reading_and_refused_tries_are_logged(cast, sign_in, family):
    sign_in(cast.alice).get(f"{family.get_absolute_url()}notes/")
    sign_in(cast.dana).get(f"{family.get_absolute_url()}notes/")
    sign_in(cast.charlie).get(f"{family.get_absolute_url()}end/")
    with acting_as_system("test"):
        rows = set(ReadLog.objects.filter(reference=family.reference).values_list("user", "what", "refused"))
    assert (cast.alice.pk, "families.see_notes", False) in rows
    assert (cast.dana.pk, "notes", True) in rows
    assert (cast.charlie.pk, "end_episode", True) in rows


def test_a_restricted_familys_request_is_hidden_from_the_front_door_and_from_who_made_it(cast, sign_in, family):
    with acting_as_system("test"):
        reference = Request.objects.get().reference
        Family.objects.filter(pk=family.pk).update(restricted=True)
    assert sign_in(cast.locality).get(f"/requests/{reference}/").status_code == 404
    assert sign_in(cast.dana).get(f"/requests/{reference}/").status_code == 404


def test_accounts_are_closed_to_self_service(cast, sign_in):
    alice = sign_in(cast.alice)
    for path in ("signup/", "email/", "3rdparty/"):
        assert alice.get(f"/accounts/{path}").status_code == 404
    assert alice.get("/accounts/logout/").status_code == 200


def test_words_of_an_open_form_come_back_when_agreement_is_withdrawn_meanwhile(cast, sign_in, family):
    url = family.get_absolute_url()
    sign_in(cast.alice).post(f"{url}assessment/start/")
    withdraw_agreement(cast, family)
    page = sign_in(cast.charlie).post(
        f"{url}assessment/part/agency/", {"needs-worried": "Her hearing was never checked."}
    )
    assert page.status_code == 403
    assert "Her hearing was never checked." in page.content.decode()
