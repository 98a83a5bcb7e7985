from dataclasses import dataclass

from django.urls import reverse

from earlyhelp.notifications.registry import Notice, Readers


@dataclass(frozen=True)
class Given:
    """That someone was given a role. Names nobody: whoever is told finds them in the directory."""

    pk: int
    reference: str = ""

    def get_absolute_url(self) -> str:
        return reverse("directory")


class RoleGiven(Notice):
    kind = "desk.role_given"
    text = "someone was given a role that opens or decides more: please see in the directory that it is right"
    readers = Readers("answers for who works here", lambda about, users: list(users))
