"""Who is still to be asked, before anyone treats their silence as a no."""

from consent.models import Tier
from consent.word import FamilysWord
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from families.models import Family, Person
from families.services.running import runner_of


def still_to_ask(family: Family) -> list[Person]:
    """Children and young people of whom whoever runs the support may read nothing because nobody asked them, or those who
    decide for them, since early help began again: not those who said no."""
    with acting_as_system("who of a family is still to be asked"):
        runner = runner_of(family.episode())
        if runner is None:
            return []
        grants = Grant.objects.in_force().filter(family=family, user=runner.user_id, level__gte=Level.VIEW)
        kept = [set(withheld) for withheld in grants.values_list("withheld_beyond_basic", flat=True)]
        closed = set.intersection(*kept) if kept else set()
        if not closed:
            return []
        word = FamilysWord.of(family)
        return [
            person
            for person in word.people.values()
            if person.pk in closed
            and person.kind != Person.Kind.ADULT
            and _was_not_asked(word, person, runner.agency_id)
        ]


def _was_not_asked(word: FamilysWord, person: Person, agency: int) -> bool:
    made = word.made.get((person.pk, agency))
    ran_out = made is not None and made.held.tier > Tier.NONE and word.held((person.pk, agency)).tier == Tier.NONE
    return person.pk not in word.said_no and (made is None or ran_out)
