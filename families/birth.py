from earlyhelp.govuk.widgets import PartialDate
from families.models import Person


def accuracy(born: PartialDate | None) -> Person.Born:
    """How much of a date of birth is known."""
    if born is None:
        return Person.Born.UNKNOWN
    if born.day:
        return Person.Born.EXACT
    return Person.Born.MONTH if born.month else Person.Born.YEAR


def partial(person: Person) -> PartialDate | None:
    """A person's date of birth, or due date, as far as it is known."""
    day = person.due_date if person.kind == Person.Kind.UNBORN else person.date_of_birth
    if day is None or (person.born == Person.Born.UNKNOWN and person.kind != Person.Kind.UNBORN):
        return None
    month = day.month if person.born != Person.Born.YEAR else None
    return PartialDate(day.year, month, day.day if person.born == Person.Born.EXACT else None)
