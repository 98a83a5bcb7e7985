"""What the agreement form says: versions, placeholders, and the local words that fill them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count

from consent.models import Agreement, Wording
from earlyhelp.access.identity import acting_as_system
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused, Stale
from earlyhelp.procedures.document import value_at
from earlyhelp.procedures.models import Version
from earlyhelp.procedures.schema import Procedure
from earlyhelp.procedures.services import Next, procedure_in_force

# What may stand in braces, and the value of the local procedure that fills it
PLACEHOLDERS = {
    "council": "authority.name",
    "service": "authority.service",
    "lead": "words.lead",
    "agreement": "words.agreement",
    "form": "words.agreement_form",
    "locality": "words.locality",
    "front_door": "words.front_door",
    "age": "ages.own_word",
}
TEXTS = (
    "introduction", "held", "shared", "basic", "additional", "refusing", "withdrawing", "limits", "statements",
)  # fmt: skip
IN_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Block:
    """A paragraph, or a list when it has items."""

    text: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """A version of the form as people read it, each text in blocks."""

    wording: Wording
    form: str
    texts: dict[str, list[Block]]
    statements: list[str]


def words_of(procedure: Procedure) -> dict[str, str]:
    """Each placeholder's word."""
    return {name: str(value_at(procedure, path)) for name, path in PLACEHOLDERS.items()}


def fill(text: str, words: Mapping[str, str]) -> str:
    return IN_BRACES.sub(lambda found: words.get(found[1], found[0]), text)


def problem(text: str) -> str:
    """What is wrong with the placeholders of a text, as a sentence, or ""."""
    allowed = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    for name in IN_BRACES.findall(text):
        if name not in PLACEHOLDERS:
            return f"There is no word for {{{name}}}. Use only {allowed}"
    if set("{}") & set(IN_BRACES.sub("", text)):
        return f"A brace stands alone. Use braces only in pairs, around one of these words: {allowed}"
    return ""


def read(wording: Wording) -> Words:
    """A version with its placeholders filled, in paragraphs and lists."""
    words = wording.words or words_of(procedure_in_force())
    texts = {name: fill(getattr(wording, name), words) for name in TEXTS}
    return Words(
        wording=wording,
        form=words["form"],
        texts={name: _blocks(text) for name, text in texts.items()},
        statements=[line for line in texts["statements"].splitlines() if line.strip()],
    )


def _blocks(text: str) -> list[Block]:
    blocks = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = part.splitlines()
        if all(line.startswith("- ") for line in lines):
            blocks.append(Block("", tuple(line.removeprefix("- ") for line in lines)))
        else:
            blocks.append(Block(part))
    return blocks


def draft() -> Wording | None:
    return Wording.objects.filter(published_at=None).first()


def next_draft() -> Wording:
    """What a new draft begins with: the version in force."""
    in_force = Wording.current()
    return Wording(**{name: getattr(in_force, name) for name in TEXTS}) if in_force else Wording()


def agreements_by_version() -> dict[int, int]:
    """How many agreements were given to each version: a count, of all families, and nothing else."""
    with acting_as_system("how many agreements were given to each version of the form"):
        counted = Agreement.objects.exclude(wording=None).order_by().values_list("wording")
        return dict(counted.annotate(Count("pk")))


@transaction.atomic
def save_draft(*, texts: Mapping[str, str], version: int, actor: User) -> Wording:
    """Keep the words of the next version, unless someone else did since `version`; the form says what it said before."""
    for text in texts.values():
        if wrong := problem(text):
            raise Refused(f"{wrong}.")
    said = {name: texts[name] for name in TEXTS}
    wording, new = Wording.objects.get_or_create(published_at=None, defaults=said | {"version": 1, "created_by": actor})
    if not new:
        wording.save_version(version, said, changed_at=clock.now())
        wording.refresh_from_db()
    return wording


@transaction.atomic
def publish(*, wording: Wording, seen: datetime, actor: User) -> Wording:
    """Make the draft, as it was when `actor` read it at `seen`, what the form says from now on."""
    locked = Wording.objects.select_for_update().get(pk=wording.pk)
    if locked.published_at:
        raise Stale("This version is published already.")
    if locked.changed_at != seen:
        raise Stale("Someone changed the draft after you opened this page. Open it again and read it once more.")
    locked.published_at, locked.published_by = _next_moment(), actor
    locked.save(update_fields=["published_at", "published_by"])
    return locked


def _has_new_words(change: Next) -> Wording | None:
    """The version in force, where another procedure changes what it says."""
    in_force, before, after = Wording.current(), words_of(change.before), words_of(change.after)
    return in_force if in_force and _used(in_force, before, after) else None


def what_follows(change: Next) -> Iterator[str]:
    if _has_new_words(change):
        yield "The form that families sign has the new words, in a new version. What people signed stays as it was."


def follow(change: Next, version: Version) -> None:
    """What was published keeps the words that it had; where they have changed, the form is published anew with the new ones."""
    before = words_of(change.before)
    if words_of(change.after) == before:
        return
    Wording.objects.exclude(published_at=None).filter(words__isnull=True).update(words=before)
    if in_force := _has_new_words(change):
        Wording.objects.create(
            **{name: getattr(in_force, name) for name in TEXTS},
            created_by=version.loaded_by,
            published_at=_next_moment(),
            published_by=version.loaded_by,
        )


def _used(wording: Wording, before: dict[str, str], after: dict[str, str]) -> bool:
    texts = [getattr(wording, name) for name in TEXTS]
    return before["form"] != after["form"] or any(fill(t, before) != fill(t, after) for t in texts)


def _next_moment() -> datetime:
    """Now, but after the version in force: the latest is in force, also where the demonstration's clock is moved."""
    now, latest = clock.now(), Wording.current()
    if latest is None or latest.published_at is None:
        return now
    return max(now, latest.published_at + timedelta(microseconds=1))
