"""One part of an assessment to write, beside what others wrote there."""

import re
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from assessments import policies, presenters
from assessments.forms.part import EVERYONE, FEW, MOST_ROWS, ONLY_AGENCY, PartForm, initial_of, rows_in
from assessments.kinds import TABLES, Key, Said, boxes
from assessments.models import Answer, Asked, Contribution
from assessments.places import Place, asked, asked_later, is_about
from assessments.reading import Passage, Sheet, said_in
from assessments.rules import place_url
from assessments.services import writing
from assessments.services.writing import Words
from assessments.views.assessment import assessment_or_404
from earlyhelp.access.identity import acting_as_system
from earlyhelp.access.views import Forbidden, typed
from earlyhelp.accounts.models import User
from earlyhelp.core.clock import in_london
from earlyhelp.core.text import number
from earlyhelp.drafts.changes import FamilyChangePage, then
from earlyhelp.drafts.models import Draft
from earlyhelp.drafts.pages import FormPage
from earlyhelp.govuk.components import when_text
from earlyhelp.procedures.services import procedure_in_force
from families.models import Lead, Person, PersonDetails, RequestWords, TeamMember
from families.presenters import whom_not_to_write_about


class PlacePage(FamilyChangePage, abstract=True):
    """One's own words in one place. Whoever may write no longer gets theirs to copy."""

    action = policies.WRITE
    form_class: ClassVar[type[PartForm]] = PartForm
    template_name = "assessments/part.html"
    success = "Saved."
    this = "this part"
    kept: Contribution

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.assessment = assessment_or_404(self.case)
        self.assessment.family = self.family
        self.mine = self.writes_for
        self.sheet = Sheet(self.assessment, self.family, self.mine)
        self.contribution = self.find(**kwargs)
        self.contribution.assessment = self.assessment
        self.contribution.said = said_in([self.contribution]).get(self.contribution.pk, {})
        self.just_read = True
        self.place = self.place_of(self.contribution)
        self.questions = asked(self.assessment, self.place.part, self.place.person)
        self.title = self.place.title

    def find(self, **kwargs: Any) -> Any:
        """What the asker wrote, or a new contribution that the first save will make."""
        raise NotImplementedError

    def place_of(self, contribution: Contribution) -> Place:
        part = self.sheet.form.part(contribution.part)
        if part is None:
            raise Http404
        person = self.sheet.people.get(contribution.person_id or 0)
        alone = sum(other.about == part.about for other in self.sheet.form.parts) == 1
        return Place(part, person, self.mine if part.about == "agency" else None, alone)

    def thing(self) -> Contribution:
        found: Contribution = self.contribution
        return found

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Forbidden as refusal:
            words = typed(request)
            if not words or not hasattr(self, "assessment"):
                raise
            return self.page("assessments/not_saved.html", status=403, reason=refusal.reason, words=words)

    def draft_key(self) -> str:
        return presenters.draft_key(self.assessment, self.place.part.code, self.contribution.person_id)

    def draft_title(self) -> str:
        return f"Assessment {self.family.reference}: {self.place.part.title.lower()}"

    def back_url(self) -> str:
        return reverse("assessment", args=[self.family.reference])

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "form": self.sheet.form,
            "questions": self.questions,
            "person": self.place.person,
            "people": [one for one in self.sheet.people.values() if not one.has_left or one.pk in self.named],
            "agency": self.mine,
            "rows": self.rows,
            "taken": self.taken,
            "warnings": [] if self.place.person else whom_not_to_write_about(self.family, self.asker),
        }

    @property
    def named(self) -> set[int]:
        """Whom the contribution names already, and who must not know of it: they stay, also once they have left."""
        persons = {(one.code, box.code) for one in self.questions for box in boxes(one) if box.holds == "person"}
        said = self.contribution.said.items()
        return {number(text) for (code, _, box), text in said if (code, box) in persons} | {
            *self.contribution.kept_from
        }

    @cached_property
    def taken(self) -> set[tuple[str, int]]:
        """Lines of one's own that name someone whom one may not know of any more: they stay, unseen."""
        if not self.contribution.pk:
            return set()
        with acting_as_system("which lines of one's own words are taken"):
            rows = Answer.objects.filter(contribution=self.contribution).exclude(text="")
            lines = set(rows.values_list("question", "row"))
        return lines - {key[:2] for key in self.contribution.said}

    @cached_property
    def rows(self) -> int:
        """How many lines tables have: two more than are filled in, here, in a draft, or as it is saved."""
        tables = [question.code for question in self.questions if question.kind in TABLES]
        if not tables:
            return 1
        sent = [*self.request.POST, *(name for draft in self.drafts() for name in draft.data)]
        line = re.compile(rf"(?:{'|'.join(tables)})-(\d{{1,2}})-")
        numbers = [int(found[1]) + 1 for name in sent if (found := line.match(name))]
        filled = [rows_in(self.contribution.said), rows_in(self.told_once), 1, *(row + 1 for _, row in self.taken)]
        return min(max(max(filled) + 2, *numbers, 3), MOST_ROWS)

    def after_save(self) -> None:
        """Words of a part change nothing that others keep in step with the record: the assessment is there already."""

    def saved(self) -> Contribution:
        if self.just_read:
            self.just_read = False
            return self.contribution
        self.contribution = self.find(**self.kwargs)
        self.contribution.assessment = self.assessment
        self.contribution.said = said_in([self.contribution]).get(self.contribution.pk, {})
        found: Contribution = self.contribution
        return found

    @cached_property
    def told_once(self) -> Said:
        """What the record knows already and a part asks for, while nobody has written there."""
        return {} if self.contribution.pk else {**self.from_request, **self.from_team}

    @cached_property
    def from_request(self) -> Said:
        """What the request said, for whoever may read it."""
        asks = {one.code: one.request for one in self.questions if one.request}
        if not asks or any(key[0] in asks for one in self.here for key in one.said):
            return {}
        rows = RequestWords.objects.filter(request__episode=self.assessment.episode_id)
        words = rows.order_by("-request__created_at").first()
        return {(code, 0, ""): getattr(words, name) for code, name in asks.items()} if words else {}

    @cached_property
    def from_team(self) -> Said:
        """Who is on the team, for a table of professionals."""
        asks = [one.code for one in self.questions if one.kind == "professionals"]
        if not asks or any(key[0] == asks[0] for one in self.here for key in one.said):
            return {}
        members = TeamMember.objects.filter(episode=self.assessment.episode, status=TeamMember.Status.ACCEPTED)
        leads = Lead.objects.filter(episode=self.assessment.episode, status=Lead.Status.ACCEPTED)
        found: dict[Key, str] = {}
        who: list[Any] = [
            *leads.select_related("user", "agency"),
            *members.select_related("user", "agency").order_by("pk"),
        ]
        for row, one in enumerate(who[:MOST_ROWS]):
            since = one.answered_at or one.created_at
            line = {
                "name": one.user.name,
                "role": one.user.job_title,
                "where": one.agency.name,
                "since": f"Team, {when_text(in_london(since).date())}",
            }
            found |= {(asks[0], row, box): text for box, text in line.items()}
        return found

    def initial_of(self, row: Any) -> dict[str, Any]:
        who = FEW if row.readers else ONLY_AGENCY if row.reader_agency_id else EVERYONE
        return initial_of(row.said or ({} if row.pk else self.told_once), self.questions) | {
            "ready": row.state == Contribution.State.READY or bool(row.carried_from_id and not row.checked_by_id),
            "who_reads": who,
            "kept_from": [str(pk) for pk in row.kept_from],
        }

    def at(self, row: Any, version: int) -> Any:
        before = then(row, version) if row.pk else None
        said = writing.said_at(row, version) if before else None
        if before is None or said is None:
            return None
        before.said = said
        return before

    def saver(self, row: Any) -> tuple[User | None, str, datetime | None]:
        return row.author, str(row.author), row.saved_at

    @cached_property
    def here(self) -> list[Passage]:
        """What stands in this place, but for what is written on this page."""
        rows = [
            one
            for one in self.sheet.contributions
            if (one.part, one.person_id) == (self.place.part.code, self.contribution.person_id)
            and one.pk != self.contribution.pk
            and (self.place.agency is None or one.agency_id == self.place.agency.pk)
        ]
        return [self.sheet.passage(one) for one in rows]

    def words(self, form: PartForm) -> Words:
        data = form.cleaned_data
        return Words(
            form.said(),
            ready=data["ready"],
            few=data["who_reads"] == FEW,
            only_agency=data["who_reads"] == ONLY_AGENCY,
            kept_from=[int(pk) for pk in data["kept_from"]] + self.kept_unseen,
        )

    @property
    def kept_unseen(self) -> list[int]:
        """Who must not know, and whom its writer may not know of any more."""
        return [pk for pk in self.contribution.kept_from if pk not in self.sheet.people]

    def save(self, form: PartForm) -> str:
        self.store(form)
        if not form.cleaned_data["ready"]:
            self.success = "Saved. It counts as ready once you tick “My part here is ready”."
        if self.is_harm_named(form):
            phone = procedure_in_force().safeguarding
            self.success = (
                f"Saved. If a child may be suffering harm, call {phone.name} now, and don’t wait for this assessment:"
                f" {phone.phone_day} in the day, {phone.phone_night} at night and at weekends."
            )
        go = self.request.POST.get("go")
        if go == "stay":
            kept = self.kept
            narrowed = kept.readers is not None or kept.reader_agency_id or kept.told_by
            return (
                reverse("change_contribution", args=[self.family.reference, kept.pk]) if narrowed else self.request.path
            )
        if go == "next" and (following := self.following):
            return place_url(self.family.reference, following)
        return self.back_url()

    def is_harm_named(self, form: PartForm) -> bool:
        """Whether an answer is given to whether a child is suffering harm, and it isn't the safe one."""
        said = form.said()
        return any(one.safe and said.get((one.code, 0, ""), one.safe) not in ("", one.safe) for one in self.questions)

    def store(self, form: PartForm) -> None:
        raise NotImplementedError

    @cached_property
    def following(self) -> Place | None:
        """The next place that isn't ready, where the asker writes; after the last, the first."""
        places = [one for one in self.sheet.written if one.place.agency in (None, self.mine)]
        keys = [one.place.key for one in places]
        after = keys.index(self.place.key) + 1 if self.place.key in keys else 0
        order = places[after:] + places[: max(after - 1, 0)]
        return next((one.place for one in order if not one.is_ready), None)

    @cached_property
    def asked(self) -> list[Asked]:
        """What the asker's agency was asked for."""
        rows = Asked.objects.filter(assessment=self.assessment, agency=self.mine, status=Asked.Status.WAITING)
        return list(rows.select_related("created_by"))

    def show(self, form: Any, draft: Draft | None) -> HttpResponse:
        """What was narrowed in another window isn't written for all from this one."""
        if self.contribution.pk is None and self.version > 0:
            self.version_now = self.version
            return FormPage.show(self, form, draft)
        return super().show(form, draft)

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "place": self.place,
            "hint": self.place.part.hint,
            "passages": [(one, presenters.links(one, self.family, self.user, may_propose=True)) for one in self.here],
            "following": self.following.title if self.following else "",
            "has_tables": any(question.kind in TABLES for question in self.questions),
            "later": asked_later(self.assessment, self.place.part, self.place.person),
            "asked": [one for one in self.asked if one.part == self.place.part.code],
            "from_team": bool(self.told_once) and bool(self.from_team),
            "from_request": bool(self.told_once) and any(self.from_request.values()),
            "known": known_of(self.place.person) if self.place.person else [],
            "carried": self.contribution.carried_from_id and not self.contribution.checked_by_id,
            "contribution": self.contribution,
            "told": False,
            "proposed": self.sheet.proposals.get(self.contribution.pk, []),
            "may_remark": self.may(policies.REMARK),
            "remarks": [one for one in self.sheet.remarks if self.place.key[:2] == (one.part, one.person_id)],
            "may_ask_more": policies.ASK_MORE.allows(self.asker, self.assessment),
        }


def known_of(person: Person) -> list[tuple[str, str]]:
    """What the record says of someone already, to be put right there and not written again."""
    details = PersonDetails.objects.filter(person=person).first()
    if details is None:
        return []
    language = f"{details.language}{' (needs an interpreter)' if details.interpreter else ''}"
    said = {
        "Born": person.born_words.removeprefix("born "), "School": details.school, "GP": details.gp, "Language": language.strip(),
        "Needs": details.access_needs, "Disability": details.disability, "Ethnicity": details.ethnicity, "Religion": details.religion,
    }  # fmt: skip
    return [(name, text) for name, text in said.items() if text]


class WritePart(PlacePage):
    """A part about the family, or what the asker's own agency knows."""

    def find(self, **kwargs: Any) -> Contribution:
        return self.own(kwargs["part"], None)

    def own(self, code: str, person: Person | None) -> Contribution:
        part = self.sheet.form.part(code)
        if part is None or (person is None) != (part.about in ("family", "agency")):
            raise Http404
        if person and not is_about(part, person):
            raise Http404
        if part.about == "agency" and self.mine is None:
            raise Http404
        whose = {"part": code, "person": person, "author": self.user, "agency": self.mine}
        rows = Contribution.objects.filter(assessment=self.assessment, **whose, told_by="", readers=None)
        rows = rows.filter(reader_agency=None).exclude(state=Contribution.State.DROPPED)
        found = rows.select_related("author", "agency").first()
        return found or Contribution(family=self.family, **whose)

    def store(self, form: PartForm) -> None:
        words, version = self.words(form), self.version
        if self.contribution.pk:
            self.kept = writing.change(
                contribution=self.contribution,
                words=words,
                version=version,
                actor=self.user,
                writes_for=self.mine,
            )
        else:
            self.kept = writing.write(
                assessment=self.assessment,
                part=self.place.part.code,
                person=self.place.person,
                words=words,
                version=version,
                actor=self.user,
                agency=self.mine,
            )


class WriteAbout(WritePart):
    """A part about one person."""

    def find(self, **kwargs: Any) -> Contribution:
        person = self.sheet.people.get(kwargs["person"])
        if person is None:
            raise Http404
        return self.own(kwargs["part"], person)


class ChangeContribution(PlacePage):
    """What the asker wrote for few readers, or typed for someone else."""

    def find(self, **kwargs: Any) -> Contribution:
        rows = Contribution.objects.filter(family=self.family, assessment=self.assessment, pk=kwargs["pk"])
        found = rows.select_related("author", "agency").first()
        if found is None or (found.person_id and found.person_id not in self.sheet.people):
            raise Http404
        return found

    def draft_key(self) -> str:
        return f"assessment:{self.assessment.pk}:contribution:{self.contribution.pk}"

    def store(self, form: PartForm) -> None:
        words = self.words(form)
        self.kept = writing.change(
            contribution=self.contribution,
            words=words,
            version=self.version,
            actor=self.user,
            writes_for=self.mine,
        )
