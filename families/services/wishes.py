"""Whom the family would like to lead: each person's wish, in their own words, typed once (DEV-10, MID-06)."""

from collections.abc import Mapping

from django.db import transaction

from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.govuk.fields import list_words
from families.models import Episode, Family, LeadWish, Person


def of(episode: Episode | None) -> list[LeadWish]:
    """The wishes that the asker may read, the eldest person's first."""
    rows = LeadWish.objects.filter(episode=episode).select_related("person", "asked_by")
    return list(rows.order_by("person__date_of_birth", "person__pk"))


def to_ask(family: Family) -> list[Person]:
    """Whoever has a say: the children, and the adults who live with them."""
    here = family.people().exclude(kind=Person.Kind.UNBORN)
    return list(here.exclude(kind=Person.Kind.ADULT, home=Person.Home.ELSEWHERE))


def missing(family: Family, episode: Episode | None) -> list[Person]:
    """Who has a say, and whose wish isn't recorded yet, as far as the asker may know them."""
    said = {wish.person_id for wish in of(episode)}
    return [person for person in to_ask(family) if person.pk not in said]


def check(family: Family, episode: Episode, without_wish: str) -> None:
    """Nobody is asked to lead before everyone has said whom they would like, unless for a reason (MID-06)."""
    if without_wish:
        return
    if unasked := missing(family, episode):
        raise Refused(
            f"Record first whom {list_words([one.short_name for one in unasked])} would like to lead, or enter why you can’t"
            " wait for that",
            field="without_wish",
        )


@transaction.atomic
def record(*, family: Family, episode: Episode, wishes: Mapping[Person, str], actor: User) -> None:
    """Keep what each said; what stood there before stays in the history, and what nobody typed anything for stays."""
    if episode.ended_at:
        raise Refused("Early help for this family has ended. A new request opens it again.")
    with acting_as_system("record whom the family would like to lead"):
        for person, words in wishes.items():
            row = LeadWish.objects.filter(episode=episode, person=person).first()
            if row is None and words:
                LeadWish.objects.create(
                    family=family,
                    episode=episode,
                    person=person,
                    words=words,
                    asked_by=actor,
                    asked_at=clock.now(),
                    created_by=actor,
                )
            elif row and words and row.words != words:
                row.words, row.asked_by, row.asked_at = words, actor, clock.now()
                row.save(update_fields=["words", "asked_by", "asked_at"])
