"""One step-down: the list of its steps, and each of them."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from earlyhelp.access.actions import Asker
from earlyhelp.access.levels import Level
from earlyhelp.access.models import Grant
from earlyhelp.access.reads import log_read, log_reads
from earlyhelp.access.views import ActionView, FamilyView
from earlyhelp.accounts.models import Role
from earlyhelp.accounts.roles import has_role
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.drafts.pages import FormPage
from earlyhelp.govuk.components import when_text
from earlyhelp.govuk.forms import GovukForm
from earlyhelp.procedures.services import procedure_in_force, version_in_force
from earlyhelp.timescales import services as timescales
from families.models import Family, Request, RequestPerson, RequestWords
from families.services.running import lead_of
from stepdown import policies
from stepdown.clocks import JOINT_VISIT
from stepdown.forms import stepdown as forms
from stepdown.models import GateChange, Step, StepDown
from stepdown.policies import OneStep
from stepdown.presenters import RECORDED, Line, lines
from stepdown.rules import CONDITIONS, MAY_BE_LEFT_OUT, NO_EXCEPTION, says_of_the_record
from stepdown.services import completing, counts, lists, opening, steps
from stepdown.services.gate import facts_of, gate, in_words, panel_day
from stepdown.services.level import given_here

MOST = 50


class StepDowns(ActionView):
    """Those that are under way, each with what comes next; and those that are over."""

    action = policies.LIST
    template_name = "stepdown/step_downs.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        open_ones, over = list(lists.under_way()[:MOST]), list(lists.over()[:MOST])
        log_reads(
            what=self.action.code,
            families=[(one.family_id, one.reference) for one in (*open_ones, *over) if one.family_id],
        )
        return self.page(
            open_ones=lists.with_next(open_ones, self.user),
            over=over,
            may_open=policies.OPEN.allows(self.asker),
            may_count=policies.COUNTS.allows(self.asker),
        )


class Counts(ActionView):
    """Step-downs and step-ups in numbers, of those that the reader may know of."""

    action = policies.COUNTS
    template_name = "stepdown/counts.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        days = counts.days_to_visit()
        done, back = counts.back_within_a_year()
        open_ones = counts.longest(self.user)
        log_reads(
            what=self.action.code,
            families=[(one.row.family_id, one.row.reference) for one in open_ones if one.row.family_id],
        )
        return self.page(
            tables=[
                ("By route", counts.by_route()),
                ("By agency", counts.by_agency()),
                ("By level", counts.by_level()),
            ],
            reads_step_ups=has_role(self.user, Role.MANAGER, Role.SERVICE_MANAGER),
            step_ups_by_agency=counts.step_ups_by_agency(),
            raised=counts.raised() if given_here() else None,
            visits=len(days),
            median=counts.median_days(days),
            most=days[-1] if days else 0,
            late=counts.late_visits(),
            declines=counts.declines(),
            longest=open_ones,
            step_ups=counts.step_ups(),
            done=done,
            back=back,
        )


class StepDownPage(ActionView, abstract=True):
    """A page of one step-down; who may not see it gets 404."""

    row: StepDown
    family: Family | None

    def load(self, **kwargs: Any) -> None:
        super().load()
        rows = StepDown.objects.select_related("worker", "agency", "locality", "episode", "opened_by")
        found = rows.filter(reference=kwargs["reference"]).first()
        if found is None:
            raise Http404
        self.row = found
        self.family = Family.objects.filter(pk=found.family_id).first() if found.family_id else None
        grants = Grant.objects.in_force().filter(user=self.user, family=found.family_id)
        held = list(grants.values_list("level", "reason")) if found.family_id else []
        reasons = frozenset(reason for _, reason in held)
        self.asker = Asker(self.user, Level(max((level for level, _ in held), default=0)), reasons)

    def thing(self) -> Any:
        return self.row

    @property
    def closed(self) -> bool:
        return policies.is_closed(self.asker, self.row)

    def only_theirs(self, code: str) -> None:
        """Of a record that is closed to who asks, nothing of what early help has recorded stands in a refusal."""
        if self.closed and CONDITIONS[code].waits(facts_of(self.row)):
            raise Refused(f"Early help has still to do its part. Ask {self.row.locality.coordinator}.")

    def log(self) -> None:
        log_read(what=self.action.code, family_id=self.row.family_id, reference=self.row.reference)

    def way_back(self) -> str:
        return "" if self.request.path == self.row.get_absolute_url() else self.row.get_absolute_url()

    def back_url(self) -> str:
        return self.row.get_absolute_url()

    def context(self) -> dict[str, Any]:
        return super().context() | {"row": self.row, "family": self.family}


class ShowStepDown(StepDownPage):
    """What is done, what is next and where; what is missing before the case may close. Over, it says who leads, and no more to
    whoever may not read the record."""

    action = policies.SEE
    template_name = "stepdown/step_down.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        row = self.row
        if row.confirmed_at is None or row.family_id is None or not (row.is_open or self.asker.level >= Level.VIEW):
            asked = Request.objects.filter(pk=row.request_id).exclude(outcome=Request.Outcome.WAITING).first()
            return self.page(
                "stepdown/step_down_short.html",
                name=self.name(),
                reads_why=self.asker.level >= Level.VIEW
                or policies.is_worker(self.asker, row)
                or policies.manages(self.asker, row),
                may=self.allowed(),
                answer=asked.outcome_words if asked else "",
                answer_reason=asked.outcome_reason if asked else "",
            )
        facts = facts_of(row)
        closed = self.closed
        shown, gaps = lines(row, facts, self.asker, self.family, closed), gate(row)
        missing = [gap for gap in gaps if not (closed and says_of_the_record(gap.code))]
        return self.page(
            lines=shown,
            name=self.family.display_name if self.family else self.name(),
            missing=missing if row.is_open else [],
            early_helps_part=len(missing) < len(gaps),
            undone=[line for line in shown if line.lacks and not line.needed],
            why=self.why(),
            changes=[_in_words(change) for change in GateChange.objects.filter(step_down=row) if not closed],
            exceptions=[line for line in shown if line.state == "Exception"],
            may=self.allowed(),
            lead=lead_of(row.episode) if row.episode and self.family else None,
            clock=timescales.of(JOINT_VISIT, row).first(),
            withdrawn=row.is_open and facts.said_no and not closed,
            closed=closed,
            note=self.case_note(),
            old_rules=row.procedure_id != version_in_force(),
        )

    def why(self) -> RequestWords | None:
        """Why the family steps down now, for who may read it."""
        return RequestWords.objects.filter(request=self.row.request_id).first()

    def name(self) -> str:
        """What the family is called, for who may know it."""
        said = Request.objects.filter(pk=self.row.request_id).values_list("family_name", flat=True).first()
        return f"{said} family" if said else ""

    def allowed(self) -> dict[str, bool]:
        actions = {
            "confirm": policies.CONFIRM,
            "complete": policies.COMPLETE,
            "stop": policies.STOP,
            "give": policies.GIVE,
            "share": policies.SHARE,
            "pack": policies.PRINT_PACK,
            "letter": policies.PRINT_HANDOVER_LETTER,
        }
        return {name: action.allows(self.asker, self.row) for name, action in actions.items()}

    def case_note(self) -> str:
        """The sentence for social care's own record (DEV-16)."""
        step = Step.objects.filter(step_down=self.row, code="case_note", undone_at=None).first()
        if step is None:
            return ""
        service = procedure_in_force().authority.service
        words = step.words.rstrip(".")
        return f"On {when_text(step.on)} it was decided that the family steps down to {service}: {words}. Recorded by {step.by}."


def _in_words(change: GateChange) -> str:
    if change.opened:
        return f"{when_text(change.at)}: everything was there"
    what = "; ".join(in_words(CONDITIONS[code].title) for code in change.missing if code in CONDITIONS)
    return f"{when_text(change.at)}: something was missing again: {what}"


class StepDownOfFamily(FamilyView):
    """From a family's record to its latest step-down."""

    action = policies.SEE_OF_FAMILY

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        found = StepDown.objects.filter(family=self.family).first()
        if found is None:
            raise Http404
        return HttpResponseRedirect(found.get_absolute_url())


class StepDownForm(StepDownPage, FormPage, abstract=True):
    """A form about one step-down."""

    template_name = "govuk/form_page.html"

    def draft_title(self) -> str:
        return f"{self.get_title()}, {self.row.reference}"

    def draft_about(self) -> dict[str, Any]:
        return super().draft_about() | ({"family_id": self.family.pk} if self.family else {})


class Confirm(StepDownForm):
    action = policies.CONFIRM
    form_class = GovukForm
    title = "Is this step-down yours?"
    submit_text = "Yes, mine"
    keeps_draft = False

    template_name = "stepdown/confirm.html"

    def get_lede(self) -> str:
        return f"{self.row.opened_by} opened it for you. Once you say yes, it is checked whether early help knows the family."

    def context(self) -> dict[str, Any]:
        asked = Request.objects.select_related("words").get(pk=self.row.request_id)
        people = RequestPerson.objects.filter(request=asked)
        return super().context() | {"asked": asked, "people": people}

    def save(self, form: GovukForm) -> str:
        opening.confirm(step_down=self.row, actor=self.user)
        return self.row.get_absolute_url()


SAID_WITH_FAMILY = ("offer", "talked_over", "told")
LEDES = {
    "case_note": "Social care’s own system needs this too: the next page gives you the sentence to copy into it.",
}


class RecordStep(StepDownForm):
    action = policies.STEP
    form_class = forms.StepForm
    success = "Recorded."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.code = kwargs["code"]
        if self.code not in RECORDED:
            raise Http404
        self.title = in_words(CONDITIONS[self.code].title)

    def thing(self) -> OneStep:
        return OneStep(self.row, self.code)

    def form_kwargs(self) -> dict[str, Any]:
        return {"asked": forms.ASKED[self.code], "visit": self.code == "visit"}

    def get_lede(self) -> str:
        return LEDES.get(self.code, "")

    def initial(self) -> dict[str, Any]:
        return {"on": clock.today(), "present": self.present_before() if self.code in SAID_WITH_FAMILY else ""}

    def present_before(self) -> str:
        """Who was there when the family was spoken with last."""
        said = Step.objects.filter(step_down=self.row, code__in=SAID_WITH_FAMILY, undone_at=None).order_by("-on", "-pk")
        return said.values_list("present", flat=True).first() or ""

    def save(self, form: forms.StepForm) -> str:
        self.only_theirs(self.code)
        steps.record(step_down=self.row, code=self.code, said=form.said(), actor=self.user)
        if self.code == "visit" and not form.said().together:
            self.success = "Kept as a visit. It counts as the joint visit once both have gone, so its days run on."
        return self.row.get_absolute_url()


class AgreeAtPanel(StepDownForm):
    action = policies.AGREE
    form_class = forms.StepForm
    submit_text = "We agree"
    success = "Your side’s agreement is recorded."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.side = policies.side_of(self.asker, self.row)
        self.title = f"Agree at the panel, for {self.side.replace('_', ' ')}"
        self.lede = "Social care and early help agree together, each for itself."

    def form_kwargs(self) -> dict[str, Any]:
        return {"asked": forms.ASKED["panel"]}

    def initial(self) -> dict[str, Any]:
        first = Step.objects.filter(step_down=self.row, code__startswith="panel_", undone_at=None).first()
        said = {"present": first.present, "words": first.words} if first else {}
        return {"on": panel_day(self.row) or clock.today()} | said

    def save(self, form: forms.StepForm) -> str:
        self.only_theirs("panel")
        steps.agree_at_panel(step_down=self.row, side=self.side, said=form.said(), actor=self.user)
        return self.row.get_absolute_url()


class ChooseRoute(StepDownForm):
    action = policies.STEP
    form_class = forms.RouteForm
    title = "Choose the route"
    success = "Saved."

    def thing(self) -> OneStep:
        return OneStep(self.row, "meeting")

    def initial(self) -> dict[str, Any]:
        return {"route": self.row.route}

    def save(self, form: forms.RouteForm) -> str:
        steps.choose_route(step_down=self.row, route=form.cleaned_data["route"], actor=self.user)
        return self.row.get_absolute_url()


TITLES = {"services": "No additional service is needed", "meeting": "Go without a team around the family meeting"}


class ReasonPage(StepDownForm, abstract=True):
    form_class = forms.WhyForm

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.code = kwargs["code"]
        if self.code not in self.codes():
            raise Http404
        self.title = TITLES.get(self.code) or f"{self.heading}: {in_words(CONDITIONS[self.code].title)}"
        if self.action is policies.EXCEPT:
            self.title = f"{self.heading}: {in_words(CONDITIONS[self.code].title)}"

    heading = ""

    def codes(self) -> tuple[str, ...]:
        raise NotImplementedError


class LeaveOut(ReasonPage):
    """Go without a step, for a reason that stays visible (DEV-13, DEV-19)."""

    action = policies.STEP
    heading = "Go without"

    def thing(self) -> OneStep:
        return OneStep(self.row, self.code)

    def codes(self) -> tuple[str, ...]:
        return MAY_BE_LEFT_OUT

    def save(self, form: forms.WhyForm) -> str:
        steps.leave_out(step_down=self.row, code=self.code, reason=form.cleaned_data["reason"], actor=self.user)
        return self.row.get_absolute_url()


class AllowException(ReasonPage):
    action = policies.EXCEPT
    heading = "Exception"
    lede = "It is shown with the step-down for ever."
    warning = "The case can close without this step. Only do this if nobody comes to harm by it."

    def codes(self) -> tuple[str, ...]:
        return tuple(code for code in CONDITIONS if code not in NO_EXCEPTION)

    def save(self, form: forms.WhyForm) -> str:
        steps.allow_exception(step_down=self.row, code=self.code, reason=form.cleaned_data["reason"], actor=self.user)
        return self.row.get_absolute_url()


class TakeBackStep(StepDownForm):
    """What was recorded by mistake counts no more."""

    action = policies.TAKE_BACK
    form_class = forms.WhyForm
    success = "Taken back."
    title = "Take this step back"
    lede = "It counts no more, and stays to be read, with your reason."
    submit_text = "Take it back"

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        found = Step.objects.select_related("step_down").filter(step_down=self.row, pk=kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.step = found

    def thing(self) -> Step:
        return self.step

    def save(self, form: forms.WhyForm) -> str:
        steps.take_back(step=self.step, reason=form.cleaned_data["reason"], actor=self.user)
        return self.row.get_absolute_url()


class Complete(StepDownForm):
    action = policies.COMPLETE
    form_class = forms.CompleteForm
    template_name = "stepdown/complete.html"
    title = "Complete the step-down"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.submit_text = "Help goes on as early help" if self.row.within else "The case closes to social care"

    def shown(self) -> list[Line]:
        return lines(self.row, facts_of(self.row), self.asker, self.family, self.closed)

    def form_kwargs(self) -> dict[str, Any]:
        return {"undone": any(line.lacks and not line.needed for line in self.shown())}

    def context(self) -> dict[str, Any]:
        shown = self.shown()
        gaps = gate(self.row)
        missing = [gap for gap in gaps if not (self.closed and says_of_the_record(gap.code))]
        return super().context() | {
            "missing": missing,
            "early_helps_part": len(missing) < len(gaps),
            "is_open": not gaps,
            "undone": [line for line in shown if line.lacks and not line.needed],
            "note": ShowStepDown.case_note(self),  # type: ignore[arg-type]
            "lead": lead_of(self.row.episode) if self.row.episode and self.family else None,
        }

    def save(self, form: forms.CompleteForm) -> str:
        if self.closed and gate(self.row):
            raise Refused(f"Early help has still to do its part. Ask {self.row.locality.coordinator}.")
        completing.complete(step_down=self.row, actor=self.user, **form.cleaned_data)
        self.success = "Complete. The lead and the team are told."
        return self.row.get_absolute_url()


class Share(StepDownForm):
    """The family of a support that is open, asked again, lets social care read its record; or no more."""

    action = policies.SHARE
    form_class = forms.ShareForm
    keeps_draft = False

    def get_title(self) -> str:
        return f"May {self.row.worker} of {self.row.agency} read the record?"

    def get_lede(self) -> str:
        return (
            "Ask the family. What they share, and with whom, is recorded under “Sharing”; here you say that they were asked again"
            " because of this step-down."
        )

    def initial(self) -> dict[str, Any]:
        return {"answer": "yes" if self.row.shared_at else ""}

    def save(self, form: forms.ShareForm) -> str:
        if form.cleaned_data["answer"]:
            completing.share(step_down=self.row, actor=self.user)
        else:
            completing.share_no_more(step_down=self.row, actor=self.user)
        self.success = "Saved."
        return self.row.get_absolute_url()


class Stop(StepDownForm):
    action = policies.STOP
    form_class = forms.WhyForm
    title = "Stop the step-down"
    removes = True

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.submit_text = "Stop it" if self.row.within else "Stop it: the case stays with social care"

    def get_lede(self) -> str:
        if self.row.within:
            return "Help goes on at the level that it has."
        return (
            "The case stays with social care. Early help that began with it, and that nobody leads yet, ends with it."
        )

    def save(self, form: forms.WhyForm) -> str:
        completing.stop(step_down=self.row, reason=form.cleaned_data["reason"], actor=self.user)
        return reverse("step_downs")


class Give(StepDownForm):
    action = policies.GIVE
    form_class = forms.GiveForm
    title = "Give the step-down to a colleague"
    submit_text = "Give it to them"
    keeps_draft = False

    def form_kwargs(self) -> dict[str, Any]:
        return {"colleagues": completing.colleagues(self.row)}

    def save(self, form: forms.GiveForm) -> str:
        completing.give(step_down=self.row, to=form.chosen(), actor=self.user)
        self.success = f"{form.chosen()} goes on with it, and is told."
        return reverse("step_downs")
