"""The plan and its reviews: opened, agreed, carried out, reviewed, ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F, Max
from django.urls import reverse

from consent.services import agreed as family_agreed
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.known import who_may_know
from earlyhelp.accounts.models import Agency, Closure, LocalProcedure, TimescaleRule, User
from earlyhelp.core import clock
from earlyhelp.core.dates import due
from earlyhelp.core.errors import Refused, Stale
from earlyhelp.notifications.registry import Notice
from earlyhelp.timescales import services as timescales
from earlyhelp.timescales.models import Timescale
from families.models import Episode, Family, Person, TeamMember
from families.services import episodes
from families.services.running import lead_of, runner_of
from plans import notices
from plans.models import Action, ActionResult, Attendance, Outcome, Plan, Review, ReviewMove

CHANGED = (
    "Someone else changed this after you opened it. Both texts are below: put together what should stay, and save."
)
ENDS = {
    Review.Decision.END_MET: Episode.End.MET,
    Review.Decision.END_SINGLE_AGENCY: Episode.End.SINGLE_AGENCY,
    Review.Decision.END_UNIVERSAL: Episode.End.UNIVERSAL,
}
UNCHANGED = (Review.Finding.NO_CHANGE, Review.Finding.DETERIORATION)


@dataclass(frozen=True)
class Attender:
    """Someone's part in a review: a user, someone of the family, or another by name."""

    status: str
    user: User | None = None
    person: Person | None = None
    name: str = ""


@dataclass(frozen=True)
class Result:
    """What an action came to."""

    result: str
    note: str = ""


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


def review_window(anchor: datetime) -> tuple[date, date]:
    """The first day for a review that needs no reason, and the last that the local procedure allows (WOR-09, MED-05).

    What is recorded so late that the last day has gone may still be reviewed today.
    """
    amount, unit = TimescaleRule.for_kind("review")
    closures = frozenset(Closure.objects.values_list("day", flat=True)) if unit == "working_days" else frozenset()
    last = clock.in_london(due(anchor, amount, unit, closures)).date()
    first = clock.in_london(anchor).date() + timedelta(weeks=LocalProcedure.current().review_from_weeks)
    return first, max(last, clock.today())


def start_of(day: date) -> datetime:
    """The first moment of a London day."""
    return datetime.combine(day, time.min, tzinfo=clock.LONDON)


def too_early(anchor: datetime, next_review_on: date) -> bool:
    """Whether a review on that day needs a reason (domain 6)."""
    return next_review_on < review_window(anchor)[0]


def clock_key(plan: Plan, number: int) -> str:
    return f"plan:{plan.pk}:review:{number}"


def _check_next_review(*, anchor: datetime, next_review_on: date | None, early_reason: str) -> None:
    if next_review_on is None:
        raise Refused("There is no review date. Agree one with the family, and enter it.")
    first, last = review_window(anchor)
    if next_review_on <= clock.in_london(anchor).date():
        raise Refused("The next review must be later than the day it counts from. Enter a later date.")
    if next_review_on > last:
        raise Refused(
            f"The next review must be on or before {last:%-d %B %Y}. Enter an earlier date."
            " If more time is needed afterwards, a manager can give it."
        )
    if next_review_on < first and not early_reason:
        raise Refused(f"A review before {first:%-d %B %Y} needs a reason. Enter it, or choose a later date.")


def _start_clock(*, plan: Plan, number: int, anchor: str, anchor_at: datetime) -> None:
    family = Family.objects.select_related("locality").get(pk=plan.family_id)
    runner = runner_of(plan.episode)
    timescales.start(
        kind="review",
        key=clock_key(plan, number),
        anchor=anchor,
        anchor_at=anchor_at,
        family_id=family.pk,
        reference=family.reference,
        locality=family.locality,
        link=reverse("plan", args=[family.reference]),
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
    locked = Plan.objects.select_for_update(of=("self",)).select_related("episode").filter(pk=plan.pk).first()
    if locked is None:
        raise Refused("You can read this plan but not change it any more. Ask the lead.")
    if locked.status == Plan.Status.ENDED or locked.episode.ended_at:
        raise Refused("This plan has ended. A new request opens early help again.")
    return locked


def _same_family(plan_family: int, person: Person | None) -> None:
    if person and person.family_id != plan_family:
        raise Refused("Choose someone of this family.")


@transaction.atomic
def add_outcome(
    *, plan: Plan, need: str, outcome: str, how_we_know: str, person: Person | None, actor: User
) -> Outcome:
    """Say what will be better, and how everyone will know (PS-8)."""
    plan = _lock(plan)
    if not (need and outcome and how_we_know):
        raise Refused("Enter the need, what will be better, and how everyone will know. The family can help to say it.")
    _same_family(plan.family_id, person)
    last = Outcome.objects.filter(plan=plan).aggregate(last=Max("position"))["last"] or 0
    return Outcome.objects.create(
        family_id=plan.family_id,
        plan=plan,
        person=person,
        need=need,
        outcome=outcome,
        how_we_know=how_we_know,
        position=last + 1,
        created_by=actor,
    )


@transaction.atomic
def change_outcome(
    *,
    outcome: Outcome,
    need: str,
    result: str,
    how_we_know: str,
    person: Person | None,
    version: int,
    actor: User,
) -> None:
    """Change an outcome (`result` is what will be better), unless someone else did since `version`."""
    _lock(outcome.plan)
    if not (need and result and how_we_know):
        raise Refused("Enter the need, what will be better, and how everyone will know. The family can help to say it.")
    _same_family(outcome.family_id, person)
    changed = Outcome.objects.filter(pk=outcome.pk, version=version).update(
        need=need, outcome=result, how_we_know=how_we_know, person=person, version=F("version") + 1
    )
    if not changed:
        raise Stale(CHANGED)
    with acting_as_system("an outcome is about someone else: so are its actions"):
        Action.objects.filter(outcome=outcome).update(about=person)
        ActionResult.objects.filter(action__outcome=outcome).update(about=person)


@transaction.atomic
def remove_outcome(*, outcome: Outcome, actor: User) -> None:
    """Take an outcome and its actions out of a draft."""
    if _lock(outcome.plan).status != Plan.Status.DRAFT:
        raise Refused("The family agreed this plan: its outcomes stay. A review decides what changes.")
    with acting_as_system("remove an outcome of a draft plan"):
        Outcome.objects.filter(pk=outcome.pk).delete()


def _check_action(*, family_id: int, text: str, user: User | None, person: Person | None, due_on: date | None) -> date:
    if not text:
        raise Refused("Enter what will be done.")
    if (user is None) == (person is None):
        raise Refused(
            "Say who will do this: one person of the team or the family. If they are not on the team yet, the lead can"
            " invite them."
        )
    if due_on is None:
        raise Refused("Enter the date by when it will be done. Agree it with the person who will do it.")
    _same_family(family_id, person)
    return due_on


def _check_on_team(plan: Plan, user: User | None) -> None:
    if user and user not in people_around(plan.episode):
        raise Refused(f"{user} is not on the team. The lead can invite them, under “Team”.")


def _check_not_past(due_on: date) -> None:
    if due_on < clock.today():
        raise Refused("The date by when it will be done must be today or in the future.")


@transaction.atomic
def add_action(
    *, outcome: Outcome, text: str, user: User | None, person: Person | None, due_on: date | None, actor: User
) -> Action:
    """Say who will do what by when (WOR-07)."""
    plan = _lock(outcome.plan)
    day = _check_action(family_id=plan.family_id, text=text, user=user, person=person, due_on=due_on)
    _check_on_team(plan, user)
    _check_not_past(day)
    return Action.objects.create(
        family_id=plan.family_id,
        outcome=outcome,
        about_id=outcome.person_id,
        text=text,
        user=user,
        person=person,
        due_on=day,
        created_by=actor,
    )


@transaction.atomic
def change_action(
    *,
    action: Action,
    text: str,
    user: User | None,
    person: Person | None,
    due_on: date | None,
    version: int,
    actor: User,
) -> None:
    """Change what, who or by when, unless someone else did since `version`."""
    plan = _lock(action.outcome.plan)
    day = _check_action(family_id=plan.family_id, text=text, user=user, person=person, due_on=due_on)
    if user != action.user:
        _check_on_team(plan, user)
    if day != action.due_on:
        _check_not_past(day)
    changed = Action.objects.filter(pk=action.pk, version=version).update(
        text=text, user=user, person=person, due_on=day, version=F("version") + 1
    )
    if not changed:
        raise Stale(CHANGED)


@transaction.atomic
def remove_action(*, action: Action, actor: User) -> None:
    """Take an action out of a draft; later it is marked as not needed any more, and stays."""
    if _lock(action.outcome.plan).status != Plan.Status.DRAFT:
        raise Refused("The family agreed this plan, so the action stays in it. Mark it as not needed any more instead.")
    with acting_as_system("remove an action of a draft plan"):
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


def missing(plan: Plan) -> list[str]:
    """What stands in the way of agreeing the plan, each with who can put it right."""
    procedure = LocalProcedure.current()
    found: list[str] = []
    with acting_as_system("whether the family agreed, for its plan"):
        agreed = family_agreed(plan.episode)
    if not agreed:
        found.append(
            f"The family’s {procedure.agreement_word} to early help is not recorded. Whoever leads can record it, under"
            " “Sharing”."
        )
    outcomes = list(Outcome.objects.filter(plan=plan).values_list("pk", flat=True))
    if not outcomes:
        found.append("The plan has no outcome yet. Anyone on the team can add one.")
    needed = Action.objects.filter(outcome__plan=plan).exclude(status=Action.Status.NOT_NEEDED)
    with_action = set(needed.values_list("outcome", flat=True))
    found += [
        f"Outcome {number} has no action. Anyone on the team can add one."
        for number, pk in enumerate(outcomes, start=1)
        if pk not in with_action
    ]
    if len(set(people_around(plan.episode).values())) > 1 and lead_of(plan.episode) is None:
        found.append(
            f"Several agencies are on the team, and no {procedure.lead_word} has accepted. Ask someone to lead, under"
            " “Team”; they must accept."
        )
    return found


@transaction.atomic
def agree(
    *,
    plan: Plan,
    agreed_on: date,
    next_review_on: date | None,
    actor: User,
    early_reason: str = "",
    arrangements: str = "",
) -> None:
    """Record that the plan was agreed with the family, and start the review's clock (WOR-07, MED-05)."""
    locked = _lock(plan)
    if locked.status != Plan.Status.DRAFT:
        raise Refused("This plan is agreed already. A review decides what changes.")
    if problems := missing(locked):
        raise Refused(" ".join(problems))
    if agreed_on > clock.today():
        raise Refused("The day the plan was agreed must be today or in the past.")
    if agreed_on < clock.in_london(locked.episode.started_at).date():
        raise Refused("The plan can’t have been agreed before support was asked for. Check the date.")
    anchor_at = start_of(agreed_on)
    _check_next_review(anchor=anchor_at, next_review_on=next_review_on, early_reason=early_reason)
    assert next_review_on is not None
    locked.status, locked.agreed_on, locked.next_review_on = Plan.Status.AGREED, agreed_on, next_review_on
    locked.early_reason = early_reason if too_early(anchor_at, next_review_on) else ""
    locked.arrangements, locked.agreed_recorded_at = arrangements, clock.now()
    locked.save(
        update_fields=["status", "agreed_on", "agreed_recorded_at", "next_review_on", "early_reason", "arrangements"]
    )
    episodes.advance(episode=locked.episode, step="plan")
    _start_clock(plan=locked, number=1, anchor="the plan was agreed", anchor_at=anchor_at)
    _tell(notices.PlanAgreed, plan=locked, actor=actor, key=f"{locked.pk}")


# Reviewing


def last_day(plan: Plan, number: int) -> date:
    """The last day on which a review may be arranged without a manager: that of its clock, or today once it has gone."""
    due_at = Timescale.objects.filter(key=clock_key(plan, number)).values_list("due_at", flat=True).first()
    return max(clock.in_london(due_at).date(), clock.today()) if due_at else clock.today()


@transaction.atomic
def move_review(*, plan: Plan, moved_to: date, reason: str, arrangements: str, actor: User) -> ReviewMove:
    """Put the next review on another day, sooner or later, with the reason (WOR-13). Both days are kept. The clock runs
    on as it was: only a manager gives more time."""
    locked = _lock(plan)
    if locked.status != Plan.Status.AGREED or locked.next_review_on is None:
        raise Refused("No review is arranged yet. Agree the plan with the family first.")
    if not reason:
        raise Refused("Enter why the review is moved.")
    if moved_to == locked.next_review_on:
        raise Refused("The review is on that day already. Enter another day.")
    if moved_to < clock.today():
        raise Refused("The new day must be today or in the future. If the review was held, record it.")
    last_review = Review.objects.filter(plan=locked).order_by("-held_at")
    number = last_review.count() + 1
    if moved_to > (last := last_day(locked, number)):
        raise Refused(
            f"The review must be on or before {last:%-d %B %Y}. Enter an earlier date, or ask a manager for more time."
        )
    held = last_review.first()
    anchor = held.held_at if held else start_of(locked.agreed_on or clock.today())
    move = ReviewMove.objects.create(
        family_id=locked.family_id,
        plan=locked,
        number=number,
        moved_from=locked.next_review_on,
        moved_to=moved_to,
        reason=reason,
        moved_by=actor,
        created_by=actor,
    )
    locked.next_review_on, locked.arrangements = moved_to, arrangements
    if not too_early(anchor, moved_to):
        locked.early_reason = ""
    locked.save(update_fields=["next_review_on", "arrangements", "early_reason"])
    _tell(notices.ReviewMoved, plan=locked, actor=actor, key=f"{move.pk}")
    return move


@transaction.atomic
def hold_review(
    *,
    plan: Plan,
    held_at: datetime,
    how: str,
    finding: str,
    decision: str,
    attendances: Sequence[Attender],
    results: Mapping[int, Result],
    child_voice: str,
    family_views: str,
    notes: str,
    next_review_on: date | None,
    actor: User,
    early_reason: str = "",
    unchanged_reason: str = "",
    end_agreed: str = "",
    end_reason: str = "",
    arrangements: str = "",
) -> Review:
    """Record a review: who came, what each open action (by its id) came to, one finding and one decision (WOR-10,
    WOR-11); then the next date and its clock, or the end of the plan and of early help and who agrees to it (WOR-14)."""
    locked = _lock(plan)
    if locked.status != Plan.Status.AGREED or locked.agreed_on is None:
        raise Refused("There is no agreed plan to review. Agree the plan with the family first.")
    before = Review.objects.filter(plan=locked).order_by("-held_at")
    _check_held(locked, held_at, before.first())
    if finding not in Review.Finding.values:
        raise Refused("Select exactly one finding. The people at the review agree on it.")
    if decision not in Review.Decision.values:
        raise Refused("Select exactly one decision. The people at the review agree on it.")
    if how != Review.How.NONE and not any(a.status == Attendance.Status.CAME for a in attendances):
        raise Refused("Say who came. If nobody met, select that there was no meeting.")
    open_actions, settled = _actions_to_report(locked)
    if any(action.pk not in results for action in open_actions):
        raise Refused("Say what each open action came to. Who was to do it can tell you.")
    goes_on = decision not in ENDS
    unchanged = decision == Review.Decision.CONTINUE and finding in UNCHANGED
    if unchanged and not unchanged_reason:
        raise Refused(
            "Things are no better, and the plan would go on as it is. Amend the plan, or enter the reason for going on."
        )
    if goes_on:
        _check_next_review(anchor=held_at, next_review_on=next_review_on, early_reason=early_reason)
    elif next_review_on:
        raise Refused("There is no next review when early help ends. Leave the date out, or choose to go on.")
    elif end_agreed not in Review.EndAgreed.values:
        raise Refused("Say whether the children, the family and the others at the review agree to the end.")
    elif end_agreed == Review.EndAgreed.NOT_ALL and not end_reason:
        raise Refused("Enter who does not agree to the end, what they say, and why early help ends all the same.")

    number = before.count() + 1
    review = Review.objects.create(
        family_id=locked.family_id,
        plan=locked,
        held_at=held_at,
        how=how,
        finding=finding,
        decision=decision,
        family_views=family_views,
        child_voice=child_voice,
        notes=notes,
        next_review_on=next_review_on,
        early_reason=early_reason if next_review_on and too_early(held_at, next_review_on) else "",
        unchanged_reason=unchanged_reason if unchanged else "",
        end_agreed="" if goes_on else end_agreed,
        end_reason=end_reason if end_agreed == Review.EndAgreed.NOT_ALL and not goes_on else "",
        recorded_by=actor,
        created_by=actor,
    )
    _record_attendances(review, attendances, actor)
    _record_results(review, open_actions, settled, results, actor)
    timescales.meet(key=clock_key(locked, number), at=held_at)
    if goes_on:
        locked.next_review_on, locked.early_reason = next_review_on, review.early_reason
        locked.arrangements = arrangements
        locked.save(update_fields=["next_review_on", "early_reason", "arrangements"])
        anchor = "the last review was held"
        _start_clock(plan=locked, number=number + 1, anchor=anchor, anchor_at=held_at)
        _tell(notices.ReviewHeld, plan=locked, actor=actor, key=f"{review.pk}")
    else:
        locked.status, locked.next_review_on = Plan.Status.ENDED, None
        locked.save(update_fields=["status", "next_review_on"])
        _tell(notices.EarlyHelpEnded, plan=locked, actor=actor, key=f"{locked.pk}")
        episodes.end(episode=locked.episode, reason=ENDS[Review.Decision(decision)], actor=actor)
    return review


def _check_held(plan: Plan, held_at: datetime, last: Review | None) -> None:
    if held_at > clock.now():
        raise Refused("The review must have been held already. Enter when it was.")
    if plan.agreed_on and clock.in_london(held_at).date() < plan.agreed_on:
        raise Refused("The review can’t have been held before the plan was agreed. Check the date.")
    if last and held_at <= last.held_at:
        raise Refused("A later review is recorded already. Check the date and time.")


def _actions_to_report(plan: Plan) -> tuple[list[Action], list[Action]]:
    """The open actions, and those settled since the last review."""
    actions = Action.objects.filter(outcome__plan=plan)
    reported = ActionResult.objects.filter(action__outcome__plan=plan, result__in=Action.SETTLED).values("action")
    settled = actions.filter(status__in=Action.SETTLED).exclude(pk__in=reported)
    return list(actions.exclude(status__in=Action.SETTLED)), list(settled)


def _record_attendances(review: Review, attendances: Sequence[Attender], actor: User) -> None:
    for attender in attendances:
        _same_family(review.family_id, attender.person)
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


def _record_results(
    review: Review,
    open_actions: Sequence[Action],
    settled: Sequence[Action],
    results: Mapping[int, Result],
    actor: User,
) -> None:
    pairs = [(action, results[action.pk]) for action in open_actions]
    if any(r.result not in Action.Status.values or r.result == Action.Status.OPEN for _, r in pairs):
        raise Refused("Say what each open action came to: done, partly, not yet, or not needed any more.")
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
    notice.send(
        to=who_may_know(family.pk, set(people_around(plan.episode)) - {actor}),
        reference=family.reference,
        url=reverse("plan", args=[family.reference]),
        key=key,
    )
