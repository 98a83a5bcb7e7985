"""Nobody is told of a family that they may not see, nor given a part in it; and someone always oversees it."""

import pytest

from consent.services.excluding import exclude
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.accounts.models import Role
from earlyhelp.core.errors import Refused
from earlyhelp.notifications.models import Notification
from families.models import ConnectedUser, Family
from families.services import episodes, records, requests, team
from tests.cast import ask, child, episode_of, make_user, mother


def connect(family, user):
    with acting_as_system("test"):
        ConnectedUser.objects.create(family=family, user=user)


def told(user, kind) -> bool:
    with acting_as_system("test"):
        return Notification.objects.filter(user=user, kind=kind).exists()


def test_a_service_manager_who_knows_a_restricted_family_is_not_told_that_someone_checked(cast, family):
    other = make_user("Other service manager", cast.council, Role.SERVICE_MANAGER)
    connect(family, cast.service)
    with acting_as_system("test"):
        Family.objects.filter(pk=family.pk).update(restricted=True)
        ada = child(family)
    with acting_as(cast.dana):
        records.check(actor=cast.dana, first_name="Ada", last_name="Okafor", date_of_birth=ada.date_of_birth)
    assert told(other, "families.restricted_asked")
    assert not told(cast.service, "families.restricted_asked")


def test_who_knows_the_family_is_neither_invited_nor_asked_to_lead(cast, family):
    connect(family, cast.bob)
    with acting_as(cast.alice):
        for ask_them in (
            lambda: team.invite(
                family=family, episode=episode_of(family), user=cast.bob, agency=cast.school, role="contributor",
                actor=cast.alice,
            ),
            lambda: team.ask_to_lead(
                family=family, episode=episode_of(family), user=cast.bob, agency=cast.school, without_wish="Bob",
                actor=cast.alice,
            ),
        ):  # fmt: skip
            with pytest.raises(Refused, match="Choose someone else"):
                ask_them()
    assert not told(cast.bob, "families.invited")
    assert not told(cast.bob, "families.asked_to_lead")


def test_the_first_contact_is_given_to_nobody_whom_the_family_keeps_from_its_record(cast, family):
    with acting_as(cast.alice):
        exclude(family=family, name="Bob", user=cast.bob, decided_by=mother(family), actor=cast.alice)
        episodes.end(episode=episode_of(family), reason="met", actor=cast.alice)
    request = ask(cast)
    with acting_as(cast.locality), pytest.raises(Refused, match="Choose someone else"):
        requests.accept(
            request=request, agency=cast.school, practitioner=cast.bob, actor=cast.locality, known_family=family
        )
    assert not told(cast.bob, "families.first_contact")


def test_the_last_person_who_oversees_a_family_is_not_kept_from_it(cast, family):
    with acting_as(cast.alice):
        exclude(family=family, name="Manager", user=cast.manager, decided_by=mother(family), actor=cast.alice)
        with pytest.raises(Refused, match="Nobody else oversees"):
            exclude(family=family, name="Service", user=cast.service, decided_by=mother(family), actor=cast.alice)
    with acting_as(cast.service):
        assert Family.objects.filter(pk=family.pk).exists()
