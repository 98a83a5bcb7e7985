"""One class per notification: its words, in the app and by e-mail, and which rule says who may be told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.apps import apps
from django.db.models import Q
from django.db.models.functions import Coalesce

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.known import may_know
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.notifications.models import Notification
from earlyhelp.procedures.services import procedure_in_force

Pairs = set[tuple[str, User]]  # the id of what there is to be told of, and whom


@dataclass(frozen=True)
class Readers:
    """A rule of who may be told: of pairs of what has an id and a user, those of who may know of it."""

    name: str
    of: Callable[[Pairs], Pairs]


def may_read(model: str) -> Readers:
    """Whoever row security shows the row of a model, such as a request: each is asked once, for all of theirs."""

    def those(pairs: Pairs) -> Pairs:
        rows, theirs, told = apps.get_model(model)._default_manager.all(), dict[User, list[str]](), Pairs()
        for about, user in pairs:
            theirs.setdefault(user, []).append(about)
        for user, asked in theirs.items():
            with acting_as(user):
                told |= {(str(pk), user) for pk in rows.filter(pk__in=asked).values_list("pk", flat=True)}
        return told

    return Readers(f"may read the {model.rpartition('.')[2].lower()}", those)


def _of_family(pairs: Pairs) -> Pairs:
    know = may_know((int(about), user.pk) for about, user in pairs)
    return {(about, user) for about, user in pairs if (int(about), user.pk) in know}


FAMILY = Readers("may read the family", _of_family)
# Whoever had something here and may not look any more: the page behind the link says no more than that
REFERENCE_ONLY = Readers("had something here: reference only", lambda pairs: pairs)


class Notice:
    """A kind of notification. `text` may use {reference} and the council's word for {agreement}, and nothing else:
    no name, no content (design, section 5). `readers` is asked when someone is told, and again when it is e-mailed;
    what was read by then isn't, unless `though_read`: whoever read it may be someone else."""

    kind: ClassVar[str]
    text: ClassVar[str]
    by_email: ClassVar[bool] = True
    though_read: ClassVar[bool] = False
    readers: ClassVar[Readers] = FAMILY
    registry: ClassVar[dict[str, type["Notice"]]] = {}

    def __init_subclass__(cls) -> None:
        if cls.kind in Notice.registry:
            raise ValueError(f"The notification {cls.kind} is declared twice")
        Notice.registry[cls.kind] = cls

    @classmethod
    def tell(cls, users: Iterable[User], *, about: Any, key: object, url: str = "") -> None:
        """Tell those of `users` who may be told, once for each `key`, however often it is called. It is `about` a family, a
        request or a deadline: whatever has a reference and an address."""
        tell_all(Message(cls, user, about, key, url) for user in users)

    @classmethod
    def settle(cls, *keys: object) -> None:
        """What was asked for under a `key` is done, or not needed: nobody has to read of it any more, or gets an e-mail."""
        settle_all([cls], keys)

    @classmethod
    def may_still_be_told(cls, notification: Notification) -> bool:
        return bool(cls.readers.of({(notification.about, notification.user)}))


@dataclass(frozen=True)
class Message:
    """What someone is to be told, as `Notice.tell` says."""

    notice: type[Notice]
    user: User
    about: Any
    key: object
    url: str = ""

    @property
    def pair(self) -> tuple[str, User]:
        return str(self.about.pk), self.user


def tell_all(messages: Iterable[Message]) -> None:
    """As `Notice.tell`, of much at once."""
    by_rule: dict[Readers, list[Message]] = {}
    for one in messages:
        by_rule.setdefault(one.notice.readers, []).append(one)
    for readers, those in by_rule.items():
        may = readers.of({one.pair for one in those})
        Notification.objects.bulk_create(
            [
                Notification(
                    user=one.user,
                    kind=one.notice.kind,
                    about=str(one.about.pk),
                    reference=one.about.reference,
                    url=one.url or one.about.get_absolute_url(),
                    key=f"{one.notice.kind}:{one.key}:{one.user.pk}",
                )
                for one in those
                if one.pair in may
            ],
            ignore_conflicts=True,
        )


def settle_all(kinds: Iterable[type[Notice]], keys: Iterable[object]) -> None:
    """As `Notice.settle`, of several kinds."""
    asked, kinds = Q(), list(kinds)
    for key in keys:
        for kind in kinds:
            asked |= Q(key__startswith=f"{kind.kind}:{key}:")
    if asked:
        with acting_as_system("a message whose matter is done"):
            now = clock.now()
            waiting = Notification.objects.filter(asked, read_at=None)
            waiting.update(read_at=now, emailed_at=Coalesce("emailed_at", now))


def words(notification: Notification, *, name: str = "") -> str:
    """The sentence of a notification: inside the product with the `name` of the family, for who may know it."""
    word = procedure_in_force().words.agreement
    who = f"{name} ({notification.reference})" if name else notification.reference
    return Notice.registry[notification.kind].text.format(reference=who, agreement=word)
