"""What several pages about a family say in the same words."""

from earlyhelp.access.actions import Asker
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.access.reasons import TEAM
from earlyhelp.accounts.models import Agency
from families.models import Family


def whom_not_to_write_about(family: Family, asker: Asker, where: str = "here") -> list[str]:
    """For whoever runs the family's support: a sentence for each person who doesn't share with every agency on the team,
    to stand beside a text that all of the team reads."""
    if asker.level < Level.LEAD:
        return []
    with acting_as_system("whom the team is not told about"):
        grants = Grant.objects.in_force().filter(family=family, reason=TEAM, level__gte=Level.VIEW)
        rows = list(grants.values_list("agency_id", "withheld_beyond_basic"))
    hidden: dict[int | None, set[int]] = {}
    for agency, people in rows:
        hidden[agency] = hidden.get(agency, set(people)) & set(people)
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
