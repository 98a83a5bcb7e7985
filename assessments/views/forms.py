"""The form of assessments, for whoever keeps the local procedure: what it asks, and how it looks on screen and paper."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from assessments.blank import blank
from assessments.forms.part import PartForm
from assessments.models import FormVersion
from assessments.places import Place
from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import Agency
from earlyhelp.desk import policies
from earlyhelp.desk.forms.procedure import DocumentForm
from earlyhelp.drafts.pages import FormPage
from earlyhelp.printing.pdf import pdf_response, render_pdf
from earlyhelp.procedures.document import read
from earlyhelp.procedures.form import AssessmentForm, whole
from earlyhelp.procedures.services import procedure_in_force, text_in_force
from families.models import Person

AN_AGENCY = Agency(pk=1, name="an agency")


def examples() -> dict[str, Person]:
    """Whom a part may be about, invented."""
    return {
        "child": Person(pk=1, kind=Person.Kind.CHILD, first_name="Sam", last_name="Example"),
        "adult": Person(pk=2, kind=Person.Kind.ADULT, first_name="Kim", last_name="Example"),
    }


def example_places(form: AssessmentForm) -> list[Place]:
    """Each part once, about someone invented."""
    people = examples()
    return [Place(part, people.get(part.about), AN_AGENCY if part.about == "agency" else None) for part in form.parts]


def shown(form: AssessmentForm) -> list[tuple[Place, PartForm]]:
    """Each part as its page looks."""
    return [
        (
            place,
            PartForm(
                prefix=place.part.code,
                form=form,
                questions=place.part.questions,
                person=place.person,
                people=list(examples().values()),
                agency=AN_AGENCY,
                rows=2,
            ),
        )
        for place in example_places(form)
    ]


def printed(form: AssessmentForm) -> HttpResponse:
    """The form with nothing in it, as a PDF."""
    parts = blank(form, [(place, place.part.questions) for place in example_places(form)])
    title = procedure_in_force().words.assessment
    pdf = render_pdf("assessments/blank.html", {"parts": parts}, title=f"{title[:1].upper()}{title[1:]}: the form")
    return pdf_response(pdf, filename="assessment-form.pdf")


class ShowForm(ActionView):
    """What an assessment asks, question by question, and the versions of the form so far."""

    action = policies.KEEP_PROCEDURE
    template_name = "assessments/form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = whole(procedure_in_force().assessment)
        return self.page(form=form, versions=FormVersion.objects.select_related("procedure"))


class PreviewForm(ActionView):
    """The form in force, as whoever writes an assessment sees it."""

    action = policies.KEEP_PROCEDURE
    template_name = "assessments/form_preview.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = whole(procedure_in_force().assessment)
        return self.page(places=shown(form), parts=form.parts, back_url=reverse("assessment_form"), boxes=[])


class PrintForm(ActionView):
    """The form in force on paper, with nothing in it."""

    action = policies.KEEP_PROCEDURE

    def get(self, request: HttpRequest) -> HttpResponse:
        return printed(whole(procedure_in_force().assessment))


class TryForm(FormPage):
    """A document that isn’t loaded: its form as it would look on screen and on paper."""

    action = policies.KEEP_PROCEDURE
    form_class = DocumentForm
    title = "Try a form"
    submit_text = "Show it on screen"
    lede = "Change what stands under [assessment], and look at it. Nothing is loaded here: that is done under “Local procedure”."
    template_name = "assessments/try_form.html"

    def back_url(self) -> str:
        return reverse("assessment_form")

    def initial(self) -> dict[str, Any]:
        return {"text": text_in_force()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, request.FILES or None, initial=self.initial())
        self.keep()
        if "leave" in request.POST or not form.is_valid():
            return super().post(request, *args, **kwargs)
        tried = whole(read(form.cleaned_data["text"]).assessment)
        if "print" in request.POST:
            return printed(tried)
        boxes = [("text", form.cleaned_data["text"])]
        return self.page(
            "assessments/form_preview.html", places=shown(tried), parts=tried.parts, back_url=request.path, boxes=boxes
        )
