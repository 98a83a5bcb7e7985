"""History shows a change to whoever may read its row, by the stricter of how it was then and how it is now."""

from dataclasses import dataclass, field

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from consent.models import Tier
from consent.services.ledger import record_choices
from consent.word import Choice
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Change
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from families.models import Family, FiledInError, Note, TeamMember
from tests.cast import Cast, child, episode_of, led_family, mother
from tests.hunting import worlds

PEOPLE = ("alice", "bob", "charlie", "dana", "manager", "locality", "service", "admin")
names = st.sampled_from(PEOPLE)
step = st.one_of(
    st.tuples(st.just("is about"), st.lists(st.sampled_from(["mother", "child"]), max_size=2, unique=True)),
    st.tuples(st.just("is for"), st.none() | st.lists(names, max_size=3, unique=True)),
    st.tuples(st.just("is for the agency"), st.sampled_from([None, "school", "health"])),
    st.tuples(st.just("is moved"), st.booleans()),
    st.tuples(st.just("is withheld"), st.sampled_from(["mother", "child"]), st.sampled_from(["school", "health"])),
    st.tuples(st.just("is shared"), st.sampled_from(["mother", "child"]), st.sampled_from(["school", "health"])),
    st.tuples(st.just("leaves"), st.just("charlie")),
    st.tuples(st.just("is reworded")),
    st.tuples(st.just("is filed in error")),
    st.tuples(st.just("is removed")),
)


@dataclass
class World:
    """One note of a family, and what becomes of it."""

    cast: Cast
    family: Family
    other: Family
    note: Note = field(init=False)

    def __post_init__(self):
        self.note = self.write(family=self.family, about=[child(self.family).pk])

    def write(self, **fields: object) -> Note:
        family = fields["family"]
        details = {"kind": "call", "at": clock.now(), "with_whom": "Grace", "text": "First words."}
        return Note.objects.create(
            **details | {"episode": episode_of(family), "author": self.cast.alice, "created_by": self.cast.alice},
            **fields,
        )

    def change(self, **fields: object) -> None:
        Note.objects.filter(pk=self.note.pk).update(**fields)

    def do(self, name: str, *args: object) -> None:
        getattr(self, name.replace(" ", "_"))(*args)

    def person(self, name):
        return mother(self.family) if name == "mother" else child(self.family)

    def is_about(self, people):
        self.change(about=[self.person(name).pk for name in people])

    def is_for(self, readers):
        self.change(readers=None if readers is None else [getattr(self.cast, name).pk for name in readers])

    def is_for_the_agency(self, agency):
        self.change(reader_agency=agency and getattr(self.cast, agency))

    def is_moved(self, away):
        if not FiledInError.objects.exists():  # what is filed in error is moved nowhere
            self.change(family=self.other if away else self.family)

    def choose(self, person, agency, tier):
        choice = Choice(self.person(person), getattr(self.cast, agency), tier, mother(self.family))
        record_choices(family=self.family, choices=[choice], actor=self.cast.alice)

    def is_withheld(self, person, agency):
        self.choose(person, agency, Tier.NONE)

    def is_shared(self, person, agency):
        self.choose(person, agency, Tier.ADDITIONAL)

    def leaves(self, who):
        TeamMember.objects.filter(family=self.family, user=getattr(self.cast, who)).update(status="ended")

    def is_reworded(self):
        self.change(text=f"Words {Change.objects.count()}.")

    def is_filed_in_error(self):
        if note := Note.objects.filter(pk=self.note.pk).first():
            FiledInError.objects.get_or_create(
                table_name="families_note",
                row_id=note.pk,
                defaults={"family": note.family, "what": "note", "filed_at": clock.now(), "reason": "x"},
            )

    def is_removed(self):
        Note.objects.filter(pk=self.note.pk).delete()


def states(change: Change) -> list[dict]:
    """The row before and after a change."""
    after = change.after
    before = change.before if after is None else after | change.before if change.before else None
    return [state for state in (before, after) if state]


def may_read(world: World, user: User, change: Change) -> bool:
    """Whether `user` would read a note with everyone named before or after, for those who could read it both times, in
    either family and for either agency: asked of the notes' own row security, with notes that are then undone."""
    was = states(change)
    readers = [set(state["readers"]) for state in was if state["readers"] is not None]
    fields = {
        "about": sorted({person for state in was for person in state["about"]}),
        "readers": sorted(set.intersection(*readers)) if readers else None,
    }
    families = {state["family_id"] for state in was}
    agencies = {state["reader_agency_id"] for state in was} - {None} or {None}
    save = transaction.savepoint()
    try:
        with acting_as_system("oracle"):
            notes = [
                world.write(family=Family.objects.get(pk=family), reader_agency_id=agency, **fields)
                for family in families
                for agency in agencies
            ]
        with acting_as(user):
            return Note.objects.filter(pk__in=[note.pk for note in notes]).count() == len(notes)
    finally:
        transaction.savepoint_rollback(save)


@given(steps=st.lists(step, min_size=1, max_size=7))
@worlds(15)
def test_a_change_shows_to_whoever_may_read_the_row_then_and_now(cast, steps):
    save = transaction.savepoint()
    try:
        with acting_as_system("test"):
            world = World(cast, led_family(cast), led_family(cast, name="Adeyemi"))
            for one in steps:
                world.do(*one)
            changes = list(Change.objects.of(world.note))
            hidden = FiledInError.objects.exists()
        assert changes[0].kind == "insert"
        for name in PEOPLE:
            user = getattr(cast, name)
            now = may_read(world, user, changes[-1])
            expected = [c.pk for c in changes if now and not hidden and may_read(world, user, c)]
            with acting_as(user):
                assert list(Change.objects.of(world.note).values_list("pk", flat=True)) == expected, name
                if Note.objects.filter(pk=world.note.pk).exists() and len(states(changes[-1])) == 1:
                    assert expected
    finally:
        transaction.savepoint_rollback(save)


def test_a_change_says_what_was_and_what_became_who_when_and_why(cast, family):
    with acting_as(cast.alice):
        person = child(family)
        person.known_as = "Addie"
        person.save()
        person.save()
        first, last = Change.objects.of(person)
    assert (first.kind, first.before, first.after["first_name"]) == ("insert", None, "Ada")
    assert (last.kind, last.before, last.after["known_as"]) == ("update", {"known_as": ""}, "Addie")
    assert (last.user_id, last.system, last.family_id, last.people) == (cast.alice.pk, "", family.pk, [person.pk])
    assert last.at == clock.now()
    with acting_as_system("put right"):
        type(person).objects.filter(pk=person.pk).delete()
        gone = Change.objects.of(person).last()
    assert (gone.kind, gone.before["known_as"], gone.after, gone.system) == ("delete", "Addie", None, "put right")


def test_bulk_changes_are_kept_row_by_row(cast, family):
    with acting_as(cast.alice):
        family.people().update(gender="not said")
        kept = Change.objects.filter(table_name="families_person", after__gender="not said")
        assert kept.count() == 2


def test_what_changed_on_a_family_is_one_question(cast, django_assert_num_queries, family):
    with acting_as(cast.alice), django_assert_num_queries(1):
        tables = {change.table_name for change in Change.objects.filter(family_id=family.pk)}
    assert {"families_family", "families_person", "consent_agreement", "families_lead"} <= tables


@pytest.mark.django_db(transaction=True)
def test_history_is_erased_by_its_command_alone_which_leaves_who_when_and_why(cast, capsys):
    family, other = led_family(cast), led_family(cast, name="Adeyemi")
    with acting_as_system("test"):
        before = Change.objects.filter(family_id=other.pk).count()
    call_command("erase_history", family.reference, by=cast.service.email, why="Asked for and agreed")
    with acting_as_system("test"):
        left = Change.objects.get(family_id=family.pk)
        assert (left.kind, left.user_id, left.system) == ("erase", cast.service.pk, "Asked for and agreed")
        assert (left.before, left.after) == (None, None)
        assert Change.objects.filter(family_id=other.pk).count() == before
        assert Family.objects.filter(pk=family.pk).exists()
    assert f"changes of {family.reference} are erased" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("reference", "by", "why", "message"),
    [
        ("000-0000", "service.manager@cast.example", "Agreed", "no family with this reference"),
        (None, "nobody@cast.example", "Agreed", "Nobody has an account"),
        (None, "service.manager@cast.example", " ", "Enter the reason"),
    ],
)
def test_what_is_missing_erases_nothing(cast, reference, by, why, message, family):
    with pytest.raises(CommandError, match=message):
        call_command("erase_history", reference or family.reference, by=by, why=why)
    with acting_as_system("test"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_history WHERE kind = 'erase'")
        assert cursor.fetchone() == (0,)
        assert Change.objects.filter(family_id=family.pk).count() > 10
