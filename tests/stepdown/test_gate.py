"""The gate: whatever is done and undone in whatever order, under each procedure, it is open exactly when the rules say."""

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from assessments.services import starting
from consent.models import Tier
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.procedures import services as procedures
from earlyhelp.procedures.document import NAMES, Unreadable, read, text_of
from earlyhelp.procedures.schema import NEVER_WITHOUT, StepCode
from families.models import Document, Lead, TeamMember
from plans.services import meetings
from plans.services.meetings import MeetingSaid
from stepdown.models import Step
from stepdown.rules import BETWEEN_SYSTEMS, CONDITIONS, LACKS, NO_EXCEPTION, StepSaid
from stepdown.services import completing, gate, level, opening, steps
from tests.cast import led_family, set_procedure
from tests.hunting import worlds
from tests.stepdown.helpers import (
    agrees,
    choices_of,
    leads,
    now,
    opened_for,
    social_care,
    social_worker,
    step,
    withdraws,
)

RECORDED = ("offer", "talked_over", "told", "case_note", "visit")
act = st.one_of(
    st.tuples(st.just("agree"), st.sampled_from(["verbal", "signed", "signed and filed"])),
    st.tuples(st.just("withdraw")),
    st.tuples(st.just("unfile")),
    st.tuples(st.just("lead")),
    st.tuples(st.just("lead no more")),
    st.tuples(st.just("record"), st.sampled_from(RECORDED), st.booleans()),
    st.tuples(st.just("take back"), st.sampled_from([*RECORDED, "panel_social", "panel_help", "meeting"])),
    st.tuples(st.just("panel"), st.sampled_from(["social_care", "early_help"])),
    st.tuples(st.just("meet"), st.sampled_from(["taf", "cin"]), st.booleans(), st.booleans()),
    st.tuples(st.just("route"), st.sampled_from(["a", "b"])),
    st.tuples(st.just("go without the meeting")),
    st.tuples(st.just("assess")),
    st.tuples(st.just("except"), st.sampled_from(sorted(CONDITIONS))),
)


def test_the_code_offers_exactly_what_a_procedure_may_ask_for():
    of_the_code = {"overseer"}  # in one record, whatever the procedure (R2)
    assert set(StepCode.__args__) | of_the_code == set(CONDITIONS) == set(LACKS)


@pytest.mark.parametrize("code", NEVER_WITHOUT)
@pytest.mark.parametrize("how", ["left out", "not for the gate"])
def test_a_procedure_that_leaves_one_of_the_three_out_is_refused(code, how):
    text = text_of("default")
    entry = f'code = "{code}"\ngate = true'
    assert entry in text
    changed = text.replace(entry, entry.replace("true", "false")) if how == "not for the gate" else _without(text, code)
    with pytest.raises(Unreadable):
        read(changed)


def _without(text: str, code: str) -> str:
    blocks = text.split("[[step_down.steps]]")
    return "[[step_down.steps]]".join(one for one in blocks if f'code = "{code}"\ngate' not in one)


def test_a_procedure_that_names_a_condition_which_the_code_does_not_offer_is_refused():
    text = text_of("default").replace('code = "case_note"\ngate', 'code = "horoscope"\ngate')
    with pytest.raises(Unreadable):
        read(text)


@dataclass
class Told:
    """What was done and not undone, as someone with a pencil would keep it."""

    agreed: str = ""
    lead: bool = False
    recorded: set[str] = field(default_factory=set)
    together: bool = False
    panel: set[str] = field(default_factory=set)
    taf: bool = False
    cin: bool = False
    clear: bool = False
    told: bool = False
    route: str = ""
    without: bool = False
    assessment: bool = False
    excepted: set[str] = field(default_factory=set)

    def holds(self, code: str) -> bool:
        met = self.taf or self.cin
        route_a = self.route == "a" and (self.taf or self.without)
        return {
            "checked": True,
            "agreement": self.agreed == "signed and filed",
            "lead": self.lead and bool(self.agreed),
            "wishes": True,  # asked with the first who leads; until then not looked at, for no gate asks it
            "meeting": route_a or (self.route == "b" and self.clear),
            "outcomes": met,
            "opened": met or self.assessment,
            "assessment": self.assessment,
            "panel": len(self.panel) == 2,
            "visit": self.together and self.lead,
            "told": self.told or "told" in self.recorded,
            "services": False,
        }.get(code, code in self.recorded)


class World:
    def __init__(self, cast):
        self.cast, self.sasha = cast, social_worker()
        self.row, self.told = opened_for(cast, self.sasha), Told()

    def holds(self, code):
        return self.told.holds(code)

    def do(self, name, *args):
        try:
            with transaction.atomic():
                getattr(self, name.replace(" ", "_"))(*args)
        except Refused:
            return

    def agree(self, how):
        filed = how == "signed and filed"
        agrees(self.row, self.cast.school, how=how.split()[0], filed=filed)
        with acting_as_system("test"):
            scans = Document.objects.filter(episode=now(self.row).episode).exists()
        self.told.agreed = "signed and filed" if how.startswith("signed") and scans else how

    def withdraw(self):
        if self.told.agreed:
            withdraws(self.row)
            self.told.agreed = ""

    def unfile(self):
        with acting_as_system("test"):
            Document.objects.filter(episode=now(self.row).episode).delete()
        if self.told.agreed == "signed and filed":
            self.told.agreed = "signed"

    def lead(self):
        leads(self.row, self.cast.alice, self.cast.school)
        self.told.lead = True

    def lead_no_more(self):
        with acting_as_system("test"):
            Lead.objects.filter(episode=now(self.row).episode).update(status="ended", ended_at=clock.now())
        self.told.lead = False

    def record(self, code, together):
        step(self.row, code, together=together)
        self.told.recorded.add(code)
        if code == "visit" and together:
            self.told.together = True

    def take_back(self, code):
        with acting_as_system("test"):
            rows = list(Step.objects.filter(step_down=self.row, code=code, undone_at=None))
        for row in rows:
            with acting_as(self.sasha):
                steps.take_back(step=row, reason="It was wrong.", actor=self.sasha)
        with acting_as_system("test"):
            left = {(one.code, one.how) for one in Step.objects.filter(step_down=self.row, undone_at=None)}
        self.told.recorded.discard(code)
        self.told.panel.discard({"panel_social": "social_care", "panel_help": "early_help"}.get(code, ""))
        self.told.together = self.told.together and code != "visit"
        self.told.without = self.told.without and code != "meeting"
        self.told.excepted = {one for one in self.told.excepted if (one, "exception") in left}

    def panel(self, side):
        who = self.sasha if side == "social_care" else self.cast.locality
        with acting_as(who):
            steps.agree_at_panel(
                step_down=now(self.row), side=side, said=StepSaid(clock.today(), "All", "Alice rings."), actor=who
            )
        self.told.panel.add(side)

    def meet(self, kind, clear, told):
        row = now(self.row)
        said = MeetingSaid(
            kind=kind, on=clock.today(), outcomes="x", others=("Wanda",), plan_is_clear=clear, told="x" if told else ""
        )
        with acting_as(self.sasha):
            meetings.record(family=row.family, episode=row.episode, said=said, actor=self.sasha)
        self.told.taf |= kind == "taf"
        self.told.cin |= kind == "cin"
        self.told.clear |= kind == "cin" and clear
        self.told.told |= told

    def route(self, which):
        with acting_as(self.sasha):
            steps.choose_route(step_down=now(self.row), route=which, actor=self.sasha)
        self.told.route = which

    def go_without_the_meeting(self):
        with acting_as(self.sasha):
            steps.leave_out(step_down=now(self.row), code="meeting", reason="They met before.", actor=self.sasha)
        self.told.without = True

    def assess(self):
        row = now(self.row)
        with acting_as(self.sasha):
            starting.start(family=row.family, episode=row.episode, actor=self.sasha)
        self.told.assessment = True

    def _except(self, code):
        with acting_as(self.cast.service):
            steps.allow_exception(step_down=now(self.row), code=code, reason="She is ill.", actor=self.cast.service)
        self.told.excepted.add(code)


setattr(World, "except", World._except)


class Within(World):
    """A family that is helped as a child in need in the same record, led by Alice and overseen by Sasha."""

    def __init__(self, cast):
        self.cast, self.sasha = cast, social_worker()
        family = led_family(cast)
        with acting_as_system("test"):
            TeamMember.objects.create(
                family=family, episode=family.episode(), user=self.sasha, agency=social_care(), invited_by=cast.alice,
                invited_at=clock.now(), status=TeamMember.Status.ACCEPTED,
            )  # fmt: skip
        choices_of(family, social_care(), Tier.ADDITIONAL, cast.alice)
        set_procedure({"help_levels.child_in_need": "Help for a child in need"})
        with acting_as(cast.alice):
            change = level.set_level(
                episode=family.episode(), level="child_in_need", on=clock.today(), reason="It is.", overseer=self.sasha,
                actor=cast.alice,
            )  # fmt: skip
            with acting_as(self.sasha):
                level.countersign(change=change, actor=self.sasha)
            self.row = opening.open_within(family=family, episode=family.episode(), why="It is well.", actor=cast.alice)
        self.told = Told(agreed="verbal", lead=True)

    def holds(self, code):
        """Who oversees reads the record as long as the family shares with them: without that, their agreement is none."""
        return self.told.holds(code) and (code != "overseer" or bool(self.told.agreed))


def acts_on(world, rules, acts):
    for one in acts:
        world.do(*one)
        told = world.told
        wanted = [
            code
            for code, gate_asks in rules
            if gate_asks and not world.holds(code) and (code in NO_EXCEPTION or code not in told.excepted)
        ]
        assert [gap.code for gap in gate.gate(now(world.row))] == wanted, (one, told)
    with acting_as(world.sasha):
        try:
            completing.complete(step_down=now(world.row), family_told="At home", actor=world.sasha)
        except Refused:
            assert wanted
        else:
            assert not wanted


OF_ONE_RECORD = [one for one in RECORDED if one not in ("case_note", "visit")]


@pytest.mark.parametrize("name", NAMES)
@given(
    acts=st.lists(
        st.one_of(
            st.tuples(st.just("agree"), st.sampled_from(["verbal", "signed", "signed and filed"])),
            st.tuples(st.just("withdraw")),
            st.tuples(st.just("unfile")),
            st.tuples(st.just("record"), st.sampled_from([*OF_ONE_RECORD, "overseer"]), st.booleans()),
            st.tuples(st.just("take back"), st.sampled_from([*OF_ONE_RECORD, "overseer", "meeting"])),
            st.tuples(st.just("panel"), st.sampled_from(["social_care", "early_help"])),
            st.tuples(st.just("meet"), st.sampled_from(["taf", "cin"]), st.booleans(), st.booleans()),
            st.tuples(st.just("route"), st.sampled_from(["a", "b"])),
            st.tuples(st.just("go without the meeting")),
            st.tuples(st.just("assess")),
            st.tuples(st.just("except"), st.sampled_from(sorted(CONDITIONS))),
        ),
        min_size=1,
        max_size=10,
    )
)
@worlds(6)
def test_in_one_record_the_level_goes_down_exactly_when_the_rules_say(cast, name, acts):
    save = transaction.savepoint()
    try:
        if procedures.text_in_force() != f"{text_of(name).strip()}\n":
            procedures.load(text=text_of(name), actor=None)
        asked = [(rule.code, rule.gate) for rule in read(text_of(name)).step_down.steps]
        rules = [one for one in asked if one[0] not in BETWEEN_SYSTEMS]
        acts_on(Within(cast), [*rules, ("overseer", True)], acts)
    finally:
        transaction.savepoint_rollback(save)
        procedures.forget()


@pytest.mark.parametrize("name", NAMES)
@given(acts=st.lists(act, min_size=1, max_size=10))
@worlds(12)
def test_it_is_open_exactly_when_the_rules_say(cast, name, acts):
    save = transaction.savepoint()
    try:
        if procedures.text_in_force() != f"{text_of(name).strip()}\n":
            procedures.load(text=text_of(name), actor=None)
        rules = [(rule.code, rule.gate) for rule in read(text_of(name)).step_down.steps]
        acts_on(World(cast), rules, acts)
    finally:
        transaction.savepoint_rollback(save)
        procedures.forget()
