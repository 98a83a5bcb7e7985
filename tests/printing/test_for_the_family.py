"""The family's own copy of who can see their information and who has looked: plain, and silent where it must be."""

import io
from datetime import timedelta

from pypdf import PdfReader

from consent.models import Disclosure, EmergencyAccess, LawfulSharing, Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import ReadLog
from earlyhelp.core import clock
from tests.cast import child, make_user, mother


def words(response) -> str:
    assert response.status_code == 200
    reader = PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def url(family, query: str = "") -> str:
    return f"{family.get_absolute_url()}who-can-see/print/{query}"


def looked(user, family, *, days_ago: int = 0, what: str = "families.see", refused: bool = False) -> None:
    at = clock.now() - timedelta(days=days_ago)
    with acting_as_system("test"):
        ReadLog.objects.create(
            user=user, family_id=family.pk, reference=family.reference, what=what, refused=refused, at=at
        )


def share_lawfully(cast, family, user, *, told: bool, about=None) -> LawfulSharing:
    with acting_as_system("test"):
        return LawfulSharing.objects.create(
            family=family, reason="child_harm", explanation="Secret explanation", basis="public_task",
            what="The plan", about=about or [p.pk for p in family.people()], with_whom=f"{user.name}’s team",
            agency=cast.other_school, user=user, decided_at=clock.now() - timedelta(days=1), adviser=cast.manager,
            advice="Secret advice", told=told, not_told_because="" if told else "It would put Ada in danger",
            access_until=clock.now() + timedelta(days=5), created_by=cast.alice,
        )  # fmt: skip


def test_it_says_in_plain_words_who_can_see_what_and_why(cast, sign_in, family):
    text = words(sign_in(cast.alice).post(url(family)))
    assert "Charlie Health visiting What is written in your record. They can add to it" in text
    assert "Works with you, on the team around your family" in text
    assert "Is your lead practitioner" in text
    assert "Works in the early help team for North" in text
    assert "Dana" not in text
    assert "Noor Hill, 01632 960010" in text
    assert "write to Castshire Council" in text


def test_it_counts_days_and_not_clicks(cast, sign_in, family):
    for days_ago in (3, 3, 3, 5, 9):
        looked(cast.charlie, family, days_ago=days_ago)
    looked(cast.dana, family, days_ago=1, refused=True)
    looked(cast.bob, family, days_ago=1, what="workspace.caseload")
    text = words(sign_in(cast.alice).post(url(family)))
    assert "Charlie, Health visiting: on 3 days, last on 20 November 2026" in text
    assert "Dana" not in text
    assert "Bob" not in text


def test_the_familys_copy_says_nothing_of_what_one_person_keeps_back(cast, sign_in, family):
    with acting_as(cast.alice):
        ada = child(family)
        record_choices(family=family, choices=[Choice(ada, cast.health, Tier.NONE, mother(family))], actor=cast.alice)
        grace = mother(family)
    alice = sign_in(cast.alice)
    assert "nothing about" not in words(alice.post(url(family)))
    assert "Ada" not in words(alice.post(url(family)))
    hers = words(alice.post(url(family, f"?person={ada.pk}")))
    assert "Charlie Health visiting That your family gets early help, and nothing about you" in hers
    others = words(alice.post(url(family, f"?person={grace.pk}")))
    assert "Charlie Health visiting What is written about you" in others
    assert "Ada" not in others


def test_sharing_that_the_family_was_told_of_is_there_without_the_record_of_the_decision(cast, sign_in, family):
    eve = make_user("Eve", cast.other_school)
    share_lawfully(cast, family, eve, told=True)
    looked(eve, family)
    text = words(sign_in(cast.alice).post(url(family)))
    assert "we shared with Eve’s team (Oak Primary School). Why: A child may be suffering" in text
    assert "Eve, Oak Primary School: on 1 day" in text
    assert "We shared with them without asking you first, and told you" in text
    assert "Secret" not in text


def test_sharing_that_the_family_must_not_know_of_leaves_no_trace(cast, sign_in, family):
    eve = make_user("Eve", cast.other_school)
    sharing = share_lawfully(cast, family, eve, told=False)
    looked(eve, family)
    with acting_as_system("test"):
        for linked in (sharing, None):
            Disclosure.objects.create(
                family=family, at=clock.now(), how="sent", what="Hidden letter", to_whom="Eve’s team",
                basis="lawful", lawful_sharing=linked, created_by=cast.alice,
            )  # fmt: skip
    alice = sign_in(cast.alice)
    pages = [words(alice.post(url(family))), words(alice.post(url(family, f"?person={mother_of(family)}")))]
    pages.append(alice.get(f"{family.get_absolute_url()}who-can-see/family/").content.decode())
    for text in pages:
        for secret in ("Eve", "Oak Primary", "Hidden letter", "put Ada in danger"):
            assert secret not in text
    looked(cast.charlie, family, days_ago=2)
    share_lawfully(cast, family, cast.charlie, told=False)
    looked(cast.charlie, family)
    assert "Charlie, Health visiting: on 2 days, last on 23 November 2026" in words(alice.post(url(family)))


def test_who_was_told_of_one_sharing_is_not_told_of_another(cast, sign_in, family):
    eve = make_user("Eve", cast.other_school)
    earlier = share_lawfully(cast, family, eve, told=True)
    with acting_as_system("test"):
        LawfulSharing.objects.filter(pk=earlier.pk).update(access_ended_at=clock.now())
    share_lawfully(cast, family, eve, told=False)
    text = words(sign_in(cast.alice).post(url(family)))
    assert "we shared with Eve’s team" in text
    assert "We shared with them without asking you first" not in text


def test_a_copy_that_one_of_them_was_given_is_not_told_to_the_others(cast, sign_in, family):
    with acting_as_system("test"):
        Disclosure.objects.create(
            family=family, at=clock.now(), how="printed", what="The form of one person", to_whom="Tola",
            basis="family", created_by=cast.alice,
        )  # fmt: skip
    assert "Tola" not in words(sign_in(cast.alice).post(url(family)))


def mother_of(family) -> int:
    with acting_as_system("test"):
        return mother(family).pk


def test_emergencies_and_what_left_are_there(cast, sign_in, family):
    with acting_as_system("test"):
        EmergencyAccess.objects.create(
            family=family, user=cast.locality, reason="Secret reason", starts_at=clock.now() - timedelta(days=3),
            ends_at=clock.now() - timedelta(days=2), finding="wrong", reviewed_by=cast.manager,
        )  # fmt: skip
        Disclosure.objects.create(
            family=family, at=clock.now(), how="printed", what="The plan", to_whom="Dr Hill", agency=cast.health,
            basis="agreement", created_by=cast.alice,
        )  # fmt: skip
    text = words(sign_in(cast.alice).post(url(family)))
    assert "Locality Officer, on 20 November 2026 at 10:00am." in text
    assert "the record should not have been opened" in text
    assert "The plan, printed, for Dr Hill (Health visiting). The family agreed." in text
    assert "Secret" not in text
    assert "The plan, printed" not in words(sign_in(cast.alice).post(url(family, f"?person={mother_of(family)}")))


def test_the_lead_and_managers_print_it_from_who_can_see(cast, sign_in, family):
    link = f"{family.get_absolute_url()}who-can-see/family/"
    for user in (cast.alice, cast.manager, cast.service):
        client = sign_in(user)
        assert link in client.get(f"{family.get_absolute_url()}who-can-see/").content.decode()
        page = client.get(link).content.decode()
        assert "Only Ada Okafor" in page
    charlie = sign_in(cast.charlie)
    assert link not in charlie.get(f"{family.get_absolute_url()}who-can-see/").content.decode()
    assert charlie.get(link).status_code == charlie.post(url(family)).status_code == 403
    assert sign_in(cast.dana).post(url(family)).status_code == 404
    for wrong in ("x", "²", "999999"):
        assert sign_in(cast.alice).post(url(family, f"?person={wrong}")).status_code == 404


def test_it_is_tagged_and_in_large_print_too(cast, sign_in, family):
    alice = sign_in(cast.alice)
    plain = PdfReader(io.BytesIO(alice.post(url(family)).content))
    large = PdfReader(io.BytesIO(alice.post(url(family, "?large")).content))
    assert plain.trailer["/Root"]["/MarkInfo"]["/Marked"] == True  # noqa: E712 a PDF's boolean
    assert len(large.pages) > len(plain.pages)
    assert "Is your lead practitioner" in " ".join(" ".join(page.extract_text() for page in large.pages).split())


def test_a_link_alone_makes_no_copy_and_logs_none(cast, sign_in, family):
    alice = sign_in(cast.alice)
    given = Disclosure.objects.filter(family=family, what__startswith="Who can see")
    page = alice.get(url(family, "?large"))
    assert "In large print." in page.content.decode()
    with acting_as_system("test"):
        assert not given.exists()
    assert alice.post(url(family, "?large"))["Content-Type"] == "application/pdf"
    with acting_as_system("test"):
        assert given.count() == 1
