"""Words of names: kept to know what a search may mean by one."""

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from earlyhelp.access.identity import acting_as_system
from families import search
from families.models import KnownWord, SearchKey


def alike(asked: str) -> dict[str, float]:
    """The words of names that a plain word may mean, with how well each meets it (`search.meets`): itself first. Whose names
    they are isn't said, nor whether there is anyone whom the asker may know of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT families_words_like(%s, %s)", [search.spelt(asked), sorted(search.sounds(asked))])
        scores = {word: search.meets(asked, word) for (word,) in cursor.fetchall()}
    found = {word: score for word, score in scores.items() if score} | {asked: 1.0}
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def sounding(words: Iterable[str]) -> set[str]:
    """The words of names that sound like one of some plain words."""
    sounds = {sound for word in words for sound in search.sounds(word)}
    return set(KnownWord.objects.filter(sounds__overlap=sorted(sounds)).values_list("word", flat=True))


def know(words: Iterable[str]) -> None:
    """Someone is about to be called so: known before the key that says who, in the same transaction (`forget`)."""
    rows = [
        KnownWord(word=word, spelt=search.spelt(word), sounds=sorted(search.sounds(word)))
        for word in sorted(set(words))
    ]
    KnownWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=5_000)


@transaction.atomic
def forget() -> int:
    """The words that nobody is called any more; returns how many. It waits for whoever is writing a name, and they for it."""
    called = SearchKey.objects.filter(kind=SearchKey.Kind.NAME, key=OuterRef("word"))
    with acting_as_system("words of names that nobody has any more"), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute(f"LOCK TABLE {KnownWord._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")
        return KnownWord.objects.filter(~Exists(called)).delete()[0]
