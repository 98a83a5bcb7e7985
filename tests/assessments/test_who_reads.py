"""What few may read stays with few, and what someone must not know isn’t told them: through changes, copies and versions."""

import pytest

from assessments.models import Answer, Assessment, GoneWithout, Proposal
from assessments.reading import on_the_first_page
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Membership, Role
from earlyhelp.core import clock
from families.models import Person
from tests.assessments.helpers import (
    add_child,
    assessment_of,
    contributions_to,
    does_not_share,
    fill,
    fill_all,
    joins,
    page,
    part_url,
    said_to,
    started,
    the_child,
    why_not,
)
from tests.assessments.test_again import carried, final, latest, second
from tests.assessments.test_finalise import body, printed
from tests.assessments.test_forms import pdf_text
from tests.cast import make_user
from tests.consent.test_lawful import access_for, answers, url_of
from tests.pages import opened, text_of

__all__ = ["final", "second"]
TOLD = {
    "told_by": "Mr Hill",
    "told_how": "By phone",
    "told_on_day": "20",
    "told_on_month": "11",
    "told_on_year": "2026",
}
TODAY = {"said_on_day": "23", "said_on_month": "11", "said_on_year": "2026"}


@pytest.fixture
def open_one(cast, family):
    return started(cast, family)


def test_what_someone_told_is_read_by_whom_its_typist_chose(cast, sign_in, open_one):
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    head_of_health = sign_in(make_user("Head", cast.health, role=Role.MANAGER))
    url = page("assessment_told", open_one, "why_now")
    for_school = TOLD | {"reason": "For the school alone.", "who_reads": "agency"}
    assert alice.post(url, for_school).status_code == 302
    for_few = TOLD | {"reason": "For few alone.", "who_reads": "few", "told_for": cast.health.pk}
    assert alice.post(url, for_few).status_code == 302
    for reader in (charlie, head_of_health):
        shown = body(reader.get(page("assessment_read", open_one)))
        assert "For the school alone." not in shown
        assert "For few alone." not in shown
    assert "For few alone." in body(sign_in(cast.manager).get(page("assessment_read", open_one)))


def test_what_was_told_for_an_agencys_part_names_the_agency(cast, sign_in, open_one):
    alice, url = sign_in(cast.alice), page("assessment_told", open_one, "agency")
    refused = alice.post(url, TOLD | {"needs-worried": "The rent."})
    assert "Select which agency they are from" in text_of(refused)
    assert ">\nThe rent.</textarea>" in body(refused)


def test_who_left_is_kept_from_it_all_the_same_when_another_box_is_changed(cast, sign_in, open_one):
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    ben, url = add_child(cast, open_one, "Ben", shares_with=(cast.school,)), part_url(open_one, "analysis")
    line = {"outcomes-outcome": "Ben sleeps.", "outcomes-whom": ben.pk}
    assert alice.post(url, {"version": 0, "priorities": "Sleep.", "kept_from": [ben.pk], **line}).status_code == 302
    with acting_as_system("test"):
        Person.objects.filter(pk=ben.pk).update(left_on=clock.today(), left_because="left")
    assert alice.post(url, opened(alice, url) | {"priorities": "Sleep first."}).status_code == 302
    (one,) = contributions_to(open_one, "analysis")
    assert one.kept_from == [ben.pk]
    assert "Ben sleeps." not in body(charlie.get(page("assessment_read", open_one)))
    assert said_to(open_one, "analysis")["outcomes-whom"] == str(ben.pk)


def test_the_same_words_for_fewer_readers_are_not_taken_for_saved(cast, sign_in, second):
    alice, charlie = sign_in(cast.alice), sign_in(cast.charlie)
    one, grace = carried(second, "why_now"), the_child(second, "Grace")
    assert charlie.post(page("still_right", second, one.pk)).status_code == 302
    said = {"version": 1, "reason": "Ada is late every day.", "who_reads": "few", "kept_from": [grace.pk]}
    assert "after you opened it here" in text_of(alice.post(part_url(second), said))
    assert alice.post(part_url(second), said | {"version": 2}).status_code == 302
    assert carried(second, "why_now").kept_from == [grace.pk]


def test_a_worry_that_few_may_know_is_in_no_reason_for_finalising(cast, sign_in, open_one):
    alice, grace = sign_in(cast.alice), the_child(open_one, "Grace")
    fill_all(alice, open_one)
    fill(
        alice, open_one, "home_money_work", money__worried="He takes her money.", who_reads="few", kept_from=[grace.pk]
    )
    fill(alice, open_one, "analysis", version=1, needs__needs_to_happen="Calm.", outcomes__outcome="Calm mornings")
    alice.post(page("assessment_finalise", open_one), why_not(alice, open_one))
    assert not assessment_of(open_one).is_open
    assert "Money" not in printed(alice, open_one).partition("Finalised without")[2].partition("Nothing written yet")[0]
    with acting_as_system("test"):
        assert not GoneWithout.objects.filter(what__contains="spite of a worry").exists()


@pytest.mark.parametrize("who", ["agency", "few"])
def test_no_copy_on_paper_holds_what_only_some_may_read(cast, sign_in, open_one, who):
    alice = sign_in(cast.alice)
    fill(alice, open_one, "why_now", reason="For our eyes.", who_reads=who)
    fill(alice, open_one, "health", needs__worried="For all eyes.")
    assert "For our eyes." in body(alice.get(page("assessment_read", open_one)))
    paper = printed(alice, open_one)
    assert "For all eyes." in paper
    assert "For our eyes." not in paper


def test_a_reason_typed_for_one_thing_is_never_kept_for_another(cast, sign_in, open_one):
    alice, ada = sign_in(cast.alice), the_child(open_one)
    fill_all(alice, open_one)
    reasons = {name: f"This is why, of {name}." for name in why_not(alice, open_one)}
    aims = {"outcomes__outcome": "Calm", "outcomes__whom": ada.pk}
    fill(alice, open_one, "analysis", version=1, needs__needs_to_happen="Calm.", **aims)
    alice.post(page("assessment_finalise", open_one), reasons)
    with acting_as_system("test"):
        kept = {one.what: one.reason for one in GoneWithout.objects.filter(family=open_one)}
    assert kept["“The first meeting”: “When it is held” is empty."] == "This is why, of why-first_taf.day."


def test_after_narrowing_the_next_words_are_not_for_everyone(cast, sign_in, open_one):
    charlie = sign_in(cast.charlie)
    fill(charlie, open_one, "help_so_far", events__what="He came home.")
    said = {"version": 1, "events-what": "He came home.", "who_reads": "few", "go": "stay"}
    kept = charlie.post(part_url(open_one, "help_so_far"), said)
    (one,) = contributions_to(open_one, "help_so_far")
    assert kept.url == page("change_contribution", open_one, one.pk)
    old_window = charlie.post(part_url(open_one, "help_so_far"), {"version": 1, "events-what": "He left again."})
    assert "What you wrote here is for fewer people now" in text_of(old_window)
    assert len(contributions_to(open_one, "help_so_far")) == 1


def test_what_was_for_few_is_not_made_a_second_one_for_all(cast, sign_in, open_one):
    alice = sign_in(cast.alice)
    fill(alice, open_one, "why_now", reason="For few.", who_reads="few")
    fill(alice, open_one, "why_now", reason="For all.")
    narrow = next(one for one in contributions_to(open_one) if one.readers)
    said = {"version": 1, "reason": "For few.", "who_reads": "everyone"}
    refused = alice.post(page("change_contribution", open_one, narrow.pk), said)
    assert "You wrote something for everyone here already: add it there" in text_of(refused)


def test_a_proposed_text_follows_when_its_text_is_narrowed(cast, sign_in, open_one):
    joins(cast, open_one, cast.bob, cast.school)
    charlie, bob = sign_in(cast.charlie), sign_in(cast.bob)
    fill(charlie, open_one, "why_now", reason="Her weight is low.")
    (one,) = contributions_to(open_one)
    url = page("propose", open_one, one.pk)
    name = body(bob.get(url)).split('name="text-')[1].split('"')[0]
    assert bob.post(url, {f"text-{name}": "Her sleep.", "why": "It is her sleep."}).status_code == 302
    fill(charlie, open_one, "why_now", version=1, reason="Her weight is low.", who_reads="agency")
    with acting_as(cast.alice):
        assert not Answer.objects.exists()
        assert not Proposal.objects.exists()


def test_a_line_of_ones_own_about_someone_whom_one_may_not_know_any_more_stays_unseen(cast, sign_in, open_one):
    charlie, alice = sign_in(cast.charlie), sign_in(cast.alice)
    ada, url = the_child(open_one), part_url(open_one, "analysis")
    line = {"outcomes-outcome": "Ada sleeps.", "outcomes-whom": ada.pk}
    assert charlie.post(url, {"version": 0, "priorities": "Sleep.", **line}).status_code == 302
    does_not_share(cast, open_one, ada, cast.health)
    shown = body(charlie.get(url))
    assert "Ada" not in shown
    assert 'name="outcomes-outcome"' not in shown
    assert charlie.post(url, opened(charlie, url) | {"outcomes-1-outcome": "Grace rests."}).status_code == 302
    read = body(alice.get(page("assessment_read", open_one)))
    assert "Ada sleeps." in read
    assert "Grace rests." in read


def test_what_is_said_beside_a_part_where_nobody_wrote_stays_when_it_is_final(cast, sign_in, open_one):
    alice, grace = sign_in(cast.alice), the_child(open_one, "Grace")
    said = {"kind": "corrects", "words": "She is Ada’s aunt.", **TODAY}
    assert alice.post(page("remark_about", open_one, "adult", grace.pk), said).status_code == 302
    fill_all(alice, open_one)
    alice.post(page("assessment_finalise", open_one), why_not(alice, open_one))
    assert "She is Ada’s aunt." in body(alice.get(page("assessment_read", open_one)))
    assert "She is Ada’s aunt." in printed(alice, open_one)
    assert alice.get(page("remark_about", open_one, "child", grace.pk)).status_code == 404


def test_who_does_not_agree_still_does_not_in_the_next_version(cast, sign_in, final):
    alice, grace = sign_in(cast.alice), the_child(final, "Grace")
    said = {"kind": "disagrees", "who": grace.pk, "words": "I was never asked.", **TODAY}
    assert alice.post(page("remark", final, "why_now"), said).status_code == 302
    alice.post(page("open_next", final))
    assert "I was never asked." in body(alice.get(page("assessment_read", final)))


def test_what_is_left_out_or_for_few_is_not_on_the_first_page(cast, sign_in, second):
    alice = sign_in(cast.alice)
    assert "Calmer mornings first." in on_first(cast, second)["needs_to_happen"]
    assert alice.post(page("leave_out", second, carried(second, "analysis").pk)).status_code == 302
    fill(alice, second, "analysis", needs__worried="For few.", who_reads="few")
    assert on_first(cast, second) == {}


def on_first(cast, family) -> dict[str, str]:
    with acting_as(cast.alice):
        return on_the_first_page(Assessment.objects.select_related("form").filter(family=family).first())


def test_what_a_manager_said_of_the_last_version_stands_with_the_next(cast, sign_in, final):
    manager, alice = sign_in(cast.manager), sign_in(cast.alice)
    assert manager.post(page("oversee", final), {"kind": "returned", "words": "Ask her father too."}).status_code == 302
    alice.post(page("open_next", final))
    assert "Ask her father too." in text_of(alice.get(page("assessment", final)))
    before = page("assessment_version", final, latest(final).previous_id)
    assert "Ask her father too." in text_of(alice.get(before))
    assert "Ask her father too." not in text_of(sign_in(cast.charlie).get(before))


def test_nobody_signs_off_their_own(cast, sign_in, final):
    with acting_as_system("test"):
        Membership.objects.create(user=cast.alice, agency=cast.school, role=Role.MANAGER)
    refused = sign_in(cast.alice).post(page("oversee", final), {"kind": "signed", "words": ""})
    assert refused.status_code in (200, 403)
    assert "Signed off" not in text_of(sign_in(cast.alice).get(page("assessment", final)))


def test_who_was_let_in_by_name_finds_no_earlier_versions(cast, sign_in, final):
    police = make_user("Pc", cast.council)
    assert (
        sign_in(cast.alice).post(url_of(final), answers(cast, final) | access_for(police, cast.council)).status_code
        == 302
    )
    (one,) = contributions_to(final, "child")
    assert sign_in(police).get(page("contribution_versions", final, one.pk)).status_code == 404


def test_an_agencys_copy_leaves_out_what_it_may_not_know_and_says_so_without_a_name(cast, sign_in, open_one):
    alice, ada = sign_in(cast.alice), the_child(open_one)
    fill(alice, open_one, "child", ada, needs__worried="Late for school.", voice="I like my class.")
    fill(alice, open_one, "why_now", reason="Ada is late.", hopes="Calm mornings.")
    fill(alice, open_one, "analysis", outcomes__outcome="On time.", outcomes__whom=ada.pk, priorities="Sleep.")
    does_not_share(cast, open_one, ada, cast.health)
    url = page("assessment_print", open_one)
    paper = pdf_text(alice.post(url, {"for_whom": "agency", "agency": cast.health.pk}))
    assert "Parts are left out of this copy." in paper
    assert "Calm mornings." in paper
    assert "Sleep." in paper
    for words in ("Ada", "I like my class.", "On time."):
        assert words not in paper
    assert "does not share" in text_of(alice.post(url, {"for_whom": "agency", "agency": cast.other_school.pk}))
    whole = pdf_text(alice.post(url, {"for_whom": "agency", "agency": cast.school.pk}))
    assert "Parts are left out" not in whole
    assert "I like my class." in whole
