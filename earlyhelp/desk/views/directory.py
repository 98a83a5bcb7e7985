from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import Locality, Role, WorksFor
from earlyhelp.accounts.roles import service_managers
from earlyhelp.core.text import number
from earlyhelp.desk import policies

PER_PAGE = 25


class Directory(ActionView):
    """Whom to ring: everyone who works here, by agency, area and role; vacant posts, with who stands in."""

    action = policies.SEE_DIRECTORY
    template_name = "desk/directory.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        said = request.GET.get("find", "").strip()[:100]
        place, role = number(request.GET.get("area")), request.GET.get("role", "")
        found = WorksFor.objects.select_related("user", "agency", "agency__locality", "locality")
        if said:
            theirs = Q(user__name__icontains=said) | Q(user__job_title__icontains=said)
            found = found.filter(theirs | Q(agency__name__icontains=said))
        if place:
            found = found.filter(Q(locality=place) | Q(locality=None, agency__locality=place))
        if role in Role.values:
            found = found.filter(role=role)
        page = Paginator(found.order_by("agency__name", "user__name", "pk"), PER_PAGE).get_page(request.GET.get("page"))
        held = WorksFor.objects.filter(role=Role.LOCALITY_OFFICER).values("locality")
        return self.page(
            page_obj=page,
            find=said,
            area=place,
            role=role,
            localities=Locality.objects.all(),
            roles=Role.choices,
            vacant=Locality.objects.exclude(pk__in=held),
            stands_in=list(service_managers()),
        )
