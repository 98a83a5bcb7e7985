from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse

from consent.models import Disclosure, Tier
from consent.presenters import readable
from consent.services import ledger
from consent.services.disclosures import record_disclosure
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.levels import Level
from earlyhelp.access.reasons import LAWFUL
from earlyhelp.access.views import FamilyView
from earlyhelp.accounts.models import Agency, User
from earlyhelp.core import clock
from earlyhelp.core.dates import end_of
from earlyhelp.core.text import is_number
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.fields import PastMomentField, TextField
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.printing.pdf import pdf_response
from earlyhelp.workspace import policies, printing, who
from families.models import Family, FiledInError, Person
from families.policies import RESTORE, SEE_ERRORS
from families.services.errors import restore

MOST = 20


class WhoCanSee(FamilyView):
    """Each person, how far, why, until when."""

    action = policies.SEE_READERS
    template_name = "workspace/who_can_see.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        leads = self.asker.level >= Level.LEAD
        of = None if leads else readable(self.family.people(), self.asker)
        return self.page(
            # That something was shared without agreement is for who leads: the family may not have been told
            readers=[row for row in who.readers(self.family, of=of) if row.reason.code != LAWFUL or leads],
            may_ask=self.may(policies.EXPLAIN),
            may_replay=self.may(policies.REPLAY),
            may_see_errors=self.may(SEE_ERRORS),
            may_print=self.may(policies.PRINT_READERS),
        )


class OnField(PastMomentField):
    """A moment in the past; without a time, the end of its day, or now when that is today."""

    optional_parts = ("time",)

    def read(self, boxes: dict[str, str]) -> datetime:
        if boxes["time"]:
            return super().read(boxes)
        day = self.read_date(boxes)
        self.check_side(day)
        return min(end_of(day), clock.now())


class OnForm(GovukForm):
    on = OnField(
        label="On which date?",
        noun="The date",
        required_message="Enter a date",
        help_text="For example, 27 3 2026. Without a time, it is the end of that day.",
    )


class WhoCouldSee(FamilyView):
    """Who could see the family at a moment, and what the ledger said then: for complaints and subject access requests."""

    action = policies.REPLAY
    template_name = "workspace/who_could_see.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = OnForm(request.GET) if any(name.startswith("on_") for name in request.GET) else OnForm()
        context: dict[str, Any] = {"form": form, "moment": None}
        if form.is_bound and form.is_valid():
            context |= self.on(form.cleaned_data["on"])
        return self.page(**context)

    def on(self, moment: datetime) -> dict[str, Any]:
        since = who.kept_since(self.family)
        people = {p.pk: p.name for p in self.family.people()}
        choices = ledger.latest_choices(self.family, by=moment)
        agencies = dict(Agency.objects.filter(pk__in={agency for _, agency in choices}).values_list("pk", "name"))
        rows = [
            (people[person], agencies[agency], "Never share" if held.never else Tier(held.at(moment).tier).label)
            for (person, agency), held in choices.items()
            if person in people
        ]
        return {
            "moment": moment,
            "before_family": moment < self.family.created_at,
            "kept_since": since if since and moment < since else None,
            "readers": who.readers_on(self.family, moment),
            "choices": sorted(rows),
            "agreements": ledger.agreements_on(self.family, moment),
        }


class FiledErrors(FamilyView):
    """What was filed here in error."""

    action = SEE_ERRORS
    template_name = "workspace/filed_in_error.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.page(stubs=_stubs(self.family))


def _stubs(family: Family) -> list[FiledInError]:
    """All of them, also of notes that few could read: for the service manager."""
    with acting_as_system("what was filed in error"):
        return list(FiledInError.objects.filter(family=family).select_related("filed_by", "created_by"))


def _stub(family: Family, pk: int) -> FiledInError:
    found = next((stub for stub in _stubs(family) if stub.pk == pk), None)
    if found is None:
        raise Http404
    return found


class WhoHadOpened(FamilyView):
    """One thing that was filed here in error: why it is gone, and who had opened it before."""

    action = SEE_ERRORS
    template_name = "workspace/who_had_opened.html"

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        stub = _stub(self.family, pk)
        return self.page(stub=stub, openers=who.opened(stub))


class RightAfterAll(FamilyFormPage):
    """The service manager puts back what was removed by mistake."""

    action = RESTORE
    form_class = GovukForm
    title = "Was it right here after all?"
    submit_text = "Put it back"
    success = "It is in its place again."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.stub = _stub(self.family, kwargs["pk"])
        self.warning = f"The {self.stub.what} can be seen again by everyone who may see this family’s record."

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}filed-in-error/"

    def save(self, form: GovukForm) -> str:
        restore(stub=self.stub, actor=self.user)
        return self.back_url()


class FamilysCopy(FamilyView, abstract=True):
    """What a family, or one person of it, is told of who can see their information, and who has looked at it."""

    action = policies.PRINT_READERS

    def person(self) -> Person | None:
        wanted = self.request.GET.get("person", "")
        if not wanted:
            return None
        found: Person = self.row(Person, pk=_number(wanted) if wanted.isascii() else 0)
        return found


class ForTheFamily(FamilysCopy):
    """On the screen, with the prints for the whole family and for each person."""

    template_name = "workspace/readers_for_family.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        person = self.person()
        return self.page(
            told=printing.what_the_family_is_told(self.family, person),
            person=person,
            people=list(self.family.people()),
        )


class PrintReaders(FamilysCopy):
    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        person = self.person()
        pdf = printing.readers_pdf(self.family, person, large_print="large" in request.GET)
        record_disclosure(
            family=self.family,
            how=Disclosure.How.PRINTED,
            what="Who can see the information, and who has looked at it",
            to_whom=person.name if person else "The family",
            about=[person.pk] if person else (),
            basis=Disclosure.Basis.FAMILY,
            actor=self.user,
        )
        return pdf_response(pdf, filename=f"who-can-see-{self.family.reference}.pdf")


class PersonSearchForm(GovukForm):
    name = TextField(label="Name or e-mail address", required_message="Enter a name or an e-mail address")


class WhyNot(FamilyView):
    """Pick a person; read which condition is missing. For the lead and managers only, so that it is no oracle."""

    action = policies.EXPLAIN
    template_name = "workspace/why_not.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        form = PersonSearchForm(request.GET or None) if "name" in request.GET else PersonSearchForm()
        found: list[User] = []
        if form.is_bound and form.is_valid():
            text = form.cleaned_data["name"]
            users = User.objects.filter(Q(name__icontains=text) | Q(email__iexact=text), is_active=True)
            found = list(users.order_by("name")[:MOST])
        context: dict[str, Any] = {"form": form, "found": found, "chosen": None, "conditions": [], "sees": False}
        if chosen := User.objects.filter(pk=_number(request.GET.get("person"))).first():
            context |= {
                "chosen": chosen,
                "other_ways": who.other_ways(self.family, chosen),
                "conditions": who.why_not(self.family, chosen),
                "sees": who.visible(self.family, chosen),
            }
        return self.page(**context)


def _number(text: str | None) -> int:
    return int(text) if text and is_number(text) else 0
