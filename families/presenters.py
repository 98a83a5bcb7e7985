"""What several pages about a family say in the same words."""

from django.db.models import Q

from earlyhelp.access.actions import Asker
from earlyhelp.access.levels import Level
from earlyhelp.accounts.models import Agency
from earlyhelp.core import clock
from families.models import Family, TeamMember
from families.services.running import who_said_no


def whom_not_to_write_about(family: Family, asker: Asker, where: str = "here") -> list[str]:
    """For whoever runs the family's support: a sentence for each person who doesn't share with every agency on the team,
    to stand beside a text that all of the team reads."""
    if asker.level < Level.LEAD:
        return []
    team = TeamMember.objects.filter(episode=family.episode(), status=TeamMember.Status.ACCEPTED)
    permissions = family.agency_permissions.filter(
        Q(until=None) | Q(until__gt=clock.now()), permission__codename="additional", group__in=team.values("agency")
    )
    hidden: dict[int, set[int]] = {}
    for agency, people in permissions.values_list("group", "withheld_beyond_basic"):
        hidden[agency] = hidden.get(agency, set(people)) & set(people)
    said_no = who_said_no(family)
    hidden = {agency: people | said_no for agency, people in hidden.items()}
    if not any(hidden.values()):
        return []
    agencies = Agency.objects.filter(pk__in=hidden).order_by("name")
    sentences = []
    for person in family.people():
        if kept_from := [agency.name for agency in agencies if person.pk in hidden[agency.pk]]:
            sentences.append(
                f"{person.name} does not share with {' or '.join(kept_from)}, whose people read this."
                f" Don’t write about {person.name} {where}."
            )
    return sentences
