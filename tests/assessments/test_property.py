"""Whatever form, people, refusals and narrower readers: each reader reads the same set of words wherever they look, and it is what
the family's word and the writers' choices give."""

import random
from dataclasses import dataclass, field

from django.db import transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Answer, Assessment, Contribution, GoneWithout
from assessments.services import again, finalising, writing
from assessments.services.writing import Words
from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.models import Change
from earlyhelp.accounts.models import Role, User
from earlyhelp.procedures import services as procedures
from earlyhelp.procedures.document import text_of
from tests.assessments.helpers import add_child, does_not_share, joins, page, part_url, started
from tests.assessments.test_finalise import body, printed
from tests.cast import led_family, make_user
from tests.hunting import worlds

KINDS = ("text", "columns", "outcomes", "person")
BOX = {"text": "", "columns": "worried", "outcomes": "outcome"}


@dataclass
class Told:
    """Some words, whom they are about and whom they name, who wrote them, and for whom."""

    marker: str
    author: User
    about: set[int] = field(default_factory=set)
    readers: str = "everyone"
    kept_from: bool = False


def a_form(draw: random.Random) -> str:
    """A form of a council's own: parts about the family, each child and each adult, with questions of some kinds."""
    parts = []
    for about in ("family", "family", "child", "adult"):
        code = f"p{len(parts)}"
        questions = "".join(
            f'\n[[assessment.parts.questions]]\ncode = "q{n}"\nkind = "{kind}"\nlabel = "Question {n}"\n'
            for n, kind in enumerate(draw.sample(KINDS[:3], k=draw.randint(1, 3)))
        )
        parts.append(
            f'[[assessment.parts]]\ncode = "{code}"\ntitle = "Part {code}"\nabout = "{about}"\ngroup = "G"\n{questions}'
        )
    return text_of("default").partition("[assessment]")[0] + "[assessment]\n" + "\n".join(parts)


@worlds(5)
@given(seed=st.integers(min_value=0, max_value=10**9))
def test_each_reads_the_same_wherever_they_look_and_what_the_ledger_gives(cast, seed):
    with transaction.atomic():
        look_everywhere(cast, seed)
        transaction.set_rollback(True)
    procedures.forget()


def look_everywhere(cast, seed: int) -> None:
    draw = random.Random(seed)
    with acting_as_system("test"):
        if procedures.text_in_force() != (form := f"{a_form(draw)}".strip() + "\n"):
            procedures.load(text=form, actor=None)
    family = led_family(cast, name=f"Name{seed}")
    zoe, head = make_user(f"Zoe {seed}", cast.school), make_user(f"Head {seed}", cast.health, role=Role.MANAGER)
    joins(cast, family, zoe, cast.school)
    children = [add_child(cast, family, name, shares_with=(cast.school, cast.health)) for name in ("Ben", "Chi")]
    started(cast, family)
    people = {person.pk: person for person in _everyone(family)}
    with acting_as_system("test"):
        assessment = Assessment.objects.select_related("form", "episode").get(family=family)
    told = list(_written(cast, draw, assessment, people, [cast.alice, cast.charlie, zoe]))
    hidden = {(child.pk, cast.health.pk) for child in children if draw.random() < 0.5}
    for pk, _ in hidden:
        does_not_share(cast, family, people[pk], cast.health)
    works_for = {
        cast.alice: cast.school,
        zoe: cast.school,
        cast.charlie: cast.health,
        head: cast.health,
        cast.manager: cast.school,
    }

    def expected(reader: User) -> set[str]:
        return {one.marker for one in told if _may(one, reader, works_for, hidden, cast)}

    for reader in works_for:
        wanted = expected(reader)
        client = Client()
        client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
        assert _found(told, body(client.get(page("assessment_read", family)))) == wanted, (seed, reader)
        with acting_as(reader):
            assert _found(told, " ".join(Answer.objects.values_list("text", flat=True))) == wanted, (seed, reader)
            changes = Change.objects.in_table(Answer).values_list("after__text", flat=True)
            assert _found(told, " ".join(text or "" for text in changes)) == wanted, (seed, reader)
            versions = Contribution.objects.filter(assessment=assessment)
            seen = " ".join(
                text
                for one in _with(versions, assessment)
                for kept in writing.versions(one)
                for text in kept.said.values()
            )
            assert _found(told, seen) == wanted, (seed, reader)
        if reader in (cast.alice, zoe, cast.charlie):
            parts = [*_places(assessment, people)]
            shown = " ".join(body(client.get(part_url(family, code, person))) for code, person in parts)
            assert _found(told, shown) == wanted, (seed, reader)
        on_paper = {
            one.marker for one in told if one.marker in wanted and one.readers == "everyone" and not one.kept_from
        }
        assert _found(told, printed(client, family)) == on_paper, (seed, reader)
    with acting_as(cast.alice):
        _finalise_and_go_on(cast, assessment)
    for reader in works_for:
        client = Client()
        client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
        assert _found(told, body(client.get(page("assessment_read", family)))) == expected(reader), (
            seed,
            reader,
            "next",
        )


def _may(one: Told, reader: User, works_for, hidden, cast) -> bool:
    """What the family's word and the writer's choice give, said anew."""
    agency = works_for[reader]
    if any((pk, agency.pk) in hidden for pk in one.about):
        return False
    if one.readers == "agency":
        return agency == works_for[one.author]
    if one.readers == "few":
        manages = reader.memberships.filter(agency=works_for[one.author], role=Role.MANAGER).exists()
        return reader in (one.author, cast.alice) or manages
    return True


def _everyone(family):
    with acting_as_system("test"):
        return list(family.everyone())


def _places(assessment, people):
    for part in assessment.form.form.parts:
        if part.about == "family":
            yield part.code, None
        else:
            yield from ((part.code, one) for one in people.values() if (one.kind == "adult") == (part.about == "adult"))


def _with(rows, assessment):
    for one in rows:
        one.assessment = assessment
        yield one


def _written(cast, draw, assessment, people, authors):
    works_for = {author: cast.health if author == cast.charlie else cast.school for author in authors}
    for author in authors:
        for code, person in _places(assessment, people):
            if draw.random() < 0.4:
                continue
            readers = draw.choice(("everyone", "everyone", "agency", "few"))
            kept_from = [draw.choice(list(people))] if draw.random() < 0.3 else []
            said, found = {}, []
            for question in assessment.form.form.part(code).questions:
                marker = f"Mark{draw.randrange(10**9)}x"
                about = {person.pk} if person else set()
                said[question.code, 0, BOX[question.kind]] = marker
                if question.kind == "outcomes" and draw.random() < 0.7:
                    named = draw.choice(list(people))
                    said[question.code, 0, "whom"] = str(named)
                    about.add(named)
                found.append(Told(marker, author, about, readers, bool(kept_from)))
            with acting_as(author):
                writing.write(
                    assessment=assessment,
                    part=code,
                    person=person,
                    words=Words(said, few=readers == "few", only_agency=readers == "agency", kept_from=kept_from),
                    actor=author,
                    agency=works_for[author],
                )
            yield from found


def _found(told, text: str) -> set[str]:
    return {one.marker for one in told if one.marker in text}


def _finalise_and_go_on(cast, assessment) -> None:
    finalising.finalise(assessment=assessment, actor=cast.alice, reasons=_AnyReason())
    assert not GoneWithout.objects.filter(what__contains="Mark").exists()
    again.open_next(assessment=assessment, actor=cast.alice)


class _AnyReason(dict):
    """A reason for whatever is missing."""

    def get(self, key, default=None):
        return "We wait with it."

    def __missing__(self, key):
        return "We wait with it."
