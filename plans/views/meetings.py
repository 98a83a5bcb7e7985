from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from earlyhelp.access.views import FamilyView
from earlyhelp.drafts.pages import FamilyFormPage
from families.case import episode
from families.presenters import whom_not_to_write_about
from plans import policies
from plans.forms import meeting as forms
from plans.models import Meeting, Present
from plans.services import meetings


class MeetingPage(FamilyFormPage, abstract=True):
    meeting: Meeting | None = None

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        if "pk" in kwargs:
            self.meeting = self.row(Meeting, pk=kwargs["pk"])

    def thing(self) -> Any:
        return self.meeting or self.case

    def back_url(self) -> str:
        if self.meeting:
            return reverse("meeting", args=[self.family.reference, self.meeting.pk])
        return reverse("plan", args=[self.family.reference])

    def go(self, meeting: Meeting) -> str:
        return reverse("meeting", args=[self.family.reference, meeting.pk])


class Arrange(MeetingPage):
    action = policies.ARRANGE_MEETING
    form_class = forms.ArrangeForm
    title = "Arrange a meeting"
    submit_text = "Arrange it"
    success = "Arranged, and the team is told. Tell the family."

    def initial(self) -> dict[str, Any]:
        return {"kind": self.request.GET.get("kind", "")}

    def save(self, form: forms.ArrangeForm) -> str:
        current = episode(self.case)
        assert current
        return self.go(meetings.arrange(family=self.family, episode=current, said=form.said(), actor=self.user))


class ChangeMeeting(MeetingPage):
    action = policies.CHANGE_MEETING
    form_class = forms.ArrangeForm
    title = "Change the meeting"
    success = "Saved, and the team is told. Tell the family."

    def initial(self) -> dict[str, Any]:
        assert self.meeting
        return {name: getattr(self.meeting, name) for name in forms.ArrangeForm.base_fields}

    def save(self, form: forms.ArrangeForm) -> str:
        assert self.meeting
        meetings.change(meeting=self.meeting, said=form.said(), actor=self.user)
        return self.back_url()


class CallOff(MeetingPage):
    action = policies.CHANGE_MEETING
    form_class = forms.CallOffForm
    title = "Say that a meeting isn’t held"
    success = "Saved, and the team is told. Tell the family."

    def save(self, form: forms.CallOffForm) -> str:
        assert self.meeting
        meetings.call_off(meeting=self.meeting, reason=form.cleaned_data["off_reason"], actor=self.user)
        return self.back_url()


class TakeBackMeeting(MeetingPage):
    action = policies.TAKE_BACK_MEETING
    form_class = forms.TakeBackForm
    title = "This meeting was recorded by mistake"
    submit_text = "Take it back"
    success = "Taken back: the meeting counts as not held."

    def save(self, form: forms.TakeBackForm) -> str:
        assert self.meeting
        meetings.take_back(meeting=self.meeting, reason=form.cleaned_data["reason"], actor=self.user)
        return self.back_url()


class RecordMeeting(MeetingPage):
    """What came of a meeting that was held, whether or not it was arranged here."""

    action = policies.RECORD_MEETING
    form_class = forms.MeetingForm
    title = "Record a meeting"
    success = "The meeting is recorded."

    def form_kwargs(self) -> dict[str, Any]:
        current = episode(self.case)
        return {
            "people": list(self.family.people()),
            "team": {user: agency.name for user, agency in meetings.may_have_come(current).items()} if current else {},
            "warnings": whom_not_to_write_about(self.family, self.asker),
        }

    def initial(self) -> dict[str, Any]:
        if self.meeting is None:
            return {"kind": self.request.GET.get("kind", "")}
        return {"kind": self.meeting.kind, "on": self.meeting.on, "place": self.meeting.place}

    def save(self, form: forms.MeetingForm) -> str:
        current = episode(self.case)
        assert current
        held = meetings.record(
            family=self.family, episode=current, said=form.said(), actor=self.user, meeting=self.meeting
        )
        return self.go(held)


class RecordArranged(RecordMeeting):
    action = policies.CHANGE_MEETING


class ShowMeeting(FamilyView):
    """A meeting that is arranged, or what came of it: the family's own words first."""

    action = policies.SEE
    template_name = "plans/meeting.html"

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        meeting: Meeting = self.row(Meeting, pk=pk)
        present = list(Present.objects.filter(meeting=meeting).select_related("user", "person"))
        return self.page(
            meeting=meeting,
            family_words=[row for row in present if row.person and row.words],
            came=[row for row in present if row.came],
            may_take_back=policies.TAKE_BACK_MEETING.allows(self.asker, meeting),
            may_change=policies.CHANGE_MEETING.allows(self.asker, meeting),
        )
