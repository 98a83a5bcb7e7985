"""Who may read a note: the same people in the list, the chronology, the overview and the history; and never the rest."""

import io
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Change
from earlyhelp.accounts.models import Membership, Role
from earlyhelp.core import clock
from families.models import Note, TeamMember
from families.services import team
from tests.cast import make_user, mother

WORDS = "Bramble was mentioned."
EVERYONE = {"alice", "charlie", "manager", "service"}


def join(cast, family, user, agency):
    with acting_as(cast.alice):
        member = team.invite(
            family=family, episode=family.episode(), user=user, agency=agency, role="contributor", actor=cast.alice
        )
    with acting_as(user):
        team.answer_invitation(member=member, accept=True, reason="", actor=user)


def sends(client, family, **changes):
    data = {
        "kind": "call", "with_whom": "Grace", "text": WORDS, "at_day": 23, "at_month": 11, "at_year": 2026,
        "at_time": "9:00",
    }  # fmt: skip
    return client.post(f"{family.get_absolute_url()}notes/write/", data | changes, follow=True)


def readers(cast, sign_in, family, users) -> set[str]:
    """Who reads the note; the pages, a query and the history agree about it. The overview shows the latest things, and
    so never shows it to anyone else."""
    found = set()
    for name, user in users.items():
        client = sign_in(user)
        seen = set()
        for path in ("notes/", "chronology/"):
            page = client.get(family.get_absolute_url() + path)
            seen.add(page.status_code == 200 and WORDS in page.content.decode())
        lately = WORDS in client.get(family.get_absolute_url()).content.decode()
        with acting_as(user):
            seen.add(Note.objects.filter(text=WORDS).exists())
            seen.add(Change.objects.in_table(Note).filter(after__text=WORDS).exists())
        assert len(seen) == 1, (name, seen)
        reads = seen.pop()
        assert reads or not lately
        if reads:
            found.add(name)
    return found


def people(cast, **more):
    names = ("alice", "bob", "charlie", "dana", "manager", "locality", "service", "admin", "superuser")
    return {name: getattr(cast, name) for name in names} | more


def test_a_note_is_read_by_everyone_who_may_read_the_record_unless_its_writer_says_otherwise(cast, sign_in, family):
    sends(sign_in(cast.charlie), family)
    assert readers(cast, sign_in, family, people(cast)) == EVERYONE


def test_an_agencys_own_note_is_read_by_its_people_alone_wherever_they_work_next(cast, sign_in, family):
    eve, boss = make_user("Eve", cast.health), make_user("Health boss", cast.health, Role.MANAGER)
    join(cast, family, eve, cast.health)
    page = sends(sign_in(cast.charlie), family, readers="agency").content.decode()
    assert "Only Health visiting may read this" in page
    everyone = people(cast, eve=eve, boss=boss)
    assert readers(cast, sign_in, family, everyone) == {"charlie", "eve", "boss"}
    with acting_as_system("test"):
        Membership.objects.filter(user=eve).update(agency=cast.school)
        TeamMember.objects.filter(user=eve).update(status="ended")
    vars(eve).pop("_memberships", None)
    join(cast, family, eve, cast.school)
    assert readers(cast, sign_in, family, everyone) == {"charlie", "boss"}


def test_supervision_is_read_by_its_author_the_lead_and_their_managers(cast, sign_in, family):
    page = sends(sign_in(cast.manager), family, kind="", readers="supervision").content.decode()
    assert "Only Alice and Manager may read this" in page
    assert readers(cast, sign_in, family, people(cast)) == {"alice", "manager"}


def test_who_does_not_supervise_is_not_offered_it(cast, sign_in, family):
    page = sends(sign_in(cast.charlie), family, readers="supervision").content.decode()
    assert "Select one of the answers shown" in page
    assert WORDS in page
    with acting_as_system("test"):
        assert not Note.objects.exists()


def test_feedback_about_who_leads_never_reaches_them(cast, sign_in, family):
    with acting_as_system("test"):
        Membership.objects.create(user=cast.alice, agency=cast.school, role=Role.MANAGER)
    page = sends(sign_in(cast.charlie), family, kind="", readers="feedback").content.decode()
    assert "Only Charlie, Manager and Service Manager may read this" in page
    assert readers(cast, sign_in, family, people(cast)) == {"charlie", "manager", "service"}


def test_who_leads_is_not_offered_feedback_about_themself(cast, sign_in, family):
    form = sign_in(cast.alice).get(f"{family.get_absolute_url()}notes/write/").content.decode()
    assert "Who may read this?" in form
    assert "Feedback about" not in form
    assert "Select one of the answers shown" in sends(sign_in(cast.alice), family, readers="feedback").content.decode()


def test_an_ordinary_note_says_what_it_was(cast, sign_in, family):
    assert "Select what it was" in sends(sign_in(cast.alice), family, kind="").content.decode()


def test_a_note_that_is_kept_from_a_parent_says_so_and_is_in_nothing_printed_for_the_family(cast, sign_in, family):
    with acting_as(cast.alice):
        grace = mother(family)
    page = sends(sign_in(cast.charlie), family, kept_from=[grace.pk]).content.decode()
    assert "Grace Okafor must not be told" in page
    assert readers(cast, sign_in, family, people(cast)) == EVERYONE
    printed = 0
    for path in ("sharing/form/", "assessment/print/", "plan/print/"):
        answer = sign_in(cast.alice).post(family.get_absolute_url() + path, {"for_whom": "family"})
        if answer.status_code == 200:
            printed += 1
            text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
            assert "Bramble" not in text
    assert printed


def test_the_page_of_notes_asks_no_more_of_many_than_of_few(cast, sign_in, family):
    client = sign_in(cast.alice)
    url = f"{family.get_absolute_url()}notes/"

    def questions():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    def note(n, **changes):
        return Note(
            family=family, episode=episode, kind="call", at=clock.now() - timedelta(hours=n), with_whom="x", text="x",
            author=cast.alice, **changes,
        )  # fmt: skip

    with acting_as_system("test"):
        episode = family.episode()
        Note.objects.bulk_create([note(1), note(2, readers=[cast.alice.pk])])
    questions()
    few = questions()
    with acting_as_system("test"):
        Note.objects.bulk_create([note(n, readers=[cast.alice.pk, cast.manager.pk]) for n in range(30)])
    assert questions() == few
    assert "Page 2" in client.get(url).content.decode()
