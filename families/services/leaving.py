"""Someone dies, leaves, or was never part of the family: gone from what is written from then on, and kept in history."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import F

from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.rowsecurity import RowSecurity, guarded
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from families.models import FiledInError, Person, PersonDetails, SearchKey
from families.services import errors, people
from families.services.running import hold

# What follows for what else is recorded of someone: `left` once they died or left, `back` once they are here after all,
# `never` once they were added by mistake, `right` once that was right after all
LEFT: list[Callable[[Person, User], None]] = []
BACK: list[Callable[[Person, User], None]] = []
NEVER: list[Callable[[Person, str, User, Person | None], None]] = []
RIGHT: list[Callable[[Person, User], None]] = []


@transaction.atomic
def leave(*, person: Person, on: date, because: str, actor: User) -> None:
    """They died, or are not part of the family's help any more, since a day."""
    if on > clock.today():
        raise Refused("The day must be today or in the past", field="on")
    with acting_as_system("someone died or left"):
        hold(person.family_id)
        changed = Person.objects.filter(pk=person.pk, left_on=None).update(
            left_on=on, left_because=because, leaving=uuid.uuid4(), version=F("version") + 1
        )
        if not changed:
            raise Refused(f"It is recorded already that {person.short_name} isn’t here any more.")
        person.refresh_from_db()
        for follows in LEFT:
            follows(person, actor)


@transaction.atomic
def come_back(*, person: Person, actor: User) -> None:
    """They are part of the family's help again, or it was recorded by mistake that they weren't."""
    with acting_as_system("someone is here after all"):
        hold(person.family_id)
        person.refresh_from_db()
        if person.left_on is None:
            raise Refused(f"{person.short_name} is part of the family’s help already.")
        for follows in BACK:
            follows(person, actor)
        Person.objects.filter(pk=person.pk).update(
            left_on=None, left_because="", leaving=None, version=F("version") + 1
        )


@transaction.atomic
def never_here(*, person: Person, reason: str, actor: User, same_as: Person | None = None) -> FiledInError:
    """They were added by mistake, or are recorded a second time as `same_as`: nobody sees them or what is about them alone.
    What is about others too stays, without them; about `same_as` from now on, if they are the same."""
    if same_as and (same_as.pk == person.pk or same_as.family_id != person.family_id):
        raise Refused("Select who they are", field="same_as")
    with acting_as_system("someone was added by mistake"):
        hold(person.family_id)
        rewritten = []
        for model in about_people():
            for row in model._default_manager.filter(family=person.family_id, about__contains=[person.pk]):
                others = [pk for pk in row.about if pk != person.pk]
                instead = [same_as.pk] if same_as and same_as.pk not in others else []
                if others or instead:
                    rewritten.append([model._meta.label, row.pk, list(row.about)])
                    row.about = [*others, *instead]
                    row.save(update_fields=["about"])
        for follows in NEVER:
            follows(person, reason, actor, same_as)
        SearchKey.objects.filter(person=person).delete()
        stub = errors.file_in_error(item=person, reason=reason, actor=actor)
        FiledInError.objects.filter(pk=stub.pk).update(rewritten=rewritten)
        return stub


@transaction.atomic
def right_after_all(*, stub: FiledInError, actor: User) -> None:
    """They were part of the family after all."""
    with acting_as_system("someone was right here after all"):
        hold(stub.family_id)
        errors.restore(stub=stub, actor=actor)
        person = Person.objects.get(pk=stub.row_id)
        for label, pk, about in stub.rewritten:
            apps.get_model(label)._default_manager.filter(pk=pk).update(about=about)
        people.index(person)
        for follows in RIGHT:
            follows(person, actor)


def about_people() -> list[Any]:
    """The tables whose rows say in a list whom they are about."""
    return [
        model
        for model, security in guarded()
        if isinstance(security, RowSecurity) and security.people and model is not FiledInError
    ]


def hanging_on(person: Person) -> dict[str, int]:
    """What the asker sees that is about someone alone, and goes out of sight with them: by what it is called, and how many."""
    found: dict[str, int] = {}
    for model, security in guarded():
        if not isinstance(security, RowSecurity) or model in (Person, PersonDetails, SearchKey) or not security.history:
            continue
        count = 0
        for column in security.person:
            count += model._default_manager.filter(**{column: person.pk}).count()
        if security.people:
            count += model._default_manager.filter(**{security.people: [person.pk]}).count()
        if count:
            name = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
            found[str(name)] = count
    return found
