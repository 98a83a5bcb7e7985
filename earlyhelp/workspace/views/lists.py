from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from earlyhelp.access.reads import log_reads
from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import Locality, Role
from earlyhelp.accounts.roles import has_role
from earlyhelp.core import clock
from earlyhelp.core.text import clean_line, is_number
from earlyhelp.workspace import caseload, policies, search
from families.models import Episode

PER_PAGE = 25
WHOSE = [("mine", "Mine"), ("all", "All that I may see")]
DUE = [("", "Any"), ("overdue", "Overdue"), ("week", "Due in 7 days")]


class Caseload(ActionView):
    """The families that I may see, with filters that are remembered until I change them."""

    action = policies.SEE_CASELOAD
    template_name = "workspace/caseload.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = self.filters()
        rows = caseload.mine(self.user) if chosen["whose"] == "mine" else caseload.families()
        if chosen["stage"]:
            rows = rows.filter(stage=chosen["stage"])
        if chosen["locality"]:
            rows = rows.filter(locality=chosen["locality"])
        if chosen["due"]:
            until = clock.now() + (clock.WEEK if chosen["due"] == "week" else timedelta())
            rows = rows.filter(next_due__lte=until)
        page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
        page.object_list = caseload.with_first_dates(page.object_list)
        log_reads(what="workspace.caseload", families=[(family.pk, family.reference) for family in page])
        return self.page(
            page_obj=page,
            chosen=chosen,
            whose=WHOSE,
            due=DUE,
            stages=Episode.Stage.choices,
            localities=Locality.objects.all(),
            now=clock.now(),
        )

    def filters(self) -> dict[str, Any]:
        """What the address says, else what was chosen last."""
        names = ("whose", "stage", "locality", "due")
        asked = {name: self.request.GET.get(name, "") for name in names}
        if any(name in self.request.GET for name in names):
            self.request.session["caseload"] = asked
        elif "clear" in self.request.GET:
            self.request.session.pop("caseload", None)
        first = "mine" if has_role(self.user, Role.PRACTITIONER) else "all"
        chosen = self.request.session.get("caseload", {"whose": first} | dict.fromkeys(names[1:], ""))
        return {
            "whose": chosen["whose"] if chosen["whose"] in dict(WHOSE) else first,
            "stage": chosen["stage"] if chosen["stage"] in Episode.Stage.values else "",
            "locality": int(chosen["locality"]) if is_number(chosen["locality"]) else "",
            "due": chosen["due"] if chosen["due"] in dict(DUE) else "",
        }


class Search(ActionView):
    """By name, reference, date of birth or postcode. What was searched for isn't kept in an address: it is posted."""

    action = policies.SEARCH
    template_name = "workspace/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(text="", hits=[], asked=False, error="")

    def post(self, request: HttpRequest) -> HttpResponse:
        text = clean_line(request.POST.get("q", ""))[:200]
        if not text:
            return self.page(text="", hits=[], asked=False, error="Enter a name, reference, date of birth or postcode")
        hits = search.find(text)
        log_reads(what="workspace.search", families=[(hit.family.pk, hit.family.reference) for hit in hits])
        return self.page(text=text, hits=hits, asked=True, error="")
