"""A family drawn: who lives together, who is whose parent and partner, and the same in words.

Squares are men and boys, circles women and girls, diamonds whoever is neither or not known; a triangle isn't born yet, a cross
has died. What is drawn is read from how people are said to be related ("mother", "former partner", "half-brother").
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from families.models import Person, Relationship

COLUMN, ROW, SIZE, MARGIN = 130, 180, 44, 20
PARENT = re.compile(r"\b(mother|mum|mam|father|dad|parent)\b")
NOT_BY_BIRTH = re.compile(r"\b(step|foster|adopt\w*)")
PARTNER = re.compile(r"\b(partner|husband|wife|spouse|boyfriend|girlfriend|fianc\w+|married)\b")
FORMER = re.compile(r"\b(ex|former|divorced|separated)\b")
SIBLING = re.compile(r"\b(brother|sister|sibling|twin)\b")
CHILD = re.compile(r"\b(son|daughter|child|baby)\b")
GRAND = re.compile(r"\b(grand|great)")
MEN = re.compile(r"\b(m|male|boy|man|\w*father|dad|husband|\w*son|\w*brother|uncle|nephew)\b")
WOMEN = re.compile(r"\b(f|female|girl|woman|\w*mother|mum|mam|wife|\w*daughter|\w*sister|aunt|niece)\b")


@dataclass(frozen=True)
class Symbol:
    """Someone as they are drawn, with the middle of their symbol."""

    person: Person
    shape: str
    x: int
    y: int
    age: str
    died: bool
    name: list[str]
    labels_from: int

    @property
    def left(self) -> int:
        return self.x - SIZE // 2

    @property
    def right(self) -> int:
        return self.x + SIZE // 2

    @property
    def top(self) -> int:
        return self.y - SIZE // 2

    @property
    def bottom(self) -> int:
        return self.y + SIZE // 2

    @property
    def below(self) -> int:
        """Under their name."""
        return self.labels_from + 6 + 16 * (len(self.name) - 1)


@dataclass(frozen=True)
class Line:
    """A line between people: "plain", "dashed" (not by birth) or "dotted" (related in another way); `marks` are the two strokes
    through the line of those who are no couple any more; `label` stands on it."""

    path: str
    kind: str
    marks: str = ""
    label: str = ""
    label_x: int = 0
    label_y: int = 0


@dataclass(frozen=True)
class Genogram:
    """The drawing, its size, the frame around who lives at home, and a sentence for each person."""

    symbols: list[Symbol]
    lines: list[Line]
    width: int
    height: int
    home: tuple[int, int, int, int] | None
    sentences: list[str]


@dataclass
class Ties:
    """How people are related, by their ids."""

    parents: dict[int, dict[int, str]] = field(default_factory=dict)  # of a child: each parent, "plain" or "dashed"
    couples: dict[frozenset[int], bool] = field(default_factory=dict)  # whether they are one still
    others: dict[tuple[int, int], str] = field(default_factory=dict)


def drawn(everyone: Iterable[Person]) -> list[Person]:
    """Who belongs in the drawing: those who are here, and those who died."""
    return [person for person in everyone if not person.has_left or _died(person)]


def genogram(people: Iterable[Person], relations: Iterable[Relationship]) -> Genogram:
    """Everyone in `people`, and how they are related to each other as far as `relations` say."""
    by_id = {person.pk: person for person in people}
    rows = [one for one in relations if one.person_id in by_id and one.to_person_id in by_id]
    ties = _ties(rows)
    places, most_at_home = _places(by_id, ties)
    kinds = {pk: " ".join(one.kind for one in rows if one.person_id == pk) for pk in by_id}
    symbols = {pk: _symbol(by_id[pk], kinds[pk], column, row) for pk, (column, row) in places.items()}
    lines = [*_couples(ties, symbols), *_children(ties, symbols), *_others(ties, symbols)]
    width = max((symbol.x for symbol in symbols.values()), default=0) + COLUMN // 2 + MARGIN
    height = max((symbol.y for symbol in symbols.values()), default=0) + ROW // 2 + MARGIN
    home = _frame(symbols, most_at_home)
    return Genogram(list(symbols.values()), lines, width, height, home, list(_sentences(by_id, rows)))


def _ties(rows: Sequence[Relationship]) -> Ties:
    ties = Ties()
    for one in rows:
        kind, pair = one.kind.lower(), frozenset((one.person_id, one.to_person_id))
        if PARTNER.search(kind):
            ties.couples[pair] = not FORMER.search(kind)
        elif GRAND.search(kind) or SIBLING.search(kind):
            ties.others[one.person_id, one.to_person_id] = one.kind
        elif PARENT.search(kind):
            of = ties.parents.setdefault(one.to_person_id, {})
            of[one.person_id] = "dashed" if NOT_BY_BIRTH.search(kind) else "plain"
        elif CHILD.search(kind):
            of = ties.parents.setdefault(one.person_id, {})
            of.setdefault(one.to_person_id, "dashed" if NOT_BY_BIRTH.search(kind) else "plain")
        else:
            ties.others[one.person_id, one.to_person_id] = one.kind
    return ties


def _places(people: dict[int, Person], ties: Ties) -> tuple[dict[int, tuple[int, int]], int]:
    """The column and row of each: a row for each generation, couples side by side, who lives at home first."""
    level = _generations(people, ties)
    rows: dict[int, list[int]] = {}
    for pk in _in_order(people, ties):
        rows.setdefault(level[pk], []).append(pk)
    at_home = {pk for pk, person in people.items() if person.home == Person.Home.HERE and not person.has_left}
    most = max((sum(pk in at_home for pk in row) for row in rows.values()), default=0)
    found: dict[int, tuple[int, int]] = {}
    for number, generation in enumerate(sorted(rows)):
        here = [pk for pk in rows[generation] if pk in at_home]
        away = [pk for pk in rows[generation] if pk not in at_home]
        found |= {pk: (column, number) for column, pk in enumerate(here)}
        found |= {pk: (most + column, number) for column, pk in enumerate(away)}
    return found, most


def _generations(people: dict[int, Person], ties: Ties) -> dict[int, int]:
    """0 for the adults of the family, 1 for its children, less for grandparents, as far as the ties say."""
    level = {pk: 0 if person.kind == Person.Kind.ADULT else 1 for pk, person in people.items()}
    steps: list[tuple[int, int, int]] = [
        (parent, child, 1) for child, parents in ties.parents.items() for parent in parents
    ]
    steps += [(a, b, 0) for a, b in map(sorted, ties.couples)]
    for (one, other), kind in ties.others.items():
        if GRAND.search(kind.lower()):
            steps.append((one, other, 2))
        elif SIBLING.search(kind.lower()):
            steps.append((one, other, 0))
    for _ in range(len(people)):
        before = dict(level)
        for upper, lower, apart in steps:
            level[upper] = min(level[upper], level[lower] - apart)
        if level == before:
            break
    return level


def _in_order(people: dict[int, Person], ties: Ties) -> list[int]:
    """Everyone once: whoever is a couple next to each other, children as their parents stand."""
    order: list[int] = []
    for pk in people:
        for one in (pk, *(other for pair in ties.couples if pk in pair for other in pair - {pk})):
            if one in people and one not in order:
                order.append(one)
    place = {pk: number for number, pk in enumerate(order)}

    def beside(pk: int) -> tuple[float, int]:
        parents = [place[parent] for parent in ties.parents.get(pk, {}) if parent in place]
        return (sum(parents) / len(parents) if parents else place[pk], place[pk])

    adults = [pk for pk in order if people[pk].kind == Person.Kind.ADULT]
    children = sorted((pk for pk in order if people[pk].kind != Person.Kind.ADULT), key=beside)
    return adults + children


def _symbol(person: Person, kinds: str, column: int, row: int) -> Symbol:
    said = (person.gender or kinds).lower()
    shape = "square" if MEN.search(said) else "circle" if WOMEN.search(said) else "diamond"
    if person.kind == Person.Kind.UNBORN:
        shape = "triangle"
    age, died = person.age(), _died(person)
    x, y = MARGIN + COLUMN // 2 + column * COLUMN, MARGIN + ROW // 3 + row * ROW
    return Symbol(
        person, shape, x, y, "" if age is None else str(age), died, _two_lines(person.name), y + SIZE // 2 + 16
    )


def _died(person: Person) -> bool:
    return person.has_left and person.left_because == Person.Left.DIED


def _two_lines(name: str) -> list[str]:
    words, lines = name.split(), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) > 15 and len(lines) < 2:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [line if len(line) <= 18 else f"{line[:17]}…" for line in lines]


def _couples(ties: Ties, at: dict[int, Symbol]) -> Iterable[Line]:
    for number, (pair, still) in enumerate(ties.couples.items()):
        left, right = sorted((at[pk] for pk in pair), key=lambda symbol: symbol.x)
        if left.y == right.y and right.x - left.x == COLUMN:
            path, middle, level = f"M{left.right} {left.y} H{right.left}", (left.x + right.x) // 2, left.y
        else:
            level = max(left.top, right.top) - 10 - number % 3 * 5
            path, middle = f"M{left.x} {left.top} V{level} H{right.x} V{right.top}", (left.x + right.x) // 2
        marks = "" if still else f"M{middle - 7} {level + 8} l8 -16 M{middle + 1} {level + 8} l8 -16"
        yield Line(path, "plain", marks)


def _children(ties: Ties, at: dict[int, Symbol]) -> Iterable[Line]:
    """From those parents together, or from the one, down to each child, at a height of its own for each such parents."""
    heights: dict[frozenset[int], int] = {}
    for child, parents in ties.parents.items():
        for kind in ("plain", "dashed"):
            of = frozenset(parent for parent, how in parents.items() if how == kind)
            if not of:
                continue
            nth = heights.setdefault(of, len(heights))
            start = [at[parent] for parent in of]
            x = sum(symbol.x for symbol in start) // len(start)
            side_by_side = len(start) == 2 and abs(start[0].x - start[1].x) == COLUMN and of in ties.couples
            if side_by_side:
                yield _down(f"M{x} {start[0].y}", at[child], nth, kind)
            else:
                for symbol in start:
                    yield _down(f"M{symbol.x + nth % 3 * 9} {symbol.below}", at[child], nth, kind)


def _down(start: str, child: Symbol, nth: int, kind: str) -> Line:
    level = child.top - 14 - nth % 4 * 11
    return Line(f"{start} V{level} H{child.x} V{child.top}", kind)


def _others(ties: Ties, at: dict[int, Symbol]) -> Iterable[Line]:
    """Related in another way, where no line through a parent says so already."""
    for (one, other), kind in ties.others.items():
        shared = set(ties.parents.get(one, {})) & set(ties.parents.get(other, {}))
        if SIBLING.search(kind.lower()) and shared:
            continue
        a, b = at[one], at[other]
        middle = (a.x + b.x) // 2, (a.y + b.y) // 2
        if a.y == b.y:
            path, level = f"M{a.x} {a.top} Q{middle[0]} {a.top - 30} {b.x} {b.top}", a.top - 18
        else:
            upper, lower = sorted((a, b), key=lambda symbol: symbol.y)
            path, level = f"M{upper.x} {upper.below} L{lower.x} {lower.top}", middle[1] + 22
        yield Line(path, "dotted", label=kind, label_x=middle[0], label_y=level)


def _frame(at: dict[int, Symbol], most: int) -> tuple[int, int, int, int] | None:
    """Around who lives at home: x, y, width, height."""
    edge = MARGIN + most * COLUMN
    inside = [symbol for symbol in at.values() if symbol.x < edge]
    if not inside:
        return None
    top, bottom = min(s.top for s in inside) - 34, max(s.bottom for s in inside) + 48
    return MARGIN - 8, top, most * COLUMN + 8, bottom - top


def _sentences(people: dict[int, Person], rows: Collection[Relationship]) -> Iterable[str]:
    for pk, person in people.items():
        ties = [f"{one.kind} of {people[one.to_person_id].name}" for one in rows if one.person_id == pk]
        where = person.left_words or person.get_home_display().lower()
        yield f"{person.name}, {person.born_words}: {'; '.join([*ties, where])}."
