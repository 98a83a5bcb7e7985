"""The family's word by itself: no database, and as many families and choices as anyone could think of."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from consent.models import Agreement, Competence, SharingChoice, Tier, Wording
from consent.services.ledger import record_agreement
from consent.word import Choice, Decision, FamilysWord, Held, Made
from earlyhelp.access.identity import acting_as
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock
from earlyhelp.procedures.services import not_loaded_yet
from families.models import Episode, Person, Runner
from tests.cast import child, mother, new_family

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
SCHOOL, HEALTH, POLICE = (Agency(pk=pk, name=name) for pk, name in enumerate(["School", "Health", "Police"], start=1))
PEOPLE = {
    1: Person(pk=1, kind="adult", first_name="Grace"),
    2: Person(pk=2, kind="adult", first_name="Tunde"),
    3: Person(pk=3, kind="child", first_name="Ada", date_of_birth=date(2017, 6, 9)),
    4: Person(pk=4, kind="child", first_name="Nia", date_of_birth=date(2011, 1, 1)),
}
EPISODE = Episode(pk=9)
EPISODE.runner = Runner(pk=9, user=User(pk=5), agency=SCHOOL, leads=True)
people, agencies = st.sampled_from(list(PEOPLE.values())), st.sampled_from([SCHOOL, HEALTH, POLICE])
ends = st.sampled_from([None, NOW - timedelta(days=1), NOW + timedelta(days=5), NOW + timedelta(days=50)])
tiers = st.sampled_from([Tier.NONE, Tier.BASIC, Tier.ADDITIONAL])
days = st.sampled_from([TODAY - timedelta(days=n) for n in (0, 1, 9)])


@st.composite
def helds(draw):
    tier = draw(tiers)
    return Held(tier, tier == Tier.NONE and draw(st.booleans()), draw(ends) if tier else None, None)


@st.composite
def words(draw):
    """What some family has said: choices, decisions, judgements, parents."""
    pairs = st.tuples(st.sampled_from(list(PEOPLE)), st.sampled_from([1, 2, 3]))
    made = draw(st.dictionaries(pairs, st.builds(Made, helds(), st.sampled_from(list(PEOPLE)), days), max_size=8))
    said = draw(
        st.dictionaries(
            st.sampled_from([1, 2, 4]),
            st.builds(Agreement, decision=st.sampled_from(Agreement.Decision.values), decided_on=days, until=ends),
        )
    )
    for pk, word in said.items():
        word.person_id, word.episode_id = pk, draw(st.sampled_from([9, 8]))
    judged = draw(st.dictionaries(st.sampled_from([3, 4]), st.builds(Competence, competent=st.booleans())))
    parents = draw(st.dictionaries(st.sampled_from([3, 4]), st.frozensets(st.sampled_from([1, 2]), min_size=1)))
    never = {pair: one.by for pair, one in made.items() if one.held.never}
    procedure = not_loaded_yet()
    return FamilysWord(PEOPLE, made, never, said, dict(said), judged, parents, EPISODE, procedure=procedure, now=NOW)


choices = st.lists(st.builds(Choice, people, agencies, tiers, people), max_size=4)
decisions = st.builds(
    Decision,
    person=people,
    decision=st.sampled_from(Agreement.Decision.values),
    how=st.just("verbal"),
    decided_on=days,
    witness=st.just("Alice"),
    until=st.sampled_from([None, NOW + timedelta(days=5)]),
)


@given(word=words(), decision=decisions, chosen=choices)
def test_nobody_gives_what_is_not_theirs_to_give(word, decision, chosen):
    """What nothing stands in the way of lets an agency know more of someone only by themself, or by who has
    responsibility for a child that doesn't decide yet."""
    if list(word.problems(decision, chosen)):
        return
    assert word.decides_alone(decision.person)
    after = word.with_decision(decision)
    rows = after.rows(chosen, decision.until, None, decision.decided_on)
    for row in rows:
        person = PEOPLE[row.pair[0]]
        more = row.made.held.tier > after.held(row.pair).tier
        if more and row.made.by != person.pk:
            assert not after.decides_alone(person)
            assert row.made.by in after.parents.get(person.pk, {1, 2})
        if more and row.made.by == person.pk:
            assert after.decides_alone(person)


@given(word=words(), decision=decisions, chosen=choices)
def test_who_says_no_is_shared_with_nobody_but_who_runs_the_support(word, decision, chosen):
    after = word.after(decision, chosen)
    if not after.agree:
        return  # the rule itself leaves the team no more than basic information
    for (person, agency), held in after.choices.items():
        if agency != SCHOOL.pk and person in {**after.said_no, **after.left_with_nobody()}:
            assert held.tier == Tier.NONE


@given(word=words(), decision=decisions, chosen=choices)
def test_what_someone_shares_of_themselves_ends_with_their_own_agreement(word, decision, chosen):
    if list(word.problems(decision, chosen)) or decision.decision != "given" or decision.until is None:
        return
    after = word.after(decision, chosen)
    for (person, _), made in after.made.items():
        if person == decision.person.pk and made.held.tier:
            assert made.held.until <= decision.until


@given(word=words(), decision=decisions, chosen=choices)
def test_the_ledger_gets_only_what_differs_and_reading_it_again_says_the_same(word, decision, chosen):
    after = word.after(decision, chosen)
    rows = after.new_rows(word)
    assert len({row.pair for row in rows}) == len(rows)
    assert word.with_rows(rows).made == after.made
    assert after.new_rows(after) == []


@given(word=words(), chosen=choices)
def test_the_same_is_said_once(word, chosen):
    problems = list(word.choice_problems([*chosen, *chosen], None))
    assert len(problems) == len(set(problems))


def test_what_someone_said_needs_who_heard_it():
    word = FamilysWord(PEOPLE, episode=EPISODE, procedure=not_loaded_yet(), now=NOW)
    heard = Decision(PEOPLE[1], "refused", "verbal", TODAY, witness="Alice")
    assert list(word.problems(heard, [])) == []
    unheard = Decision(PEOPLE[1], "refused", "verbal", TODAY)
    assert [(p.text, p.field) for p in word.problems(unheard, [])] == [("Enter who heard it", "witness")]


@pytest.mark.parametrize(("day", "refused"), [(TODAY, False), (TODAY - timedelta(days=9), True)])
def test_a_paper_filed_late_takes_back_no_later_no(day, refused):
    no = Agreement(person_id=1, decision="refused", decided_on=TODAY - timedelta(days=1), episode_id=9)
    late = Agreement(person_id=1, decision="refused", decided_on=TODAY - timedelta(days=20), episode_id=9)
    word = FamilysWord(PEOPLE, said={1: late}, last_day={1: no}, episode=EPISODE, procedure=not_loaded_yet(), now=NOW)
    decision = Decision(PEOPLE[1], "given", "verbal", day, witness="Alice")
    assert any("decided otherwise" in p.text for p in word.problems(decision, [])) == refused


def test_an_agreement_of_two_people_and_three_agencies_asks_little(cast):
    """Statements besides savepoints and settings."""
    family = new_family(cast)
    with acting_as(cast.alice):
        grace, ada = mother(family), child(family)
        decision = Decision(grace, "given", "verbal", clock.today(), witness="Alice", wording=Wording.current())
        chosen = [
            Choice(person, agency, Tier.ADDITIONAL, grace)
            for person in (grace, ada)
            for agency in (cast.school, cast.health, cast.other_school)
        ]
        with CaptureQueriesContext(connection) as captured:
            record_agreement(family=family, decision=decision, choices=chosen, actor=cast.alice)
        assert SharingChoice.objects.filter(family=family).count() == 6
    asked = [q["sql"] for q in captured if "SAVEPOINT" not in q["sql"] and "set_config" not in q["sql"]]
    assert len(asked) <= 14, "\n".join(asked)
