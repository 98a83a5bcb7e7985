"""Someone dies, leaves, or was added by mistake: gone from what is written from then on, and kept in history."""

import io

import pytest
from django.urls import get_resolver, reverse
from pypdf import PdfReader

from consent.models import Agreement, SharingChoice, Tier
from consent.services.ledger import agreed, record_choices
from consent.services.own_word import come_of_age
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Change
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.timescales.models import Timescale
from families.models import ContactDetail, FiledInError, Note, Person
from families.services import leaving, people
from tests.access.test_doors import father, note, person_of
from tests.access.test_own_no import says, sees
from tests.access.test_who_sees import disagreements
from tests.cast import add_sibling, child, episode_of, mother
from tests.consent.test_own_word import tier, tola_of
from tests.pages import copy_for_all, opened, text_of

# Where what was recorded while they were here stays to be read
HISTORY = {"people", "person_back", "chronology", "notes", "sharing", "what_follows", "change_person"}


@pytest.fixture
def tunde(cast, family):
    tunde = father(cast, family, cast.school, cast.health)
    with acting_as(cast.alice):
        people.add_contact_detail(
            person=tunde, actor=cast.alice, kind="phone", value="01632 960555", safe_times="", voicemail=None, text=None,
            who_may_answer="", must_not_know="",
        )  # fmt: skip
    return tunde


def left(cast, person, because="died"):
    with acting_as(cast.alice):
        leaving.leave(person=person, on=clock.today(), because=because, actor=cast.alice)
        person.refresh_from_db()


def pages_of(family):
    """Every page of the family that needs no more than its reference."""

    def walk(resolver):
        for entry in resolver.url_patterns:
            if hasattr(entry, "url_patterns"):
                yield from walk(entry)
            elif getattr(entry.callback, "view_class", None) and entry.name:
                yield entry.name, str(entry.pattern)

    for name, pattern in walk(get_resolver()):
        if pattern.startswith("families/<str:reference>/") and pattern.count("<") == 1:
            yield name, reverse(name, args=[family.reference])


@pytest.mark.parametrize("because", ["died", "left"])
def test_who_died_or_left_is_on_no_page_but_where_history_is_read(cast, sign_in, family, tunde, because):
    alice = sign_in(cast.alice)
    walked = [name for name, _ in pages_of(family)]
    assert len(walked) > 35
    named = {name for name, url in pages_of(family) if "Tunde" in text_of(alice.get(url))}
    assert {"record_agreement", "add_address", "record_contact", "write_note", "print_agreement"} <= named
    left(cast, tunde, because)
    named = {name for name, url in pages_of(family) if "Tunde" in text_of(alice.get(url))}
    assert named - HISTORY == set()
    assert "01632 960555" not in text_of(alice.get(reverse("record_contact", args=[family.reference])))
    page = text_of(alice.get(reverse("people", args=[family.reference])))
    assert "Not here any more" in page
    assert ("Died" if because == "died" else "Not part of this family’s help since") in page


@pytest.mark.slow
@pytest.mark.parametrize("which", ["print_agreement", "print_letter", "print_readers"])
def test_who_died_is_in_no_print(cast, sign_in, family, tunde, which):
    alice, url = sign_in(cast.alice), reverse(which, args=[family.reference])

    def printed() -> str:
        answer = alice.post(url, copy_for_all(alice, url))
        assert answer["Content-Type"] == "application/pdf", text_of(answer)
        return " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages)

    before = printed()
    left(cast, tunde)
    assert "Tunde" not in printed()
    assert which != "print_agreement" or "Tunde" in before


def test_what_was_written_of_them_is_read_as_before(cast, sign_in, family, tunde):
    row = note(family, cast.alice, [tunde], "He sings to the baby.")
    left(cast, tunde)
    page = text_of(sign_in(cast.charlie).get(reverse("notes", args=[family.reference])))
    assert "He sings to the baby." in page
    assert "Tunde Okafor" in page
    assert sees(cast.charlie, tunde)
    with acting_as(cast.charlie):
        assert Note.objects.filter(pk=row.pk).exists()
        assert Change.objects.in_table(Person).filter(row_id=tunde.pk).count() == 2


def test_a_mothers_word_holds_five_working_days_after_her_death_and_someone_is_asked_who_decides_now(
    cast, sign_in, family, tunde
):
    grace, ada = person_of(family, mother), person_of(family, child)
    says(cast, family, grace, "given")
    left(cast, grace)
    with acting_as_system("test"):
        task = Timescale.objects.select_related("owner").get(kind="who_decides", family_id=family.pk)
    assert task.owner == cast.alice
    assert "Ask who decides now" in text_of(sign_in(cast.alice).get("/"))
    with acting_as_system("test"):
        episode = episode_of(family)
        assert agreed(episode)
        until = SharingChoice.objects.filter(person=ada, agency=cast.health).first().ends_at
        assert until == task.due_at
    assert sees(cast.charlie, ada)
    with clock.frozen_at(task.due_at):
        assert not sees(cast.charlie, ada)
        assert agreed(episode) is False
    says(cast, family, tunde, "given")
    with acting_as_system("test"):
        task.refresh_from_db()
    assert task.met_at is not None
    assert disagreements() == 0


def test_nobody_is_asked_in_place_of_who_decided_nothing(cast, family, tunde):
    left(cast, person_of(family, child))
    with acting_as_system("test"):
        assert not Timescale.objects.filter(kind="who_decides").exists()


def test_it_was_not_so_and_all_is_as_it_was(cast, sign_in, family, tunde):
    grace, ada = person_of(family, mother), person_of(family, child)
    left(cast, grace)
    alice, url = sign_in(cast.alice), reverse("person_back", args=[family.reference, grace.pk])
    assert "part of the family’s help again" in text_of(alice.post(url, opened(alice, url), follow=True))
    with acting_as_system("test"):
        assert SharingChoice.objects.filter(person=ada, agency=cast.health).first().ends_at is None
        assert Agreement.objects.filter(person=grace).first().until is None
        assert not Timescale.objects.filter(kind="who_decides").exists()
    assert "Grace" in text_of(alice.get(reverse("record_agreement", args=[family.reference])))
    with acting_as(cast.alice), pytest.raises(Refused, match="already"):
        leaving.come_back(person=grace, actor=cast.alice)
    assert disagreements() == 0


def test_it_is_asked_when_and_who_may_say_it(cast, sign_in, family, tunde):
    alice, url = sign_in(cast.alice), reverse("person_left", args=[family.reference, tunde.pk])
    assert "Select what happened" in text_of(alice.post(url, opened(alice, url)))
    tomorrow = {"why": "died", "on_day": "24", "on_month": "11", "on_year": "2026"}
    assert "in the past" in text_of(alice.post(url, opened(alice, url) | tomorrow))
    assert sign_in(cast.charlie).get(url).status_code == 403
    assert alice.post(url, opened(alice, url) | {"why": "died"}).status_code == 302
    with acting_as(cast.alice), pytest.raises(Refused, match="already"):
        leaving.leave(person=tunde, on=clock.today(), because="left", actor=cast.alice)


def test_who_was_added_by_mistake_is_out_of_everyones_sight_with_all_about_them(cast, sign_in, family, tunde):
    alone = note(family, cast.alice, [tunde], "He is not of this family.")
    both = note(family, cast.alice, [tunde, person_of(family, child)], "Ada came by herself.")
    says(cast, family, tunde, "refused")
    alice, url = sign_in(cast.alice), reverse("person_left", args=[family.reference, tunde.pk])
    page = text_of(alice.get(url))
    assert "1 case note" in page or "1 note" in page
    form = opened(alice, url) | {"why": "mistake", "reason": "He is of another family."}
    answer = text_of(alice.post(url, form, follow=True))
    assert "The service manager is told" in answer
    assert "added by mistake" in answer
    everyone = (cast.alice, cast.charlie, cast.manager, cast.locality, cast.service)
    for user in everyone:
        assert not sees(user, tunde)
        with acting_as(user):
            assert not ContactDetail.objects.filter(person_id=tunde.pk).exists()
            assert not Note.objects.filter(pk=alone.pk).exists()
            assert not Change.objects.filter(people__contains=[tunde.pk]).exists()
    named = {name for name, address in pages_of(family) if "Tunde" in text_of(alice.get(address))}
    assert named == set()
    with acting_as(cast.charlie):
        assert Note.objects.get(pk=both.pk).about == [person_of(family, child).pk]
    assert not alice.get("/search/", {"q": "Tunde"}).content.decode().count(family.reference)
    assert agreed(episode_of(family))
    with acting_as_system("test"):
        stub = FiledInError.objects.get(row_id=tunde.pk)
    service = sign_in(cast.service)
    assert service.get(reverse("who_had_opened", args=[family.reference, stub.pk])).status_code == 200
    back = reverse("right_after_all", args=[family.reference, stub.pk])
    assert service.post(back, opened(service, back), follow=True).status_code == 200
    assert sees(cast.alice, tunde)
    with acting_as(cast.alice):
        assert Note.objects.filter(pk=alone.pk).exists()
        assert Agreement.objects.filter(person=tunde).exists()
    assert disagreements() == 0


@pytest.mark.parametrize("how", ["died", "mistake"])
def test_nobody_who_is_not_here_decides_anything(cast, family, tunde, how):
    with acting_as(cast.alice):
        if how == "died":
            leaving.leave(person=tunde, on=clock.today(), because="died", actor=cast.alice)
        else:
            leaving.never_here(person=tunde, reason="He is of another family.", actor=cast.alice)
    with pytest.raises(Refused, match="isn’t part of this family’s help now"):
        says(cast, family, tunde, "given")
    choice = Choice(tunde, cast.other_school, Tier.BASIC, tunde)
    with acting_as(cast.alice), pytest.raises(Refused, match="Choose who decided"):
        record_choices(family=family, choices=[choice], actor=cast.alice)


def test_who_is_recorded_twice_is_one_person_from_then_on(cast, sign_in, family, tunde):
    twice = add_sibling(
        family, cast.alice, kind="adult", first_name="Tunde", last_name="Okafor", right_because="His father."
    )
    row = note(family, cast.alice, [twice], "He looks for work.")
    alice, url = sign_in(cast.alice), reverse("person_left", args=[family.reference, twice.pk])
    form = opened(alice, url) | {"why": "twice", "same_as": tunde.pk, "reason": "He is entered two times."}
    assert alice.post(url, form).status_code == 302
    assert not sees(cast.alice, twice)
    with acting_as(cast.charlie):
        assert Note.objects.get(pk=row.pk).about == [tunde.pk]
    with acting_as(cast.alice), pytest.raises(Refused, match="Select who they are"):
        leaving.never_here(person=tunde, same_as=tunde, reason="x", actor=cast.alice)


def test_a_childs_choices_do_not_end_with_someone_who_decided_nothing_for_it(cast, family, tunde):
    left(cast, tunde)
    assert tier(family, person_of(family, child), cast.health) == Tier.ADDITIONAL
    with acting_as_system("test"):
        assert SharingChoice.objects.filter(person=person_of(family, child)).exclude(ends_at=None).count() == 0


def test_who_is_recorded_twice_and_decided_something_is_not_one_with_the_other_yet(cast, sign_in, family, tunde):
    """A no that was recorded of the second of them must not be lost with them."""
    grace = person_of(family, mother)
    with acting_as(cast.alice):
        choice = Choice(person_of(family, child), cast.other_school, Tier.NONE, grace)
        record_choices(family=family, choices=[choice], actor=cast.alice)
    alice, url = sign_in(cast.alice), reverse("person_left", args=[family.reference, grace.pk])
    form = opened(alice, url) | {"why": "twice", "same_as": tunde.pk, "reason": "She is entered two times."}
    assert "Something is recorded that Grace decided" in text_of(alice.post(url, form))
    assert sees(cast.alice, grace)
    assert tier(family, person_of(family, child), cast.health) == Tier.ADDITIONAL


def test_whom_a_note_was_about_is_put_back_with_them(cast, family):
    nobody = add_sibling(family, cast.alice, kind="child", first_name="Tom", last_name="Okafor")  # shares with nobody
    row = note(family, cast.alice, [nobody, person_of(family, child)], "Tom told me.")
    with acting_as(cast.charlie):
        assert not Note.objects.filter(pk=row.pk).exists()
    with acting_as(cast.alice):
        leaving.never_here(person=nobody, reason="He is of another family.", actor=cast.alice)
    with acting_as_system("test"):
        stub = FiledInError.objects.get(row_id=nobody.pk)
    with acting_as(cast.service):
        leaving.right_after_all(stub=stub, actor=cast.service)
    with acting_as(cast.charlie):
        assert not Note.objects.filter(pk=row.pk).exists()
    with acting_as(cast.alice):
        assert set(Note.objects.get(pk=row.pk).about) == {nobody.pk, person_of(family, child).pk}


def test_nobody_is_reminded_to_ask_who_died(cast, family):
    tola = tola_of(cast, family, cast.health)
    with acting_as_system("test"):
        SharingChoice.objects.filter(person=tola).update(decided_by=person_of(family, mother))
    assert come_of_age() == 1
    with acting_as_system("test"):
        assert Timescale.objects.filter(kind="own_word", met_at=None).exists()
    left(cast, tola)
    with acting_as_system("test"):
        assert not Timescale.objects.filter(kind="own_word", met_at=None).exists()
    with acting_as(cast.alice):
        leaving.come_back(person=tola, actor=cast.alice)
    with acting_as_system("test"):
        assert Timescale.objects.filter(kind="own_word", met_at=None).exists()
