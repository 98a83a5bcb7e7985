from dataclasses import asdict
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst

from earlyhelp.access.reads import log_reads
from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import Agency, Locality, Membership, Team, User, WorksFor
from earlyhelp.accounts.roles import agencies
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.core.prepared import Among, Prepared
from earlyhelp.drafts.pages import FormPage
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.procedures.services import procedure_in_force
from earlyhelp.workspace import caseload, export, policies
from earlyhelp.workspace.caseload import Filters, Tally
from earlyhelp.workspace.forms import FilterNameForm
from earlyhelp.workspace.models import SavedFilter

ANY = ("", "Any")
TOO_MANY = "Choose {} and show its families: then you can choose who leads."
MANY = 200  # people to choose from in one list


class Filtered(ActionView, abstract=True):
    """A page of the families that were chosen: by the address, else as they were chosen last."""

    def filters(self) -> Filters:
        said = self.request.GET
        if any(name in said for name in Filters.names()):
            chosen = Filters.read(said, self.user)
            if self.request.session.get("caseload") != asdict(chosen):
                self.request.session["caseload"] = asdict(chosen)
            return chosen
        if "clear" in said:
            self.request.session.pop("caseload", None)
        return Filters.read(self.request.session.get("caseload", {}), self.user)


SAVED = Prepared(lambda: SavedFilter.objects.all())


def _named(rows: QuerySet[Any], kind: str) -> QuerySet[Any, tuple[str, int, str]]:
    return rows.order_by().annotate(what=Value(kind), called=F("name")).values_list("what", "pk", "called")


def _places(agencies: Any) -> QuerySet[Any, tuple[str, int, str]]:
    rows = (Locality.objects.all(), Agency.objects.all(), Team.objects.filter(Among("agency", agencies)))
    areas, all_agencies, teams = map(_named, rows, ("locality", "agency", "team"))
    return areas.union(all_agencies, teams, all=True).order_by("called")


PLACES = Prepared(_places)


def _leads(agencies: Any) -> QuerySet[Any, tuple[int, str]]:
    may_lead = WorksFor.objects.filter(Among("agency", agencies), may_lead=True)
    return may_lead.order_by().values_list("user", "user__name")


def _of_team(agencies: Any, team: Any) -> QuerySet[Any, tuple[int, str]]:
    posts = Membership.objects.current().filter(user=OuterRef("user"), agency=OuterRef("agency"), team=team)
    return _leads(agencies).filter(Exists(posts))


LEADS = Prepared(lambda agencies: _leads(agencies)[: MANY + 1])
LEADS_OF_TEAM = Prepared(lambda agencies, team: _of_team(agencies, team)[: MANY + 1])
NAMED = Prepared(lambda user: User.objects.filter(pk=user).values_list("pk", "name"))


class Caseload(Filtered):
    """The families that I may see, with filters that are remembered until I change them."""

    action = policies.SEE_CASELOAD
    template_name = "workspace/caseload.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = self.filters()
        place = {name: request.GET.get(name, "") for name in ("after", "before")}
        page = caseload.page(chosen, self.user, **place)
        is_all = not any(place.values()) and not page.after
        log_reads(what="workspace.caseload", families=[(row.pk, row.reference) for row in page.rows])
        return self.page(
            rows=caseload.in_words(page.rows),
            count=Tally(len(page.rows)) if is_all else caseload.count(chosen, self.user),
            before=f"?{chosen.query}&before={page.before}" if page.before else "",
            after=f"?{chosen.query}&after={page.after}" if page.after else "",
            chosen=chosen,
            saved=[(one, Filters.read(one.chosen, self.user).query) for one in SAVED()],
            headings=list(self.headings(chosen)),
            **self.choices(chosen),
        )

    def headings(self, chosen: Filters) -> Any:
        """The columns, each with where it sorts by it and how it is sorted now."""
        words = {"name": "Family", "stage": "Stage", "lead": "Leads", "level": "Level of need", "due": "Next deadline"}
        for column, label in words.items():
            way = {column: "ascending", f"-{column}": "descending"}.get(chosen.sort, "")
            yield label, f"?{chosen.sorted_by(column).query}", way

    def choices(self, chosen: Filters) -> dict[str, Any]:
        """What there is to choose from; people and teams of the agency that is chosen, else of one's own."""
        of = [chosen.agency] if chosen.agency else [agency.pk for agency in agencies(self.user)]
        leads = LEADS_OF_TEAM(of, chosen.team) if chosen.team else LEADS(of)
        too_many = len(leads) > MANY
        if too_many:
            leads = NAMED(chosen.lead) if chosen.lead else []
        leads = sorted({*leads}, key=lambda one: (one[1], one[0]))
        places: dict[str, list[Any]] = {"locality": [ANY], "agency": [ANY], "team": [ANY]}
        for kind, pk, name in PLACES(of):
            places[kind].append((pk, name))
        return {
            "whose": caseload.whose(self.user).items(),
            "stages": caseload.stages().items(),
            "due": caseload.DUE.items(),
            "localities": places["locality"],
            "agencies": places["agency"],
            "teams": places["team"],
            "leads": [ANY, *leads],
            "leads_hint": TOO_MANY.format("a team" if places["team"][1:] else "an agency") if too_many else "",
            "levels": [ANY, *caseload.levels().items()],
            "most": export.MOST,
        }


class ExportFamilies(Filtered):
    """What the list shows, all pages of it, as a file. Who took it, and of which families, is logged."""

    action = policies.EXPORT_CASELOAD
    template_name = "workspace/too_many.html"

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        if kind not in export.KINDS:
            raise Http404
        chosen = self.filters()
        in_order = caseload.in_order(chosen.rows(self.user), chosen.sort).select_related("locality", "agency")
        rows = list(in_order[: export.MOST + 1])
        if len(rows) > export.MOST:
            return self.page(most=export.MOST, status=400)
        log_reads(what=self.action.code, families=[(row.pk, row.reference) for row in rows])
        words = procedure_in_force().words
        table = export.lines(caseload.in_words(rows), capfirst(words.locality), capfirst(words.agreement))
        body = export.as_csv(table) if kind == "csv" else export.as_xlsx(table)
        name = f"families-{clock.today():%Y-%m-%d}.{kind}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return HttpResponse(body, content_type=export.KINDS[kind], headers=headers)


class SaveFilter(FormPage):
    """Give what is chosen a name, to come back to it."""

    action = policies.SEE_CASELOAD
    form_class = FilterNameForm
    title = "Save these filters"
    submit_text = "Save"
    success = "Saved. It stands above the list of families."
    keeps_draft = False

    def back_url(self) -> str:
        return reverse("caseload")

    def save(self, form: FilterNameForm) -> str:
        name = form.cleaned_data["name"]
        if SavedFilter.objects.filter(name=name).exists():
            raise Refused("You have saved filters under this name. Enter another name", field="name")
        chosen = Filters.read(self.request.session.get("caseload", {}), self.user)
        SavedFilter.objects.create(user=self.user, name=name, chosen=asdict(chosen))
        return self.back_url()


class RemoveFilter(FormPage):
    action = policies.SEE_CASELOAD
    form_class = GovukForm
    keeps_draft = False
    removes = True
    submit_text = "Remove it"
    success = "The saved filters are removed. No family has changed."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.saved = get_object_or_404(SavedFilter, pk=kwargs["pk"])

    def get_title(self) -> str:
        return f"Remove the saved filters “{self.saved.name}”?"

    def back_url(self) -> str:
        return reverse("caseload")

    def save(self, form: GovukForm) -> str:
        self.saved.delete()
        return self.back_url()
