"""Views name the action that they carry out, at import time; what the action refuses, the page doesn't do."""

from typing import Any, ClassVar, cast

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import Model, OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views import View

from earlyhelp.access import navigation
from earlyhelp.access.actions import NEEDS, Action, Asker
from earlyhelp.access.case import Case
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.models import EndedAccess, Grant
from earlyhelp.access.reads import log_read
from earlyhelp.access.reasons import LAWFUL
from earlyhelp.accounts.models import Agency, User
from earlyhelp.accounts.roles import agencies, home_agency
from earlyhelp.core import clock
from earlyhelp.core.prepared import Prepared


def _known_to(user: Any, reference: Any) -> QuerySet[Any]:
    """The family of a reference, with what someone may do with it and why."""
    family: Any = apps.get_model("families", "Family")
    mine = Grant.objects.in_force().filter(user=user, family=OuterRef("pk"))
    grant = JSONObject(level="level", reason="reason", agency="agency_id", withheld="withheld_beyond_basic")
    rows = family.objects.select_related("locality").annotate(grants=ArraySubquery(mine.values(grant=grant)))
    found: QuerySet[Any] = rows.filter(reference=reference)
    return found


KNOWN_TO = Prepared(_known_to)


class Forbidden(PermissionDenied):
    """Visible, but not theirs to do: carries the reason that the 403 page gives."""

    def __init__(self, reason: str, label: str, back: str = "") -> None:
        super().__init__(reason)
        self.reason, self.label, self.back = reason, label, back


class ActionView(View):
    """A page with one action. `thing()` is what the action is done to."""

    action: ClassVar[Action]
    template_name: str = ""

    def __init_subclass__(cls, abstract: bool = False, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not abstract and not isinstance(getattr(cls, "action", None), Action):
            raise TypeError(f"{cls.__name__} names no action")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.load(**kwargs)
        self.require(self.action, self.thing())
        self.log()
        return super().dispatch(request, *args, **kwargs)

    def load(self, **kwargs: Any) -> None:
        """Fetch what the address names; what the asker can't see is not found."""
        self.asker = Asker(self.user)

    @property
    def user(self) -> User:
        """Who asks; the site is closed to whoever isn't signed in."""
        return cast(User, self.request.user)

    def thing(self) -> Any:
        return None

    def require(self, action: Action, thing: Any = None) -> None:
        """Go on, or leave with the action's reason why not."""
        if refusal := action.refusal(self.asker, thing):
            raise Forbidden(refusal, action.label, self.way_back())

    def way_back(self) -> str:
        """Where whoever is refused can go on, besides the start page."""
        return ""

    def log(self) -> None:
        """What a page shows of a family is logged; a page of no family has nothing to log."""

    def context(self) -> dict[str, Any]:
        """What every template of this kind of page needs."""
        return {"asker": self.asker}

    def page(self, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        return render(self.request, template or self.template_name, self.context() | context, status=status)


class FamilyView(ActionView, abstract=True):
    """A page of one family. Who can't see the family gets 404, or a word that their access ended."""

    family: Any
    case: Case

    def load(self, **kwargs: Any) -> None:
        reference = str(kwargs["reference"])
        family = KNOWN_TO.first(self.user, reference)
        if family is None:
            raise NotVisible(reference)
        self.family, self.case = family, Case(family)
        further = [one for one in family.grants if one["level"] >= Level.VIEW]
        self.asker = Asker(
            self.user,
            Level(max((one["level"] for one in family.grants), default=0)),
            frozenset(one["reason"] for one in family.grants),
            by_name={one["reason"] for one in further} == {LAWFUL},
            withheld=tuple(frozenset(one["withheld"]) for one in further),
        )

    @property
    def writes_for(self) -> Agency | None:
        """The agency for which the asker adds to the record: that through which they may, else their first."""
        may = [one for one in self.family.grants if one["level"] >= Level.CONTRIBUTE and one["agency"]]
        through = min(may, key=lambda one: (-one["level"], one["agency"]), default={"agency": None})
        return next((one for one in agencies(self.user) if one.pk == through["agency"]), home_agency(self.user))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who may know the family but not this much of it is told so, rather than that a row isn't there."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotVisible:
            raise
        except Http404:
            if self.asker.level < self.action.level:
                raise Forbidden(NEEDS[self.action.level], self.action.label, self.way_back()) from None
            raise

    def log(self) -> None:
        log_read(
            what=self.action.code,
            family_id=self.family.pk,
            reference=self.family.reference,
            row_id=self.kwargs.get("pk"),
        )

    def thing(self) -> Any:
        return self.case

    def may(self, action: Action) -> bool:
        """Whether the asker may do something to the family."""
        return action.allows(self.asker, self.case)

    def way_back(self) -> str:
        address: str = self.family.get_absolute_url()
        return "" if self.request.path == address else address

    def context(self) -> dict[str, Any]:
        tabs = navigation.items(navigation.TABS, self.asker, self.request.path, self.case, self.family.reference)
        banners = [banner(self.request, self.asker, self.case) for banner in navigation.BANNERS]
        return super().context() | {
            "family": self.family,
            "tabs": tabs,
            "banners": banners,
            "level": self.asker.level,
        }

    def row(self, model: type[Model], **lookup: Any) -> Any:
        """One row of this family, or 404."""
        found = model._default_manager.filter(family=self.family, **lookup).first()
        if found is None:
            raise Http404
        return found


class NotVisible(Http404):
    """A family that the asker can't see, by the reference in the address."""

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.reference = reference


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404; who once had access to the family in the address reads when it ended and whom to ask, and nothing more."""
    ended = None
    if isinstance(exception, NotVisible) and request.user.is_authenticated:
        ended = EndedAccess.objects.filter(user=request.user, reference=exception.reference).first()
        if ended is None:
            expired = Grant.objects.filter(user=request.user, until__lte=clock.now()).order_by("-until")
            ended = _expired(expired, exception.reference)
    if ended:
        return render(request, "access/ended.html", {"ended": ended, "typed": typed(request)}, status=404)
    return render(request, "404.html", {"typed": typed(request)}, status=404)


def _expired(grants: Any, reference: str) -> EndedAccess | None:
    rows = list(grants)
    with acting_as_system("the reference of a family that was seen until a date"):
        family_model: Any = apps.get_model("families", "Family")
        family_id = family_model.objects.filter(reference=reference).values_list("pk", flat=True).first()
    for grant in rows:
        if grant.family_id == family_id:
            return EndedAccess(user=grant.user, reference=reference, ended_at=grant.until)
    return None


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason."""
    reason = getattr(exception, "reason", "You can’t do this.")
    label = getattr(exception, "label", "")
    context = {
        "reason": reason,
        "action_label": label,
        "back_url": getattr(exception, "back", ""),
        "typed": typed(request),
    }
    return render(request, "403.html", context, status=403)


def typed(request: HttpRequest) -> list[str]:
    """The words of a form that was sent and is refused: its writer's, to copy."""
    if request.method != "POST" or not request.user.is_authenticated:
        return []
    names = [name for name in request.POST if name not in ("csrfmiddlewaretoken", "form_token")]
    return [text for name in names for text in request.POST.getlist(name) if " " in text.strip()]
