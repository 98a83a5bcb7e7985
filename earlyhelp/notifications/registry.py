"""One class per notification: its words, in the app and by e-mail. Who gets it is asked elsewhere."""

from collections.abc import Iterable
from typing import ClassVar

from earlyhelp.accounts.models import LocalProcedure, User
from earlyhelp.notifications.models import Notification


class Notice:
    """A kind of notification. `text` may use {reference} and the council's word for {agreement}, and nothing else:
    no name, no content (design, section 5)."""

    kind: ClassVar[str]
    text: ClassVar[str]
    by_email: ClassVar[bool] = True
    registry: ClassVar[dict[str, type["Notice"]]] = {}

    def __init_subclass__(cls) -> None:
        if cls.kind in Notice.registry:
            raise ValueError(f"The notification {cls.kind} is declared twice")
        Notice.registry[cls.kind] = cls

    @classmethod
    def send(cls, *, to: Iterable[User], reference: str, url: str, key: str) -> None:
        """Tell each of `to`, once for each `key`, however often it is called."""
        Notification.objects.bulk_create(
            [
                Notification(user=user, kind=cls.kind, reference=reference, url=url, key=f"{cls.kind}:{key}:{user.pk}")
                for user in to
            ],
            ignore_conflicts=True,
        )


def words(notification: Notification) -> str:
    """The sentence of a notification."""
    word = LocalProcedure.current().agreement_word
    return Notice.registry[notification.kind].text.format(reference=notification.reference, agreement=word)
