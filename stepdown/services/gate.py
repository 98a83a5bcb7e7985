"""May the case close to social care? One answer, which the page, the pack, the lists and the tests all ask for (DEV-20)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.text import capfirst

from assessments.models import Assessment, Contribution
from consent.models import Agreement
from consent.services.ledger import agreed
from earlyhelp.access.case import Case
from earlyhelp.access.holding import hold
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.access.reasons import LEADS
from earlyhelp.core import clock
from earlyhelp.core.clock import in_london
from earlyhelp.core.errors import Gap
from earlyhelp.drafts.pages import AFTER_CHANGE
from earlyhelp.procedures.schema import Procedure, StepRule
from earlyhelp.procedures.services import procedure_in_force, words_then
from families.case import episode
from families.models import Document, Episode, Family, FiledInError, Lead, LeadWish, Person, Runner, ServiceRequest
from families.services.running import runner_of
from plans.models import Meeting, Outcome
from stepdown import notices
from stepdown.models import GateChange, Placing, Step, StepDown
from stepdown.rules import BETWEEN_SYSTEMS, CONDITIONS, EITHER, OVERSEER, SOCIAL, Facts, missing
from stepdown.services.level import overseer_now

OF_WHO_RUNS = ("agreement", "wishes", "lead")  # what only whoever runs the support records
PANEL = {"panel_social": "social_care", "panel_help": "early_help"}


def procedure_of(step_down: StepDown) -> Procedure:
    """The local procedure under which it was opened: its conditions stay as they were then."""
    return words_then(step_down.procedure_id)


def steps_of(step_down: StepDown) -> Sequence[StepRule]:
    """The steps of its procedure that apply: in one record nothing crosses from one system to another, and the overseer
    agrees at last (R1, R2)."""
    steps = procedure_of(step_down).step_down.steps
    if not step_down.within:
        return steps
    kept = [step for step in steps if step.code not in BETWEEN_SYSTEMS]
    return [*kept, StepRule.model_construct(code="overseer", gate=True)]


def in_words(text: str) -> str:
    """A sentence with the council's own words."""
    words = procedure_in_force()
    said = text.format(agreement=words.words.agreement, lead=words.words.lead, service=words.authority.service)
    return capfirst(said)


def in_force(step_down: StepDown) -> QuerySet[Step]:
    """What was recorded and not taken back."""
    return Step.objects.filter(step_down=step_down, undone_at=None)


def family_of(step_down: StepDown) -> Family:
    """The family that was found or opened for it."""
    return Family.objects.select_related("locality").get(pk=step_down.family_id or 0)


def began_with(step_downs: Iterable[StepDown]) -> set[int]:
    """Those whose early help began with them; of the others, a record was open before."""
    asked = [one.episode_id for one in step_downs if one.episode_id]
    with acting_as_system("what a step-down still needs"):
        new = set(Episode.objects.filter(pk__in=asked, from_social_care=True).values_list("pk", flat=True))
    return {one.pk for one in step_downs if one.episode_id in new and not one.within}


def facts_of(step_down: StepDown) -> Facts:
    """What is so now, whoever asks: it says of each step whether it is there, and nothing of what stands in it."""
    with acting_as_system("what a step-down still needs"):
        if step_down.family_id is None or step_down.episode_id is None:
            return Facts(checked=step_down.confirmed_at is not None)
        episode, steps = Episode.objects.get(pk=step_down.episode_id), list(in_force(step_down))
        leads = list(Lead.objects.filter(episode=episode))
        leading = next((one for one in leads if one.status == Lead.Status.ACCEPTED and episode.ended_at is None), None)
        opened_on = in_london(step_down.opened_at).date()
        held = list(Meeting.objects.filter(episode=episode, status=Meeting.Status.HELD))
        kinds = {meeting.kind for meeting in held}
        duly, filed = _agreement(step_down)
        said = agreed(episode)
        return Facts(
            found=True,
            checked=True,
            agreed=bool(said),
            said_no=said is False,
            agreed_duly=duly,
            filed=filed,
            wishes_missing=_wishes_missing(step_down),
            lead_asked=any(lead.without_wish and lead.status in ("asked", "accepted") for lead in leads),
            lead=leading is not None and _can_lead(leading),
            lead_accepted=leading is not None,
            route=step_down.route,
            taf_held=any(one.kind == Meeting.Kind.TAF and one.on >= opened_on for one in held),
            cin_clear=any(one.kind == Meeting.Kind.CHILD_IN_NEED and one.plan_is_clear for one in held),
            cin_held=Meeting.Kind.CHILD_IN_NEED in kinds,
            outcomes=bool(held) or Outcome.objects.filter(plan__episode=episode).exists(),
            told_at_meeting=any(meeting.told for meeting in held),
            assessment=Assessment.objects.filter(episode=episode).exists(),
            analysis=Placing.objects.filter(step_down=step_down)
            .exclude(contribution__state=Contribution.State.DROPPED)
            .exists(),
            service_asked=ServiceRequest.objects.filter(episode=episode).exists(),
            done=_codes(_that_stand(step_down, episode, steps), Step.How.DONE),
            without=_codes(steps, Step.How.WITHOUT),
            excepted=_codes(steps, Step.How.EXCEPTION),
            panel=frozenset(PANEL[step.code] for step in steps if step.code in PANEL),
            visited_together=visit_that_counts(step_down, steps, leading) is not None,
        )


def _can_lead(lead: Lead) -> bool:
    """Whether who accepted may lead now: works there, and the family agrees and shares enough with their agency."""
    grants = Grant.objects.in_force().filter(user_id=lead.user_id, family_id=lead.family_id, agency_id=lead.agency_id)
    return grants.filter(reason=LEADS, level__gte=Level.LEAD).exists()


def visit_that_counts(step_down: StepDown, steps: Iterable[Step], lead: Lead | None) -> Step | None:
    """The first visit of both, the social worker and who leads now: not before the panel, where there is one, nor before they
    accepted (ROT-12)."""
    steps = list(steps)
    panel = [step.on for step in steps if step.code in PANEL]
    if lead is None or lead.answered_at is None:
        return None
    since = max([in_london(lead.answered_at).date(), *panel])
    visits = [step for step in steps if step.code == "visit" and step.together and step.on >= since]
    return min(visits, key=lambda step: (step.on, step.pk), default=None)


def _that_stand(step_down: StepDown, episode: Episode, steps: Sequence[Step]) -> list[Step]:
    """All but the agreement of somebody who oversees no more (R2)."""
    agreed = [step for step in steps if step.code == "overseer"]
    now = overseer_now(episode) if agreed else None
    return [step for step in steps if step.code != "overseer" or (now is not None and step.by_id == now.pk)]


def _codes(steps: Iterable[Step], how: str) -> frozenset[str]:
    return frozenset(step.code for step in steps if step.how == how)


def _agreement(step_down: StepDown) -> tuple[bool, bool]:
    """Whether someone's agreement that holds now was given in a way that counts for a step-down; and whether it is filed."""
    latest: dict[int, Agreement] = {}
    for row in Agreement.objects.filter(episode=step_down.episode_id, mistake=None).order_by("pk"):
        latest[row.person_id] = row
    ways, now = procedure_of(step_down).agreement.ways.step_down, clock.now()
    given = [
        row
        for row in latest.values()
        if row.decision == Agreement.Decision.GIVEN and row.how in ways and (row.until is None or row.until > now)
    ]
    if not given:
        return False, False
    wrong = FiledInError.objects.filter(table_name=Document._meta.db_table, family=step_down.family_id)
    scans = Document.objects.filter(episode=step_down.episode_id, kind=Document.Kind.AGREEMENT)
    scans = scans.exclude(pk__in=wrong.values("row_id"))
    return True, any(_is_filed(row, scans) for row in given)


def _is_filed(row: Agreement, scans: QuerySet[Document]) -> bool:
    """Signed on screen; or on paper, with the scan of a form that was signed no earlier."""
    if row.how != Agreement.How.SIGNED:
        return True
    of_them = scans.filter(Q(about=[], moved_by=None) | Q(about__contains=[row.person_id]))
    return scans.filter(pk=row.scan_id or 0).exists() or of_them.filter(signed_on__gte=row.decided_on).exists()


def _wishes_missing(step_down: StepDown) -> bool:
    people = family_of(step_down).people().exclude(kind=Person.Kind.UNBORN)
    asked = people.exclude(kind=Person.Kind.ADULT, home=Person.Home.ELSEWHERE)
    return asked.exclude(pk__in=LeadWish.objects.filter(episode=step_down.episode_id).values("person")).exists()


@dataclass(frozen=True)
class Missing(Gap):
    """What is missing of one of the steps."""

    code: str = ""


def gate(step_down: StepDown) -> list[Missing]:
    """What is missing before the case may close to social care; nothing when it may."""
    facts = facts_of(step_down)
    codes = list(missing(steps_of(step_down), facts))
    runner = runner_of(step_down.episode) if codes and step_down.episode else None
    return [_gap(step_down, code, facts, runner) for code in codes]


def _gap(step_down: StepDown, code: str, facts: Facts, runner: Runner | None) -> Missing:
    condition = CONDITIONS[code]
    return Missing(
        in_words(condition.lacks(facts)),
        f"{who_can(step_down, code, runner)} can put it right.",
        f"{step_down.get_absolute_url()}#step-{code}",
        condition.rule,
        code,
    )


def who_can(step_down: StepDown, code: str, runner: Runner | None) -> str:
    """Who can do a step, by name; `runner` is None for who may not know who runs the family's support."""
    who, worker = CONDITIONS[code].who, str(step_down.worker)
    if who == SOCIAL or (runner and runner.user_id == step_down.worker_id):
        return worker
    if who == OVERSEER:
        return f"{worker}, who oversees,"
    if who != EITHER:
        return who
    if code in OF_WHO_RUNS:
        does = "leads" if runner and runner.leads else "runs the support"
        return f"{runner.user}, who {does}," if runner else "Whoever runs the support"
    return f"{worker}, or {runner.user}," if runner else f"{worker}, or whoever runs the support,"


def look(step_down: StepDown) -> list[Missing]:
    """See how the gate stands, and write it down where that changed: since when it is open, or that it closed again and what
    is missing then."""
    if not step_down.is_open:
        return []
    gaps = gate(step_down)
    codes, opened = [gap.code for gap in gaps], not gaps
    if step_down.missing == codes and (step_down.open_since is not None) == opened:
        return gaps
    with acting_as_system("how a step-down's gate stands"):
        if step_down.family_id:
            hold(step_down.family_id)
        now = clock.now()
        before = StepDown.objects.filter(pk=step_down.pk).values_list("open_since", flat=True).first()
        changed = (before is not None) != opened
        rows = StepDown.objects.filter(pk=step_down.pk, completed_at=None, stopped_at=None)
        rows.update(missing=codes, open_since=(step_down.open_since or now) if opened else None)
        if changed and step_down.family_id:
            GateChange.objects.create(family_id=step_down.family_id, step_down=step_down, opened=opened, missing=codes)
            if not opened:
                notices.GateClosed.tell(
                    [step_down.worker],
                    about=step_down.request,
                    key=f"{step_down.pk}:{now:%Y%m%d%H%M}",
                    url=step_down.get_absolute_url(),
                )
            else:
                notices.GateClosed.settle(step_down.pk)
        step_down.refresh_from_db()
    return gaps


def look_at(case: Case) -> None:
    """See how the gate of a family's step-down stands, if one is under way."""
    current = episode(case)
    if current is None or not current.steps_down:
        return
    with acting_as_system("how a step-down's gate stands"):
        row = StepDown.objects.filter(episode=current, completed_at=None, stopped_at=None)
        for step_down in row.select_related("request", "worker", "episode"):
            look(step_down)


AFTER_CHANGE.append(look_at)


def look_at_all() -> int:
    """See how every gate stands; returns how many step-downs are under way."""
    with acting_as_system("how a step-down's gate stands"):
        rows = list(
            StepDown.objects.filter(completed_at=None, stopped_at=None, confirmed_at__isnull=False).select_related(
                "request", "worker", "episode"
            )
        )
        for row in rows:
            look(row)
    return len(rows)


def panel_day(step_down: StepDown) -> date | None:
    """The day of the panel, once one side has said it."""
    return in_force(step_down).filter(code__in=PANEL).values_list("on", flat=True).first()
