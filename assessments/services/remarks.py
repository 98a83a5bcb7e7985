"""What is said beside a part, and other texts that are proposed: what someone wrote stays beside it, or in its history."""

from datetime import date

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from assessments import notices
from assessments.models import Answer, Assessment, Contribution, Proposal, Remark
from assessments.services.locking import lock_open
from earlyhelp.access.identity import acting_as
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused, Stale
from families.models import Family, Person
from families.services.running import lead_of


@transaction.atomic
def remark(
    *,
    assessment: Assessment,
    part: str,
    person: Person | None,
    kind: str,
    words: str,
    said_on: date,
    actor: User,
    agency: Agency | None,
    who: Person | None = None,
) -> Remark:
    """Keep that someone of the family does not agree, in their own words, or what is wrong and right: also once it is final."""
    said = {"assessment": assessment, "part": part, "person": person, "kind": kind, "who": who, "words": words}
    if Remark.objects.filter(**said).exists():
        raise Refused("This stands there already.")
    return Remark.objects.create(
        family_id=assessment.family_id, **said, said_on=said_on, author=actor, agency=agency, created_by=actor
    )


@transaction.atomic
def propose(*, answer: Answer, text: str, why: str, actor: User, agency: Agency | None) -> Proposal:
    """Propose another text to whoever wrote one; they and the lead hear of it."""
    contribution = answer.contribution
    lock_open(contribution.assessment)
    if text == answer.text:
        raise Refused("This is what stands there: change it, or go back.", field="text")
    if Proposal.objects.filter(answer=answer, author=actor, status=Proposal.Status.WAITING).exists():
        raise Refused("You proposed another text here already. Take it back first.")
    made = Proposal.objects.create(
        family_id=answer.family_id,
        answer=answer,
        seen=answer.text,
        text=text,
        why=why,
        author=actor,
        agency=agency,
        about=answer.about,
        readers=answer.readers,
        reader_agency_id=answer.reader_agency_id,
        created_by=actor,
    )
    lead = lead_of(contribution.assessment.episode)
    who = {contribution.author, *([lead.user] if lead else [])} - {actor}
    _tell(notices.ChangeProposed, who, made)
    return made


@transaction.atomic
def decide(*, proposal: Proposal, accept: bool, reason: str, actor: User) -> None:
    """Take a proposed text over, or not: by who wrote the first, or the lead. Raises Stale where that has changed since."""
    contribution = proposal.answer.contribution
    lock_open(contribution.assessment)
    row = Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    if row.status != Proposal.Status.WAITING:
        raise Refused("This was decided already.")
    if accept:
        if not Answer.objects.filter(pk=row.answer_id, text=row.seen).exists():
            raise Stale(
                "The text has changed since this was proposed. Put what is right into it yourself, and decline."
            )
        Contribution.objects.filter(pk=contribution.pk).update(version=F("version") + 1, saved_at=clock.now())
        Answer.objects.filter(pk=row.answer_id).update(text=row.text)
    status = Proposal.Status.ACCEPTED if accept else Proposal.Status.DECLINED
    _close(row, status, reason, actor)
    _tell(notices.ProposalDecided, {row.author} - {actor}, row)


@transaction.atomic
def take_back(*, proposal: Proposal, actor: User) -> None:
    """Take back what one proposed."""
    lock_open(proposal.answer.contribution.assessment)
    _close(proposal, Proposal.Status.WITHDRAWN, "", actor)


def _close(proposal: Proposal, status: str, reason: str, actor: User) -> None:
    waiting = Proposal.objects.filter(pk=proposal.pk, status=Proposal.Status.WAITING)
    if not waiting.update(status=status, reason=reason, decided_by=actor, decided_at=clock.now()):
        raise Refused("This was decided already.")
    notices.ChangeProposed.settle(proposal.pk)


def _tell(notice: type[notices.Notice], who: set[User], proposal: Proposal) -> None:
    family = Family.objects.get(pk=proposal.family_id)
    url = reverse("proposal", args=[family.reference, proposal.pk])
    notice.tell([user for user in who if _reads(user, proposal)], about=family, key=proposal.pk, url=url)


def _reads(user: User, proposal: Proposal) -> bool:
    with acting_as(user):
        return Proposal.objects.filter(pk=proposal.pk).exists()
