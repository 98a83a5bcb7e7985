import uuid
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from assessments import policies, presenters
from assessments.blank import blank
from assessments.forms.finalising import AskMoreForm, FinaliseForm, OverseeForm, SendForm, StartForm
from assessments.models import Asked, Assessment, Oversight
from assessments.reading import Sheet, people_of
from assessments.rules import closed_words, missing
from assessments.services import again, finalising, overseeing, sending, starting, writing
from assessments.standards import standards
from consent.forms.disclosures import PartialCopyForm
from consent.views.printing import PrintPage
from earlyhelp.access.case import Case
from earlyhelp.access.levels import Level
from earlyhelp.access.views import FamilyView
from earlyhelp.core import clock
from earlyhelp.core.text import number
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.components import Deadline, when_text
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.printing.pdf import pdf_response, render_pdf
from earlyhelp.procedures.services import procedure_in_force, words_then
from earlyhelp.timescales import services as timescales
from earlyhelp.timescales.models import Timescale
from families import case
from families.clocks import ASSESSMENT_START
from families.genogram import drawn, genogram
from families.models import Episode, Relationship, Request
from families.services.running import lead_of

CLOCK_TAGS = {"overdue": ("Overdue", "red"), "due soon": ("Due soon", "yellow"), "stopped": ("Stopped", "grey")}


class AssessmentPage(FamilyView):
    """Before the start, what an assessment is and what is missing; after it, the sections."""

    action = policies.SEE
    template_name = "assessments/assessment.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        if self.asker.by_name:
            return self.page(
                "assessments/read.html",
                written=[
                    (anchor, one, [(each, []) for each in one.passages])
                    for anchor, one in presenters.by_name(self.family)
                ],
                may_remark=False,
            )
        episode: Any = case.episode(self.case)  # every family has one
        assessment = starting.current(self.family, episode)
        timescale = timescales.clock_of(ASSESSMENT_START, episode)
        if assessment is None:
            return self.before_start(episode, timescale)
        sheet = Sheet(assessment, self.family, self.writes_for)
        asked = presenters.asked_of(sheet, self.asker)
        return self.page(
            assessment=assessment,
            tasks=presenters.task_list(sheet, self.asker, asked),
            asked=asked,
            may_ask=policies.ASK.allows(self.asker, assessment),
            clock=timescale,
            lead=case.lead(self.case),
            closed=closed_words(assessment),
            versions=self.versions(assessment),
            oversight=self.oversight(assessment),
            may_oversee=self.may(policies.OVERSEE),
            sent=self.sent(assessment),
            may_send=assessment.is_request and policies.SEND.allows(self.asker, assessment),
            may_open_next=not assessment.is_open and policies.OPEN_NEXT.allows(self.asker, assessment),
            may_finalise=assessment.is_open and self.may(policies.FINALISE),
        )

    def sent(self, assessment: Assessment) -> dict[str, Any] | None:
        """As which request it was sent, when, and what the answer is."""
        said: dict[str, Any] | None = assessment.as_request  # type: ignore[attr-defined]
        if not said or not said["sent_at"]:
            return None
        at = datetime.fromisoformat(said["sent_at"])
        return said | {"sent_at": at, "answer": Request(outcome=said["answer"]).outcome_words}

    def versions(self, assessment: Assessment) -> list[Assessment]:
        """Those before it, which are only read."""
        if not assessment.previous_id:
            return []
        rows = Assessment.objects.filter(family=self.family, status=Assessment.Status.FINALISED)
        return list(rows.exclude(pk=assessment.pk).select_related("finalised_by"))

    def oversight(self, assessment: Assessment) -> Any:
        """What a manager said of it, and of the version that it takes the place of."""
        if self.asker.level < Level.LEAD:
            return ()
        rows = Oversight.objects.filter(assessment__in=[assessment.pk, assessment.previous_id])
        return rows.select_related("author")

    def before_start(self, episode: Episode, timescale: Timescale | None) -> HttpResponse:
        obstacle = starting.obstacle(episode)
        refusal = policies.START.refusal(self.asker, self.case)
        deadlines = []
        if timescale and not timescale.met_at:
            tag = CLOCK_TAGS.get(timescale.state, ("", ""))
            deadlines = [Deadline("Start the assessment", timescale.due_at, str(timescale.owner or ""), *tag)]
        return self.page(
            "assessments/before_start.html",
            deadlines=deadlines,
            obstacle=obstacle,
            earlier=starting.earlier(self.family),
            refusal=refusal,
            form_token=str(uuid.uuid4()),
        )


class StartAssessment(FamilyFormPage):
    action = policies.START
    form_class = StartForm
    template_name = "assessments/start.html"
    title = "Start the assessment"
    submit_text = "Start the assessment"
    success = "The assessment has started. Write with the family, in any order."
    keeps_draft = False

    def back_url(self) -> str:
        return reverse("assessment", args=[self.family.reference])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if starting.current(self.family):
            return redirect(self.back_url())
        return super().get(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        return super().context() | {"people": [one for one in people_of(self.family) if not one.has_left]}

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.earlier = starting.earlier(self.family)

    def form_kwargs(self) -> dict[str, Any]:
        return {"earlier": self.earlier}

    def save(self, form: StartForm) -> str:
        previous = self.earlier if form.cleaned_data.get("from_last") == "yes" else None
        starting.start(family=self.family, episode=self.family.episode(), actor=self.user, previous=previous)
        return self.back_url()


class AskMore(FamilyFormPage):
    """How much is asked: by the level of need, and whether the assessment goes deeper."""

    action = policies.ASK_MORE
    form_class = AskMoreForm
    title = "How much should it ask?"
    lede = (
        "Some questions are asked of families whose needs are many. What is written already stays, whatever you choose."
    )
    success = "Changed. What is asked now stands in the list."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.assessment = assessment_or_404(self.case)

    def thing(self) -> Assessment:
        return self.assessment

    def back_url(self) -> str:
        return reverse("assessment", args=[self.family.reference])

    def form_kwargs(self) -> dict[str, Any]:
        return {"assessment": self.assessment}

    def save(self, form: AskMoreForm) -> str:
        writing.ask_more(assessment=self.assessment, actor=self.user, **form.cleaned_data)
        return self.back_url()


class Finalise(FamilyFormPage):
    """What is missing, each with where it is written; and once no more than was expected is, a reason for each."""

    action = policies.FINALISE
    form_class = FinaliseForm
    template_name = "assessments/finalise.html"
    title = "Finalise the assessment"
    submit_text = "Finalise the assessment"
    warning = "Nobody can change the assessment after this."
    success = "The assessment is finalised. Next, agree the plan with the family."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.assessment = assessment_or_404(self.case)
        self.missing = missing(Sheet(self.assessment, self.family))

    def back_url(self) -> str:
        return reverse("assessment", args=[self.family.reference])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if closed_words(self.assessment):
            return redirect(self.back_url())
        return super().get(request, *args, **kwargs)

    def form_kwargs(self) -> dict[str, Any]:
        closed = closed_words(self.assessment)  # which saving says
        return {"expected": [] if closed else [one for one in self.missing if not one.must]}

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "gaps": [one.gap for one in self.missing if one.must],
            "expected": [one.gap for one in self.missing if not one.must],
        }

    def save(self, form: FinaliseForm) -> str:
        finalising.finalise(assessment=self.assessment, actor=self.user, reasons=form.reasons())
        if self.assessment.is_request:
            self.success = "The assessment is finalised. Next, send it to the early help team."
        return self.back_url()


class OpenNext(FamilyFormPage):
    """Review and update: the next version, which begins with all that the final one says (WOR-12)."""

    action = policies.OPEN_NEXT
    form_class = GovukForm
    title = "Review and update the assessment"
    submit_text = "Open the next version"
    lede = "The final version stays as it is. All that it says comes over, with who wrote it and when: say of each passage whether it is still right, change it, or leave it out."
    success = "The next version is open."
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.assessment = assessment_or_404(self.case)

    def thing(self) -> Assessment:
        return self.assessment

    def back_url(self) -> str:
        return reverse("assessment", args=[self.family.reference])

    def save(self, form: GovukForm) -> str:
        again.open_next(assessment=self.assessment, actor=self.user)
        return self.back_url()


class Send(FamilyFormPage):
    """The assessment as the request (MID-10): the harm question, the family's agreement, then the front door reads it."""

    action = policies.SEND
    form_class = SendForm
    title = "Send the assessment to the early help team"
    submit_text = "Send the assessment"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.assessment = assessment_or_404(self.case)
        self.lede = (
            "The early help team of the family’s area may read the record until they have answered: not about who does not"
            " agree, nor more about anyone than they share with that team."
        )

    def thing(self) -> Assessment:
        return self.assessment

    def back_url(self) -> str:
        return reverse("assessment", args=[self.family.reference])

    def save(self, form: SendForm) -> str:
        said = form.cleaned_data
        if said["at_risk"] == "yes":
            return reverse("request_harm")
        sending.send(
            assessment=self.assessment, agreed_by=said["agreed_by"], agreed_on=said["agreed_on"], actor=self.user
        )
        self.success = "The assessment is sent. You get a message with the answer."
        return self.back_url()


class Oversee(FamilyFormPage):
    """A manager's comment, return or sign-off."""

    action = policies.OVERSEE
    form_class = OverseeForm
    template_name = "assessments/oversee.html"
    title = "Oversee the assessment"
    submit_text = "Save and tell the lead"
    success = "Whoever leads is told."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.assessment = assessment_or_404(self.case)

    def back_url(self) -> str:
        return reverse("assessment", args=[self.family.reference])

    def context(self) -> dict[str, Any]:
        said = Oversight.objects.filter(assessment__in=[self.assessment.pk, self.assessment.previous_id])
        return super().context() | {
            "assessment": self.assessment,
            "closed": closed_words(self.assessment),
            "oversight": said.select_related("author"),
        }

    def save(self, form: OverseeForm) -> str:
        overseeing.oversee(assessment=self.assessment, actor=self.user, **form.cleaned_data)
        return self.back_url()


class SelfCheck(FamilyView):
    """Where the assessment meets each practice standard, or what is missing."""

    action = policies.SELF_CHECK
    template_name = "assessments/self_check.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        assessment = assessment_or_404(self.case)
        mine = self.writes_for
        sheet = Sheet(assessment, self.family, mine)
        return self.page(standards=standards(sheet, assessment.episode), assessment=assessment)


class ReadAssessment(FamilyView):
    """The whole assessment on one page; by its id, an earlier one."""

    action = policies.SEE
    template_name = "assessments/read.html"

    def get(self, request: HttpRequest, reference: str, pk: int = 0) -> HttpResponse:
        if self.asker.by_name:
            return redirect("assessment", self.family.reference)
        if pk:
            return self.earlier(pk)
        assessment = assessment_or_404(self.case)
        sheet = Sheet(assessment, self.family, self.writes_for)
        whole = presenters.whole(sheet)
        about = sheet.people.get(number(request.GET.get("about")))
        if about:
            whole["written"] = [one for one in whole["written"] if one[1].place.person == about]
            whole |= {"unwritten": [], "gone_without": []}
        people = {one.place.person.pk: one.place.person for one in sheet.written if one.place.person}
        may_propose = policies.ASK_MORE.allows(self.asker, assessment)
        whole["written"] = self.with_links(whole["written"], may_propose=may_propose)
        return self.page(
            closed=closed_words(assessment),
            print_url=reverse("assessment_print", args=[self.family.reference]),
            may_remark=self.may(policies.REMARK),
            about=about,
            people=list(people.values()),
            scales=[] if about else presenters.scales(sheet),
            asked=(),
            oversight=(),
            **whole,
        )

    def with_links(self, written: list[Any], *, may_propose: bool) -> list[Any]:
        """Each place with its passages, and what can be done about each."""
        return [
            (
                anchor,
                one,
                [
                    (each, presenters.links(each, self.family, self.user, may_propose=may_propose))
                    for each in one.passages
                ],
            )
            for anchor, one in written
        ]

    def earlier(self, pk: int) -> HttpResponse:
        assessment = final_or_404(self.family, pk)
        closed = closed_words(assessment)
        whole = presenters.whole(Sheet(assessment, self.family))
        whole["written"] = self.with_links(whole["written"], may_propose=False)
        print_url = reverse("print_version", args=[self.family.reference, pk])
        asked = Asked.objects.filter(assessment=assessment).select_related("agency", "answered_by")
        oversight = assessment.oversight.select_related("author") if self.asker.level >= Level.LEAD else ()
        return self.page(
            closed=closed,
            print_url=print_url,
            may_remark=False,
            about=None,
            people=[],
            scales=[],
            asked=asked,
            oversight=oversight,
            **whole,
        )


class PrintAssessment(PrintPage):
    """A copy: for the family, one of them, or an agency, from whose copy what it may not know is left out, names too."""

    action = policies.PRINT
    form_class = PartialCopyForm
    what = "The assessment"

    def find(self) -> None:
        pk = self.kwargs.get("pk")
        self.assessment = final_or_404(self.family, pk) if pk else assessment_or_404(self.case)

    def back_url(self) -> str:
        return reverse("assessment", args=[self.family.reference])

    def pdf(self, *, for_family: bool, without: set[int], large_print: bool) -> bytes:
        everyone = list(self.family.everyone())
        unnamed = [] if for_family else [one for one in everyone if one.pk in without and not one.left_on]
        sheet = Sheet(self.assessment, self.family, without=without, unnamed=unnamed, for_family=for_family, copy=True)
        relations = list(Relationship.objects.filter(family=self.family))
        people = drawn(person for person in everyone if person.pk not in without)
        context = presenters.whole(sheet) | {
            "family": self.family,
            "partial": bool(unnamed),
            "drawing": genogram(people, relations) if relations else None,
            "lead": lead_of(self.assessment.episode),
            "procedure": words_then(self.assessment.procedure_id),
            "footer": f"{self.family.reference} · printed {when_text(clock.now())} by {self.user}",
        }
        title = procedure_in_force().words.assessment
        return render_pdf(
            "assessments/print.html", context, title=title[:1].upper() + title[1:], large_print=large_print
        )

    def filename(self) -> str:
        return f"assessment-{self.family.reference}.pdf"


class PrintBlank(FamilyView):
    """The form with nothing in it but the names, to take on a home visit. Nothing that was written is in it."""

    action = policies.SEE

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        assessment = assessment_or_404(self.case)
        sheet = Sheet(assessment, self.family, self.writes_for)
        asked = [
            (one.place, one.questions)
            for one in sheet.written
            if one.place.agency in (None, self.writes_for) and not (one.place.person and one.place.person.has_left)
        ]
        context = {
            "parts": blank(sheet.form, asked),
            "family": self.family,
            "procedure": words_then(assessment.procedure_id),
            "footer": f"{self.family.reference} · printed {when_text(clock.now())} by {self.user}",
        }
        title = procedure_in_force().words.assessment
        pdf = render_pdf("assessments/blank.html", context, title=title[:1].upper() + title[1:])
        return pdf_response(pdf, filename=f"assessment-blank-{self.family.reference}.pdf")


def assessment_or_404(family_case: Case) -> Assessment:
    assessment = starting.current(family_case.family, case.episode(family_case))
    if assessment is None:
        raise Http404
    return assessment


def final_or_404(family: Any, pk: int) -> Assessment:
    rows = Assessment.objects.filter(family=family, status=Assessment.Status.FINALISED, pk=pk)
    found = rows.select_related("episode", "form", "started_by", "finalised_by").defer("form__body").first()
    if found is None:
        raise Http404
    return found
