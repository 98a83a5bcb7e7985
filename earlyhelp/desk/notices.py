from dataclasses import dataclass

from django.urls import reverse

from earlyhelp.notifications.registry import Notice, Readers

ABOUT_WORK = Readers("about who works here: no family", lambda pairs: pairs)


@dataclass(frozen=True)
class About:
    """Whatever a message of the desk is about: it names nobody, and leads to a page."""

    pk: int
    url_name: str = "home"
    reference: str = ""

    def get_absolute_url(self) -> str:
        return reverse(self.url_name)


class RoleGiven(Notice):
    kind = "desk.role_given"
    text = "someone was given a role that opens or decides more: please see in the directory that it is right"
    readers = ABOUT_WORK


class CoverGiven(Notice):
    kind = "desk.cover_given"
    text = "someone stands in for a colleague who is away, and sees the families that the colleague leads"
    readers = ABOUT_WORK


class AgencyCloses(Notice):
    kind = "desk.agency_closes"
    text = "an agency that you manage closes: please hand its families over before"
    readers = ABOUT_WORK


class CodeTaken(Notice):
    kind = "desk.code_taken"
    text = "your one-time code was taken away because it was said to be lost: set up another one"
    though_read = True
    readers = ABOUT_WORK
