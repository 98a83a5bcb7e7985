"""Asking agencies for their part, and what is said beside a part: remarks, other texts, earlier versions."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from assessments import policies
from assessments.forms import together as forms
from assessments.forms.part import PartForm
from assessments.kinds import boxes
from assessments.models import Answer, Asked, Assessment, Contribution, Proposal
from assessments.places import Place, fits
from assessments.presenters import anchor
from assessments.reading import Piece, Sheet, compared, differences, people_of
from assessments.rules import place_url
from assessments.services import again, asking, remarks, writing
from assessments.services.writing import Told, Words
from assessments.views.assessment import assessment_or_404
from assessments.views.writing import WritePart
from earlyhelp.access.views import FamilyView
from earlyhelp.accounts.models import User
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.govuk.forms import GovukForm
from families.models import Person


class TogetherPage(FamilyFormPage, abstract=True):
    """A form around the family's present assessment."""

    assessment: Assessment

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.assessment = assessment_or_404(self.case)
        self.find(**kwargs)

    def find(self, **kwargs: Any) -> None:
        """Fetch what the address names, or 404."""

    def thing(self) -> Any:
        return self.assessment

    def back_url(self) -> str:
        return reverse("assessment", args=[self.family.reference])


class Ask(TogetherPage):
    action = policies.ASK
    form_class = forms.AskForm
    template_name = "assessments/ask.html"
    title = "Ask an agency for its part"
    submit_text = "Ask them"
    lede = "Its people on the team hear of it, and see it on their list of work."
    success = "They are asked."

    def form_kwargs(self) -> dict[str, Any]:
        parts = [part for part in self.assessment.form.form.parts if part.about in ("agency", "family")]
        parts.sort(key=lambda part: part.about != "agency")
        agencies = [one for one in asking.can_be_asked(self.assessment) if one != self.writes_for]
        return {"agencies": agencies, "parts": parts}

    def save(self, form: forms.AskForm) -> str:
        asking.ask(assessment=self.assessment, actor=self.user, **form.cleaned_data)
        return self.back_url()


class AskedPage(TogetherPage, abstract=True):
    """About an agency that was asked."""

    def find(self, **kwargs: Any) -> None:
        rows = Asked.objects.filter(family=self.family, assessment=self.assessment, pk=kwargs["pk"])
        asked = rows.select_related("agency", "created_by").first()
        if asked is None:
            raise Http404
        asked.assessment = self.assessment
        self.asked = asked

    def thing(self) -> Asked:
        return self.asked

    def get_lede(self) -> str:
        return f"{self.asked.agency} was asked by {self.asked.created_by}."


class Remind(AskedPage):
    action = policies.REMIND
    form_class = GovukForm
    title = "Remind them"
    submit_text = "Remind them"
    success = "They are reminded."
    keeps_draft = False

    def save(self, form: GovukForm) -> str:
        asking.remind(asked=self.asked, actor=self.user)
        return self.back_url()


class Waive(AskedPage):
    action = policies.WAIVE
    form_class = forms.WaiveForm
    title = "Don’t wait for it"
    submit_text = "Don’t wait for it"
    success = "It isn’t waited for any more."

    def save(self, form: forms.WaiveForm) -> str:
        asking.waive(asked=self.asked, actor=self.user, **form.cleaned_data)
        return self.back_url()


class NothingToAdd(AskedPage):
    action = policies.ANSWER_ASKED
    form_class = forms.NothingForm
    title = "We have nothing to add"
    submit_text = "Send this answer"
    success = "Thank you. They are told."

    def save(self, form: forms.NothingForm) -> str:
        asking.nothing_to_add(asked=self.asked, words=form.cleaned_data["words"], actor=self.user)
        return self.back_url()


class WriteTold(WritePart):
    """A part as someone told it: who, for which agency, how and when, and who typed it (ROT-29)."""

    form_class: ClassVar[type[PartForm]] = forms.ToldForm
    success = "Kept, under the name of who told it."

    def form_kwargs(self) -> dict[str, Any]:
        return super().form_kwargs() | {"by_agency": self.place.part.about == "agency"}

    def own(self, code: str, person: Person | None) -> Contribution:
        own = super().own(code, person)
        return Contribution(family=self.family, part=own.part, person=person, author=self.user, agency=own.agency)

    def find(self, **kwargs: Any) -> Contribution:
        person = self.sheet.people.get(kwargs["person"]) if "person" in kwargs else None
        if "person" in kwargs and person is None:
            raise Http404
        return self.own(kwargs["part"], person)

    def get_title(self) -> str:
        told = self.place.part.title if self.place.agency else self.title
        return f"{told}: as someone told you"

    def context(self) -> dict[str, Any]:
        return super().context() | {"told": True, "asked": [], "carried": False}

    def draft_key(self) -> str:
        return f"{super().draft_key()}:told"

    def store(self, form: Any) -> None:
        data = form.cleaned_data
        words = self.words(form)
        told = Told(data["told_by"], data["told_how"], data["told_on"])
        self.kept = writing.write(
            assessment=self.assessment,
            part=self.place.part.code,
            person=self.place.person,
            writes_for=self.mine,
            words=Words(
                words.said,
                ready=words.ready,
                few=words.few,
                only_agency=words.only_agency,
                kept_from=words.kept_from,
                told=told,
            ),
            actor=self.user,
            agency=data["told_for"],
        )


class PartPage(TogetherPage, abstract=True):
    """About one part, of the family or of one person."""

    def find(self, **kwargs: Any) -> None:
        part = self.assessment.form.form.part(kwargs["part"])
        people = {person.pk: person for person in people_of(self.family)}
        person = people.get(kwargs["person"]) if "person" in kwargs else None
        if part is None or ("person" in kwargs and person is None):
            raise Http404
        if (person is None) != (part.about in ("family", "agency")) or (person and not fits(part, person)):
            raise Http404
        self.place = Place(part, person)
        self.people = list(people.values())


class WriteRemark(PartPage):
    """What someone of the family does not agree with, or what is wrong: at any time, also once the assessment is final."""

    action = policies.REMARK
    form_class = forms.RemarkForm
    title = "Not right, or not agreed"
    submit_text = "Save it beside the part"
    success = "It stands beside the part now."

    def get_lede(self) -> str:
        return f"About “{self.place.title}”."

    def back_url(self) -> str:
        return reverse("assessment_read", args=[self.family.reference])

    def form_kwargs(self) -> dict[str, Any]:
        return {"people": self.people}

    def save(self, form: forms.RemarkForm) -> str:
        remarks.remark(
            assessment=self.assessment,
            part=self.place.part.code,
            person=self.place.person,
            actor=self.user,
            agency=self.writes_for,
            **form.cleaned_data,
        )
        return self.back_url()


class ContributionPage(TogetherPage, abstract=True):
    """About what somebody wrote."""

    def find(self, **kwargs: Any) -> None:
        rows = Contribution.objects.filter(family=self.family, assessment=self.assessment, pk=kwargs["pk"])
        found = rows.select_related("author", "agency").first()
        if found is None:
            raise Http404
        found.assessment, self.contribution = self.assessment, found
        self.sheet = Sheet(self.assessment, self.family)
        part = self.sheet.form.part(found.part)
        if part is None:
            raise Http404
        self.place = Place(part, self.sheet.people.get(found.person_id or 0))

    def thing(self) -> Contribution:
        return self.contribution


class Propose(ContributionPage):
    action = policies.PROPOSE
    form_class = forms.ProposeForm
    title = "Propose another text"
    submit_text = "Propose it"
    success = "They are told, and so is the lead. The text stays as it is until one of them uses yours."

    def get_lede(self) -> str:
        return f"{self.contribution.whose} wrote this, in “{self.place.title}”."

    def form_kwargs(self) -> dict[str, Any]:
        answers = Answer.objects.filter(contribution=self.contribution).exclude(text="").order_by("pk")
        texts = []
        for answer in answers:
            question = self.place.part.question(answer.question)
            box = next((one for one in boxes(question) if one.code == answer.box), None) if question else None
            if question and box and box.holds == "long":
                label = " ".join(filter(None, (question.label.rstrip("?"), box.label and f"– {box.label}")))
                name = self.place.person.short_name if self.place.person else "they"
                texts.append((label.replace("{name}", name), answer))
        if not texts:
            raise Http404
        return {"texts": texts}

    def save(self, form: forms.ProposeForm) -> str:
        agency = self.writes_for
        for answer, text in form.changed():
            answer.contribution = self.contribution
            remarks.propose(answer=answer, text=text, why=form.cleaned_data["why"], actor=self.user, agency=agency)
        return place_url(self.family.reference, self.place)


class StillRight(ContributionPage):
    """What came over from the last assessment is still right."""

    action = policies.STILL_RIGHT
    form_class = GovukForm
    template_name = "assessments/carried.html"
    title = "Still right?"
    submit_text = "It is still right"
    success = "Kept, with who wrote it and when."
    keeps_draft = False

    def get_lede(self) -> str:
        return f"{self.contribution.whose} wrote it, in “{self.place.title}”."

    def context(self) -> dict[str, Any]:
        return super().context() | {"passage": self.sheet.passage(self.contribution)}

    def back_url(self) -> str:
        agency = self.contribution.agency if self.place.part.about == "agency" else None
        at = anchor(Place(self.place.part, self.place.person, agency))
        return f"{reverse('assessment_read', args=[self.family.reference])}#{at}"

    def save(self, form: GovukForm) -> str:
        again.still_right(contribution=self.contribution, actor=self.user)
        return self.back_url()


class LeaveOut(StillRight):
    """What came over from the last assessment, or is quoted, isn't said in this one."""

    action = policies.LEAVE_OUT
    title = "Leave it out?"
    submit_text = "Leave it out"
    success = "Left out. It stays where it came from."

    def save(self, form: GovukForm) -> str:
        again.leave_out(contribution=self.contribution, actor=self.user)
        return self.back_url()


class ProposalPage(TogetherPage, abstract=True):
    def find(self, **kwargs: Any) -> None:
        rows = Proposal.objects.filter(family=self.family).select_related(
            "author",
            "agency",
            "decided_by",
            "answer__contribution__author",
            "answer__contribution__assessment__episode",
        )
        found = rows.filter(pk=kwargs["pk"]).first()
        if found is None:
            raise Http404
        self.proposal = found

    def thing(self) -> Proposal:
        return self.proposal

    def where(self) -> str:
        """In which part, of whom, and to which question."""
        answer = self.proposal.answer
        contribution = answer.contribution
        part = self.assessment.form.form.part(contribution.part)
        question = part.question(answer.question) if part else None
        if part is None or question is None:
            return ""
        person = next((one for one in people_of(self.family) if one.pk == contribution.person_id), None)
        box = next((one.label for one in boxes(question) if one.code == answer.box), "")
        label = question.label.replace("{name}", person.short_name if person else "they")
        return ": ".join(filter(None, (Place(part, person).title, label, box)))

    def context(self) -> dict[str, Any]:
        row = self.proposal
        return super().context() | {
            "proposal": row,
            "where": self.where(),
            "now": row.answer.text,
            "pieces": compared(row.seen, row.text),
            "may_decide": policies.DECIDE.allows(self.asker, row),
            "may_take_back": policies.TAKE_BACK.allows(self.asker, row),
        }


class SeeProposal(ProposalPage):
    """A proposed text beside the first one, for whoever decides on it, and who proposed it."""

    action = policies.SEE_PROPOSAL
    form_class = forms.DecideForm
    template_name = "assessments/proposal.html"
    title = "A proposed text"
    keeps_draft = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.require(policies.DECIDE, self.proposal)
        return super().post(request, *args, **kwargs)

    def save(self, form: forms.DecideForm) -> str:
        accept = form.cleaned_data["accept"] == "yes"
        reason = form.cleaned_data["reason"]
        remarks.decide(proposal=self.proposal, accept=accept, reason=reason, actor=self.user)
        self.success = "The proposed text stands there now." if accept else "They are told why not."
        return self.back_url()


class TakeBackProposal(ProposalPage):
    action = policies.TAKE_BACK
    form_class = GovukForm
    title = "Take it back"
    submit_text = "Take it back"
    success = "Taken back."
    keeps_draft = False

    def save(self, form: GovukForm) -> str:
        remarks.take_back(proposal=self.proposal, actor=self.user)
        return self.back_url()


@dataclass(frozen=True)
class Version:
    """One version of a contribution: who saved it when, and what changed, question by question."""

    number: int
    by: str
    at: Any
    changes: list[tuple[str, list[Piece]]]


class Versions(FamilyView):
    """What somebody wrote, as it was each time that it was saved."""

    action = policies.SEE
    template_name = "assessments/versions.html"

    def get(self, request: HttpRequest, reference: str, pk: int) -> HttpResponse:
        contribution = self.row(Contribution, pk=pk)
        assessment = get_object_or_404(
            Assessment.objects.select_related("form", "episode").defer("form__body"), pk=contribution.assessment_id
        )
        contribution.assessment, sheet = assessment, Sheet(assessment, self.family)
        part, person = sheet.form.part(contribution.part), sheet.people.get(contribution.person_id or 0)
        kept = writing.versions(contribution)
        users = User.objects.in_bulk({one.user_id for one in kept})
        found = []
        for one, earlier in zip(kept, [*(older.said for older in kept[1:]), {}], strict=True):
            changes = differences(part, earlier, one.said, sheet.form, sheet.people, person) if part else []
            found.append(Version(one.number, str(users.get(one.user_id) or ""), one.at, changes))
        place = Place(part, person) if part else None
        return self.page(contribution=contribution, versions=found, place=place)
