"""What follows for the family's word from a change of what decisions rest on."""

from collections.abc import Iterator

from consent.clocks import OWN_WORD
from consent.word import FamilysWord
from families.models import Person, Relationship

YES = Relationship.Responsibility.YES


def from_birth(now: Person, then: Person) -> Iterator[str]:
    """Whose word it is may change with someone's age."""
    word = FamilysWord.of(now.family)
    was, will = word.decides_alone(now), word.decides_alone(then)
    if will and not was:
        yield (
            f"{now.short_name} then decides for themselves: what others chose for them holds another {OWN_WORD.rule.words}, and"
            " they are asked."
        )
    if was and not will:
        yield f"{now.short_name} then doesn’t decide for themselves yet: who has parental responsibility decides for them."


def from_relation(person: Person, child: Person, before: str, after: str) -> Iterator[str]:
    """Who decides for a child may change with who has responsibility."""
    word = FamilysWord.of(person.family)
    gave = {made.by for pair, made in word.made.items() if pair[0] == child.pk and made.held.tier} - {child.pk}
    if after != YES and person.pk in gave:
        yield f"{person.short_name} decided what is shared about {child.short_name}, and then can’t any more."
    if after == YES and not word.parents.get(child.pk):
        for other in sorted(gave - {person.pk}):
            name = word.people[other].short_name if other in word.people else "Someone else"
            yield f"{name} decided what is shared about {child.short_name}, and then can’t any more."
