"""Before an agency's people come to read the record: what names someone of whom they aren't to know."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db.models import CharField, TextField
from django.urls import reverse

from assessments.services import starting
from consent.models import Tier
from consent.services.ledger import record_choices
from consent.services.passages import passages, texts
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import FamilyRecord
from earlyhelp.access.rowsecurity import RowSecurity
from earlyhelp.core import clock
from families.models import Relationship, TeamMember
from families.services import episodes, people
from plans import services as plans
from plans.rules import OutcomeSaid
from tests.assessments.helpers import write
from tests.cast import add_sibling, child, make_user, mother
from tests.pages import opened, text_of

NOT_TEXT = {"families.Person", "families.SearchKey", "families.FiledInError", "assessments.Assessment"}


@pytest.fixture
def tola(cast, family):
    """Sixteen: she shares with school, and told nothing to the other school, with which her mother shares."""
    born = date(2010, 3, 1)
    tola = add_sibling(family, cast.alice, kind="child", first_name="Tola", last_name="Okafor", date_of_birth=born)
    with acting_as_system("test"):
        grace, ada = mother(family), child(family)
        choices = [Choice(tola, cast.school, Tier.ADDITIONAL, tola), Choice(tola, cast.other_school, Tier.NONE, tola)]
        choices += [Choice(p, cast.other_school, Tier.ADDITIONAL, grace) for p in (grace, ada)]
        record_choices(family=family, choices=choices, actor=cast.alice)
    return tola


def note(cast, family, text, *, about=()):
    with acting_as(cast.alice):
        said = {"kind": "call", "at": clock.now() - timedelta(hours=1), "with_whom": "Grace", "about": list(about)}
        episodes.write_note(family=family, episode=family.episode(), text=text, actor=cast.alice, **said)


def found(cast, family, agency=None):
    with acting_as(cast.alice):
        return {(one.what, one.words) for one in passages(family=family, agency=agency or cast.other_school)}


def test_each_text_that_the_team_reads_is_looked_through():
    """A new table with words of its own joins by naming the page where it stands."""
    missing = set()
    for model in apps.get_models():
        security = getattr(model, "security", None)
        if not (issubclass(model, FamilyRecord) and isinstance(security, RowSecurity) and security.read <= Level.VIEW):
            continue
        fields = [f for f in model._meta.concrete_fields if isinstance(f, TextField | CharField) and not f.choices]
        if fields and not model.stands_at and model._meta.label not in NOT_TEXT:
            missing.add(model._meta.label)
    assert missing == set()
    columns = [(model._meta.label, column) for model, names in texts() for column in names]
    assert len(columns) > 40
    for model, _ in texts():
        assert reverse(model.stands_at, args=["123-4567"])


def test_a_name_in_a_note_a_plan_or_an_assessment_is_shown(cast, family, tola):
    note(cast, family, "Grace says that TOLA came home late.")
    note(cast, family, "Tolaware is a brand.")
    with acting_as(cast.alice):
        plan = plans.open_plan(family=family, episode=family.episode(), actor=cast.alice)
        plans.add_outcome(plan=plan, said=OutcomeSaid("Ada and Tola quarrel", "Calm", "Weeks"), actor=cast.alice)
        starting.start(family=family, episode=family.episode(), actor=cast.alice)
    write(cast.alice, family, "why_now", agency=cast.school, reason="Tola’s school rang.")
    assert found(cast, family) == {
        ("Note", "Grace says that TOLA came home late."),
        ("Outcome", "Ada and Tola quarrel"),
        ("Answer", "Tola’s school rang."),
    }


def test_what_they_would_not_read_is_not_shown(cast, family, tola):
    note(cast, family, "Tola told me about her exams.", about=[tola.pk])
    assert found(cast, family) == set()


def test_to_an_agency_that_knows_of_everyone_nothing_is_shown(cast, family, tola):
    note(cast, family, "Tola came home late.")
    assert found(cast, family, cast.school) == set()


@pytest.mark.parametrize("which", ["invite", "ask_to_lead"])
def test_inviting_asks_to_look_through_them_first(cast, sign_in, family, tola, which):
    zoe = make_user("Zoe", cast.other_school)
    note(cast, family, "Grace says that Tola came home late.")
    alice, url = sign_in(cast.alice), reverse(which, args=[family.reference])
    more = (
        {"role": "contributor"}
        if which == "invite"
        else {"without_wish": "Grace knows Zoe.", "because": "Alice is leaving."}
    )
    sent = opened(alice, url) | {"who": f"{zoe.pk}-{cast.other_school.pk}"} | more
    assert "I have read these passages" not in text_of(alice.get(url))
    answer = alice.post(url, sent)
    shown = text_of(answer)
    assert "Read the passages below: they name someone who shares nothing with Oak Primary School" in shown
    assert "“Grace says that Tola came home late.”" in shown
    assert f'href="{reverse("notes", args=[family.reference])}"' in answer.content.decode()
    with acting_as(cast.alice):
        assert not TeamMember.objects.filter(user=zoe).exists()
    again = opened(alice, url, answer) | {"has_read": "on"}
    assert alice.post(url, again).status_code == 302


def test_relations_leave_out_whom_the_reader_is_not_to_know_of(cast, sign_in, family, tola):
    with acting_as_system("test"):
        grace = mother(family)
        people.relate(person=grace, to_person=tola, kind="mother", parental_responsibility="yes", actor=cast.alice)
        record_choices(family=family, choices=[Choice(tola, cast.health, Tier.NONE, tola)], actor=cast.alice)
    with acting_as(cast.charlie):
        assert not Relationship.objects.filter(to_person=tola).exists()
    assert "Tola" not in text_of(sign_in(cast.charlie).get(f"{family.get_absolute_url()}people/"))
    assert "Mother of Tola" in text_of(sign_in(cast.alice).get(f"{family.get_absolute_url()}people/"))
