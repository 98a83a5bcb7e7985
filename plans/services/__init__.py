"""The plan and its reviews: opened, agreed, carried out, reviewed, ended."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse

from consent.services.ledger import agreed as family_agreed
from earlyhelp.access.holding import hold
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock
from earlyhelp.core.errors import Gap, Refused, refuse
from earlyhelp.notifications.registry import Notice
from earlyhelp.procedures.services import procedure_in_force, version_in_force
from earlyhelp.timescales import services as timescales
from families.models import Episode, Family, Person, TeamMember
from families.services import episodes, team
from families.services.running import lead_of, runner_of
from plans import notices
from plans.clocks import REVIEW
from plans.models import Action, ActionResult, Attendance, Outcome, Plan, Review, ReviewMove
from plans.rules import (
    ENDS,
    ActionSaid,
    AgreeSaid,
    Attender,
    EndSaid,
    MoveSaid,
    OutcomeSaid,
    Result,
    ReviewNow,
    ReviewSaid,
    ReviewTime,
    action_problems,
    agree_problems,
    end_problems,
    move_problems,
    outcome_problems,
    review_problems,
    start_of,
)

# Who is around the family


def people_around(episode: Episode) -> dict[User, Agency]:
    """The lead, or until there is one who makes the first contact, and the team; each with the agency they act for."""
    around: dict[User, Agency] = {}
    if runner := runner_of(episode):
        around[runner.user] = runner.agency
    members = TeamMember.objects.filter(episode=episode, status=TeamMember.Status.ACCEPTED)
    for member in members.select_related("user", "agency"):
        around.setdefault(member.user, member.agency)
    return around


# The review's dates


def review_time() -> ReviewTime:
    """How soon and how late a review may be, by the local procedure now."""
    rule = REVIEW.rule
    earliest, closures = procedure_in_force().reviews.earliest_weeks, timescales.closures_for(rule)
    return ReviewTime(rule.amount, rule.unit, earliest, closures, clock.now())


def _start_clock(*, plan: Plan, number: int, at: datetime) -> None:
    family = Family.objects.select_related("locality").get(pk=plan.family_id)
    runner = runner_of(plan.episode)
    timescales.start(
        REVIEW,
        plan,
        number=number,
        about=family,
        at=at,
        family_id=family.pk,
        owner=runner.user if runner else None,
        owner_agency=runner.agency if runner else None,
    )


# Outcomes and actions


@transaction.atomic
def open_plan(*, family: Family, episode: Episode, actor: User) -> Plan:
    """Begin a draft plan, with or without an assessment (MED-04); an episode has one, returned when it is there already."""
    if episode.ended_at:
        raise Refused("Early help for this family has ended. A new request opens it again.")
    plan, _ = Plan.objects.get_or_create(episode=episode, defaults={"family": family, "created_by": actor})
    return plan


def _lock(plan: Plan) -> Plan:
    """The plan as it is now, kept from others until the end of the transaction."""
    hold(plan.family_id)
    locked = Plan.objects.select_for_update(of=("self",)).select_related("episode").filter(pk=plan.pk).first()
    if locked is None:
        raise Refused("You can read this plan but not change it any more. Ask the lead.")
    if locked.status == Plan.Status.ENDED or locked.episode.ended_at:
        raise Refused("This plan has ended. A new request opens early help again.")
    return locked


@transaction.atomic
def add_outcome(*, plan: Plan, said: OutcomeSaid, actor: User) -> Outcome:
    """Say what will be better, and how everyone will know (PS-8)."""
    plan = _lock(plan)
    refuse(outcome_problems(said, family_id=plan.family_id))
    last = Outcome.objects.filter(plan=plan).aggregate(last=Max("position"))["last"] or 0
    return Outcome.objects.create(
        family_id=plan.family_id, plan=plan, position=last + 1, created_by=actor, **vars(said)
    )


@transaction.atomic
def change_outcome(*, outcome: Outcome, said: OutcomeSaid, version: int, actor: User) -> None:
    """Change an outcome, unless someone else did since `version`."""
    _lock(outcome.plan)
    refuse(outcome_problems(said, family_id=outcome.family_id))
    outcome.save_version(version, vars(said))
    with acting_as_system("an outcome is about someone else: so are its actions"):
        Action.objects.filter(outcome=outcome).update(about=said.person)
        ActionResult.objects.filter(action__outcome=outcome).update(about=said.person)


@transaction.atomic
def remove_outcome(*, outcome: Outcome, actor: User) -> None:
    """Take an outcome and its actions out of a draft."""
    if _lock(outcome.plan).status != Plan.Status.DRAFT:
        raise Refused("The family agreed this plan: its outcomes stay. A review decides what changes.")
    with acting_as_system("remove an outcome of a draft plan, with its actions"):
        Outcome.objects.filter(pk=outcome.pk).delete()


@transaction.atomic
def add_action(*, outcome: Outcome, said: ActionSaid, actor: User) -> Action:
    """Say who will do what by when (WOR-07)."""
    plan = _lock(outcome.plan)
    around = people_around(plan.episode)
    refuse(action_problems(said, family_id=plan.family_id, around=around, today=clock.today()))
    return Action.objects.create(
        family_id=plan.family_id, outcome=outcome, about_id=outcome.person_id, created_by=actor, **vars(said)
    )


@transaction.atomic
def change_action(*, action: Action, said: ActionSaid, version: int, actor: User) -> None:
    """Change what, who or by when, unless someone else did since `version`."""
    plan = _lock(action.outcome.plan)
    before = ActionSaid(action.text, action.due_on, action.user, action.person)
    around = people_around(plan.episode)
    refuse(action_problems(said, family_id=plan.family_id, around=around, today=clock.today(), before=before))
    action.save_version(version, vars(said))


@transaction.atomic
def remove_action(*, action: Action, actor: User) -> None:
    """Take an action out of a draft; later it is marked as not needed any more, and stays."""
    if _lock(action.outcome.plan).status != Plan.Status.DRAFT:
        raise Refused("The family agreed this plan, so the action stays in it. Mark it as not needed any more instead.")
    Action.objects.filter(pk=action.pk).delete()


@transaction.atomic
def set_action_status(*, action: Action, status: str, actor: User) -> None:
    """Say how far an action is, between reviews (WOR-08)."""
    _lock(action.outcome.plan)
    if status not in Action.Status.values:
        raise Refused("Select how far the action is.")
    if not Action.objects.filter(pk=action.pk).update(status=status):
        raise Refused("This can’t be saved: the person it is about doesn’t share that much with your agency.")


# Agreeing


def missing(plan: Plan) -> list[Gap]:
    """What stands in the way of agreeing the plan."""
    procedure, family = procedure_in_force(), Family.objects.get(pk=plan.family_id)
    found: list[Gap] = []
    if not family_agreed(plan.episode):
        text = f"The family’s {procedure.words.agreement} to early help is not recorded."
        url = reverse("record_agreement", args=[family.reference])
        found.append(Gap(text, "Whoever leads can record it, under “Sharing”.", url, "DEV-05"))
    outcomes = list(Outcome.objects.filter(plan=plan).values_list("pk", flat=True))
    if not outcomes:
        url = reverse("add_outcome", args=[family.reference])
        found.append(Gap("The plan has no outcome yet.", "Anyone on the team can add one.", url, "WOR-07"))
    needed = Action.objects.filter(outcome__plan=plan).exclude(status=Action.Status.NOT_NEEDED)
    with_action = set(needed.values_list("outcome", flat=True))
    for number, pk in enumerate(outcomes, start=1):
        if pk not in with_action:
            url = reverse("add_action", args=[family.reference, pk])
            found.append(Gap(f"Outcome {number} has no action.", "Anyone on the team can add one.", url, "WOR-07"))
    if len(set(people_around(plan.episode).values())) > 1 and lead_of(plan.episode) is None:
        text = f"Several agencies are on the team, and no {procedure.words.lead} has accepted."
        who = "Ask someone to lead, under “Team”; they must accept."
        found.append(Gap(text, who, reverse("team", args=[family.reference]), "WOR-07"))
    return found


@transaction.atomic
def agree(*, plan: Plan, said: AgreeSaid, actor: User) -> None:
    """Record that the plan was agreed with the family, and start the review's clock (WOR-07, MED-05)."""
    locked = _lock(plan)
    if locked.status != Plan.Status.DRAFT:
        raise Refused("This plan is agreed already. A review decides what changes.")
    if gaps := missing(locked):
        raise Refused(*map(str, gaps))
    time = review_time()
    refuse(agree_problems(said, time=time, started_at=locked.episode.started_at))
    assert said.agreed_on
    assert said.next_review_on
    anchor_at = start_of(said.agreed_on)
    locked.status, locked.agreed_on, locked.next_review_on = Plan.Status.AGREED, said.agreed_on, said.next_review_on
    locked.early_reason = said.early_reason if time.is_early(anchor_at, said.next_review_on) else ""
    locked.arrangements, locked.agreed_recorded_at = said.arrangements, clock.now()
    locked.save(
        update_fields=["status", "agreed_on", "agreed_recorded_at", "next_review_on", "early_reason", "arrangements"]
    )
    episodes.advance(episode=locked.episode, step="plan")
    _start_clock(plan=locked, number=1, at=anchor_at)
    _tell(notices.PlanAgreed, plan=locked, actor=actor, key=f"{locked.pk}")


# Reviewing


def last_day(plan: Plan, number: int) -> date:
    """The last day on which a review may be arranged without a manager: that of its clock, or today once it has gone."""
    due_at = timescales.of(REVIEW, plan, number=number).values_list("due_at", flat=True).first()
    return max(clock.in_london(due_at).date(), clock.today()) if due_at else clock.today()


@transaction.atomic
def move_review(*, plan: Plan, said: MoveSaid, actor: User) -> ReviewMove:
    """Put the next review on another day, sooner or later, with the reason (WOR-13). Both days are kept. The clock runs
    on as it was: only a manager gives more time."""
    locked = _lock(plan)
    if locked.status != Plan.Status.AGREED or locked.next_review_on is None:
        raise Refused("No review is arranged yet. Agree the plan with the family first.")
    reviews = Review.objects.filter(plan=locked).order_by("-held_at")
    number = reviews.count() + 1
    last = last_day(locked, number)
    refuse(move_problems(said, arranged=locked.next_review_on, last=last, today=clock.today()))
    assert said.moved_to
    held = reviews.first()
    anchor = held.held_at if held else start_of(locked.agreed_on or clock.today())
    move = ReviewMove.objects.create(
        family_id=locked.family_id,
        plan=locked,
        number=number,
        moved_from=locked.next_review_on,
        moved_to=said.moved_to,
        reason=said.reason,
        moved_by=actor,
        created_by=actor,
    )
    locked.next_review_on, locked.arrangements = said.moved_to, said.arrangements
    if not review_time().is_early(anchor, said.moved_to):
        locked.early_reason = ""
    locked.save(update_fields=["next_review_on", "arrangements", "early_reason"])
    _tell(notices.ReviewMoved, plan=locked, actor=actor, key=f"{move.pk}")
    return move


def review_now(plan: Plan, *, recorder: User) -> ReviewNow:
    """What a review of an agreed plan is held against, and who records it."""
    last = Review.objects.filter(plan=plan).order_by("-held_at").first()
    people = Person.objects.filter(family=plan.family_id)
    return ReviewNow(
        time=review_time(),
        agreed_on=plan.agreed_on or clock.today(),
        last_held=last.held_at if last else None,
        open_actions={action.pk: str(action.user or action.person) for action in _actions_to_report(plan)[0]},
        people=set(people.values_list("pk", flat=True)),
        recorder=recorder.pk,
    )


@transaction.atomic
def hold_review(*, plan: Plan, said: ReviewSaid, actor: User) -> Review:
    """Record a review; then the next date and its clock, or the end of the plan and of early help (WOR-10 to WOR-14)."""
    locked = _lock(plan)
    if locked.status != Plan.Status.AGREED or locked.agreed_on is None:
        raise Refused("There is no agreed plan to review. Agree the plan with the family first.")
    now = review_now(locked, recorder=actor)
    refuse(review_problems(now, said))
    assert said.held_at
    number = Review.objects.filter(plan=locked).count() + 1
    review = _record_review(locked, said, now.time, actor)
    timescales.meet(REVIEW, locked, number=number, at=said.held_at)
    if said.goes_on:
        locked.next_review_on, locked.early_reason = said.next_review_on, review.early_reason
        locked.arrangements = said.arrangements
        locked.save(update_fields=["next_review_on", "early_reason", "arrangements"])
        _start_clock(plan=locked, number=number + 1, at=said.held_at)
        _tell(notices.ReviewHeld, plan=locked, actor=actor, key=f"{review.pk}")
    else:
        _keep_what_becomes(said.results)
        reason = ENDS[Review.Decision(said.decision)]
        episodes.end(episode=locked.episode, reason=reason, agency=said.end_agency, actor=actor)
    return review


@transaction.atomic
def end_early_help(*, episode: Episode, said: EndSaid, actor: User) -> None:
    """End early help without a review, and say what becomes of what is open: by the same rule as at a review."""
    plan = Plan.objects.filter(episode=episode).first()
    visible = (
        Action.objects.filter(outcome__plan=plan).exclude(status__in=Action.SETTLED) if plan else Action.objects.none()
    )
    still_open = list(visible.select_related("user", "person"))
    open_actions = {action.pk: str(action.user or action.person) for action in still_open}
    planned = plan is not None and plan.status == Plan.Status.AGREED
    refuse(end_problems(said, open_actions=open_actions, planned=planned))
    for action in still_open:
        action.status = said.results[action.pk].result
    Action.objects.bulk_update(still_open, ["status"])
    _keep_what_becomes(said.results)
    note = "\n".join(filter(None, (said.end_note, said.end_reason)))
    episodes.end(episode=episode, reason=said.reason, agency=said.end_agency, note=note, actor=actor)


def _keep_what_becomes(results: Mapping[int, Result]) -> None:
    for pk, result in results.items():
        if result.note:
            Action.objects.filter(pk=pk).update(at_end=result.note)


def settle_at_end(episode: Episode) -> None:
    """The plan ends with early help; actions that nobody could speak for end as not done."""
    plan = Plan.objects.filter(episode=episode).first()
    if plan is None:
        return
    Action.objects.filter(outcome__plan=plan, status=Action.Status.OPEN).update(status=Action.Status.NOT_DONE)
    if plan.status == Plan.Status.AGREED:
        plan.status = Plan.Status.ENDED
    plan.next_review_on, plan.procedure_id = None, version_in_force()
    plan.save(update_fields=["status", "next_review_on", "procedure"])


WAITS = "early help waits for social care"


def pause(*, episode: Episode) -> None:
    """The plan rests while social care leads: no review is due until it is picked up again."""
    hold(episode.family_id)
    plan = Plan.objects.filter(episode=episode, status=Plan.Status.AGREED, paused_on=None).first()
    if plan is None:
        return
    Plan.objects.filter(pk=plan.pk).update(paused_on=clock.today())
    with acting_as_system("a plan rests while social care leads, or is picked up again"):
        timescales.rest(REVIEW, plan, number=Review.objects.filter(plan=plan).count() + 1, because=WAITS)


def pick_up(*, episode: Episode) -> None:
    """The plan that rested goes on: the same one, with its outcomes, actions and the days of its review."""
    hold(episode.family_id)
    plan = Plan.objects.filter(episode=episode).exclude(paused_on=None).first()
    if plan is None or plan.status != Plan.Status.AGREED:
        return
    Plan.objects.filter(pk=plan.pk).update(paused_on=None)
    with acting_as_system("a plan rests while social care leads, or is picked up again"):
        timescales.resume(family_id=plan.family_id, because=WAITS)


def _open_actions_of(episode: Episode, user: User) -> QuerySet[Action]:
    actions = Action.objects.filter(outcome__plan__episode=episode, user=user)
    return actions.exclude(status__in=Action.SETTLED)


def _hangs_on_place(episode: Episode, user: User) -> list[str]:
    rows = _open_actions_of(episode, user).order_by("due_on", "pk")
    return [f"“{action.text}”, by {action.due_on:%-d %B %Y}" for action in rows]


def _pass_actions_on(episode: Episode, leaves: User, to: User) -> None:
    _open_actions_of(episode, leaves).update(user=to)


episodes.SETTLED_AT_END.append(settle_at_end)
team.HANDINGS.append(team.Handing(_hangs_on_place, _pass_actions_on))


def _record_review(plan: Plan, said: ReviewSaid, time: ReviewTime, actor: User) -> Review:
    """The review with who came and what each action came to; reasons that nothing asked for aren't kept."""
    assert said.held_at
    early = said.next_review_on is not None and time.is_early(said.held_at, said.next_review_on)
    review = Review.objects.create(
        family_id=plan.family_id,
        plan=plan,
        held_at=said.held_at,
        how=said.how,
        finding=said.finding,
        decision=said.decision,
        family_views=said.family_views,
        child_voice=said.child_voice,
        notes=said.notes,
        next_review_on=said.next_review_on,
        early_reason=said.early_reason if early else "",
        no_progress_for=said.no_progress_for if said.is_unchanged else "",
        unchanged_reason=said.unchanged_reason if said.is_unchanged else "",
        end_agreed="" if said.goes_on else said.end_agreed,
        end_reason=said.end_reason if not said.goes_on and said.end_agreed == Review.EndAgreed.NOT_ALL else "",
        recorded_by=actor,
        created_by=actor,
    )
    _record_attendances(review, said.attendances, actor)
    _record_results(review, said.results, actor)
    return review


def _actions_to_report(plan: Plan) -> tuple[list[Action], list[Action]]:
    """The open actions, and those settled since the last review."""
    actions = Action.objects.filter(outcome__plan=plan)
    reported = ActionResult.objects.filter(action__outcome__plan=plan, result__in=Action.SETTLED).values("action")
    settled = actions.filter(status__in=Action.SETTLED).exclude(pk__in=reported)
    still_open = actions.exclude(status__in=Action.SETTLED).select_related("user", "person")
    return list(still_open), list(settled)


def _record_attendances(review: Review, attendances: Sequence[Attender], actor: User) -> None:
    Attendance.objects.bulk_create(
        [
            Attendance(
                family_id=review.family_id,
                review=review,
                user=a.user,
                person=a.person,
                name=a.name,
                status=a.status,
                created_by=actor,
            )
            for a in attendances
        ]
    )


def _record_results(review: Review, results: Mapping[int, Result], actor: User) -> None:
    open_actions, settled = _actions_to_report(review.plan)
    pairs = [(action, results[action.pk]) for action in open_actions]
    pairs += [(action, Result(action.status)) for action in settled]
    ActionResult.objects.bulk_create(
        [
            ActionResult(
                family_id=review.family_id,
                review=review,
                action=action,
                person_id=action.person_id,
                about_id=action.about_id,
                result=r.result,
                note=r.note,
                created_by=actor,
            )
            for action, r in pairs
        ]
    )
    for action in open_actions:
        action.status = results[action.pk].result
    Action.objects.bulk_update(open_actions, ["status"])


def _tell(notice: type[Notice], *, plan: Plan, actor: User, key: str) -> None:
    """Tell everyone around the family but who did it (WOR-07, WOR-14)."""
    family = Family.objects.get(pk=plan.family_id)
    notice.tell(
        set(people_around(plan.episode)) - {actor}, about=family, key=key, url=reverse("plan", args=[family.reference])
    )
