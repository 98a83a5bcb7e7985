"""Which agencies to ask a family about first."""

from collections.abc import Iterable

from consent.models import SharingChoice
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import Agency
from families.models import Family, Lead, PersonDetails, Request, TeamMember


def agencies_around(family: Family, *, also: Iterable[int] = (), earlier: bool = True) -> list[Agency]:
    """The open agencies that have to do with this family: those that the people whom the asker sees were asked about,
    those on the team or running its support, its children's schools, those of the request or named in it; and `also`.
    Without those of its `earlier` record, for who may not read that: no more than the open episode's request and first
    contact tell."""
    schools = {
        school.casefold() for school in PersonDetails.objects.filter(family=family).values_list("school", flat=True)
    }
    seen = [person.pk for person in family.people()]
    with acting_as_system("which agencies are around a family"):
        episode = family.episode()
        asked_about = SharingChoice.objects.filter(family=family, person__in=seen)
        found = set(asked_about.values_list("agency", flat=True)) if earlier else set()
        for model in (TeamMember, Lead):
            rows = model._default_manager.filter(episode=episode, status__in=["asked", "invited", "accepted"])
            found |= set(rows.values_list("agency", flat=True))
        asked = Request.objects.filter(family=family) if earlier else Request.objects.filter(episode=episode)
        requests = list(asked.values_list("agency", "words__what_for", "words__tried"))
    found |= {agency for agency, *_ in requests} | set(also)
    if episode and episode.first_contact_agency_id:
        found.add(episode.first_contact_agency_id)
    written = " ".join(text for _, *texts in requests for text in texts if text).casefold()
    return [
        agency
        for agency in Agency.objects.filter(is_open=True).order_by("name")
        if agency.pk in found or agency.name.casefold() in schools or agency.name.casefold() in written
    ]
