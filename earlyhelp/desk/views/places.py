from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import Agency, District, Locality, Membership
from earlyhelp.accounts.roles import managers_of
from earlyhelp.desk import policies
from earlyhelp.desk.forms import places as forms
from earlyhelp.desk.services import changes, places
from earlyhelp.desk.views.lists import ListPage
from earlyhelp.drafts.pages import FormPage
from earlyhelp.govuk.forms import GovukForm


class Agencies(ActionView):
    """Who takes part, and how many people work there."""

    action = policies.KEEP_PLACES
    template_name = "desk/agencies.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        working = Membership.objects.current().filter(user__is_active=True).order_by()
        people = dict(working.values_list("agency").annotate(Count("user", distinct=True)))
        rows = [(agency, people.get(agency.pk, 0)) for agency in Agency.objects.select_related("locality")]
        return self.page(rows=rows)


class AddAgency(FormPage):
    action = policies.KEEP_PLACES
    form_class = forms.AgencyForm
    title = "Add an agency"
    submit_text = "Add this agency"
    success = "The agency is added. Invite the people who work there."

    def back_url(self) -> str:
        return reverse("agencies")

    def save(self, form: forms.AgencyForm) -> str:
        agency = places.add_agency(actor=self.user, **form.cleaned_data)
        return reverse("agency", args=[agency.pk])


class OneAgency(FormPage, abstract=True):
    action = policies.KEEP_PLACES

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.agency = get_object_or_404(Agency.objects.select_related("locality"), pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("agency", args=[self.agency.pk])


class ShowAgency(ActionView):
    """An agency: where it is, its teams, who works there, and what was changed of it."""

    action = policies.KEEP_PLACES
    template_name = "desk/agency.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        agency = get_object_or_404(Agency.objects.select_related("locality"), pk=pk)
        working = Membership.objects.current().filter(agency=agency, user__is_active=True)
        return self.page(
            agency=agency,
            teams=agency.teams.all(),
            working=working.select_related("user", "locality").order_by("user__name"),
            history=changes.of(agency)[:20],
        )


class ChangeAgency(OneAgency):
    form_class = forms.AgencyForm
    success = "Saved."

    def get_title(self) -> str:
        return f"Change {self.agency.name}"

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.agency, name) for name in forms.AgencyForm.base_fields}

    def save(self, form: forms.AgencyForm) -> str:
        places.change_agency(agency=self.agency, actor=self.user, **form.cleaned_data)
        return self.back_url()


class CloseAgency(OneAgency):
    """Begin to close an agency: what hangs on it, and until when its managers have to hand it over."""

    form_class = forms.CloseForm
    template_name = "desk/close_agency.html"
    removes = True
    submit_text = "Close it on that day"
    success = "It closes on that day. Its managers are told to hand its families over before."

    def get_title(self) -> str:
        return f"Close {self.agency.name}?"

    def context(self) -> dict[str, Any]:
        managers = managers_of(self.agency).exists()
        return super().context() | {"hangs": places.hangs_on(self.agency), "has_manager": managers}

    def save(self, form: forms.CloseForm) -> str:
        places.begin_to_close(agency=self.agency, actor=self.user, **form.cleaned_data)
        return self.back_url()


class KeepOpen(OneAgency):
    """It doesn't close after all, or opens again."""

    form_class = forms.OpenForm
    submit_text = "Keep it open"
    success = "It is open."

    def get_title(self) -> str:
        return f"Keep {self.agency.name} open?"

    def get_lede(self) -> str:
        return "Whoever has a role there can work again, with what is still theirs."

    def save(self, form: forms.OpenForm) -> str:
        places.stay_open(agency=self.agency, why=form.cleaned_data["why"], actor=self.user)
        return self.back_url()


class AddTeam(OneAgency):
    form_class = forms.TeamForm
    submit_text = "Add this team"
    success = "The team is added."

    def get_title(self) -> str:
        return f"Add a team at {self.agency.name}"

    def save(self, form: forms.TeamForm) -> str:
        places.add_team(agency=self.agency, actor=self.user, **form.cleaned_data)
        return self.back_url()


class Localities(ActionView):
    """The areas, who holds their posts, their officers and their districts."""

    action = policies.KEEP_PLACES
    template_name = "desk/localities.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        officers = Membership.objects.current().filter(role="locality_officer", user__is_active=True)
        by_place: dict[int, list[str]] = {}
        for row in officers.select_related("user"):
            by_place.setdefault(row.locality_id or 0, []).append(row.user.name)
        found = Locality.objects.annotate(count=Count("districts")).order_by("name")
        return self.page(rows=[(place, by_place.get(place.pk, [])) for place in found])


class AddLocality(FormPage):
    action = policies.KEEP_PLACES
    form_class = forms.LocalityForm
    title = "Add an area"
    submit_text = "Add this area"
    success = "The area is added. Say which postcode districts lie in it."

    def back_url(self) -> str:
        return reverse("localities")

    def save(self, form: forms.LocalityForm) -> str:
        places.add_locality(actor=self.user, **form.cleaned_data)
        return self.back_url()


class ChangeLocality(FormPage):
    action = policies.KEEP_PLACES
    form_class = forms.LocalityForm
    success = "Saved."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.locality = get_object_or_404(Locality, pk=kwargs["pk"])

    def get_title(self) -> str:
        return f"Change {self.locality.name}"

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.locality, name) for name in forms.LocalityForm.base_fields}

    def back_url(self) -> str:
        return reverse("localities")

    def save(self, form: forms.LocalityForm) -> str:
        places.change_locality(locality=self.locality, actor=self.user, **form.cleaned_data)
        return self.back_url()


class Districts(ListPage):
    """Which postcode districts lie where: a list, and lines to add to it or to change it."""

    action = policies.KEEP_PLACES
    form_class = forms.DistrictsForm
    template_name = "desk/districts.html"
    title = "Postcode districts"
    lede = "A request finds its area by the family’s postcode."
    submit_text = "Take this list"
    what = "district"

    def back_url(self) -> str:
        return reverse("localities")

    def context(self) -> dict[str, Any]:
        return super().context() | {"districts": District.objects.select_related("locality")}

    def take(self, text: str) -> tuple[int, list[places.Wrong]]:
        return places.set_districts(text=text, actor=self.user)


class RemoveDistrict(FormPage):
    action = policies.KEEP_PLACES
    form_class = GovukForm
    keeps_draft = False
    removes = True
    submit_text = "Take it off the list"
    success = "It is off the list."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.district = get_object_or_404(District.objects.select_related("locality"), pk=kwargs["pk"])

    def get_title(self) -> str:
        return f"Take {self.district.code} off the list of {self.district.locality}?"

    def back_url(self) -> str:
        return reverse("districts")

    def save(self, form: GovukForm) -> str:
        places.remove_district(district=self.district, actor=self.user)
        return self.back_url()
