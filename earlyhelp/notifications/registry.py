"""One class per notification: its words, in the app and by e-mail, and which rule says who may be told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.apps import apps
from django.db.models import Q
from django.db.models.functions import Coalesce

from earlyhelp.access.identity import acting_as, acting_as_system
from earlyhelp.access.known import who_may_know
from earlyhelp.accounts.models import User
from earlyhelp.core import clock
from earlyhelp.notifications.models import Notification
from earlyhelp.procedures.services import procedure_in_force


@dataclass(frozen=True)
class Readers:
    """A rule of who may be told: of users, those who may know of what has an id."""

    name: str
    of: Callable[[str, Iterable[User]], list[User]]


def may_read(model: str) -> Readers:
    """Whoever row security shows the row of a model, such as a request."""

    def those(about: str, users: Iterable[User]) -> list[User]:
        rows = apps.get_model(model)._default_manager.filter(pk=about)
        told = []
        for user in users:
            with acting_as(user):
                told += [user] if rows.exists() else []
        return told

    return Readers(f"may read the {model.rpartition('.')[2].lower()}", those)


FAMILY = Readers("may read the family", lambda about, users: who_may_know(int(about), users))
# Whoever had something here and may not look any more: the page behind the link says no more than that
REFERENCE_ONLY = Readers("had something here: reference only", lambda about, users: list(users))


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
        people = cls.readers.of(str(about.pk), set(users))
        Notification.objects.bulk_create(
            [
                Notification(
                    user=user,
                    kind=cls.kind,
                    about=str(about.pk),
                    reference=about.reference,
                    url=url or about.get_absolute_url(),
                    key=f"{cls.kind}:{key}:{user.pk}",
                )
                for user in people
            ],
            ignore_conflicts=True,
        )

    @classmethod
    def settle(cls, *keys: object) -> None:
        """What was asked for under a `key` is done, or not needed: nobody has to read of it any more, or gets an e-mail."""
        settle_all([cls], keys)

    @classmethod
    def may_still_be_told(cls, notification: Notification) -> bool:
        return bool(cls.readers.of(notification.about, [notification.user]))


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
