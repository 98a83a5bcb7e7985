from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from consent import case as consent_case
from consent import policies
from consent.documents import agreement_pdf, blank_pdf, file_scan
from consent.forms import agreement as forms
from consent.models import Agreement, ExcludedPerson, Tier
from consent.presenters import WordsShown, readable
from consent.services.agencies import agencies_around
from consent.services.competence import deciding
from consent.services.excluding import people_excluded
from consent.services.ledger import (
    agencies_that_know,
    agreed,
    all_choices,
    record_agreement,
    record_choices,
    running_agency,
    tier_of,
    tiers,
    withdraw_from,
)
from consent.views.disclosures import PrintPage
from consent.word import FamilysWord, Held
from earlyhelp.access.actions import Asker
from earlyhelp.access.case import Case
from earlyhelp.access.levels import Level
from earlyhelp.access.views import ActionView, FamilyView
from earlyhelp.accounts.models import Agency, LocalProcedure
from earlyhelp.accounts.roles import agencies
from earlyhelp.core import clock
from earlyhelp.core.errors import Refused
from earlyhelp.drafts.models import Draft
from earlyhelp.drafts.pages import FamilyFormPage, typed
from earlyhelp.govuk.forms import is_number, list_words
from earlyhelp.printing.pdf import pdf_response
from families import case as family_case
from families import policies as family_policies
from families.forms import AskToLeadForm, InviteForm, LeadMyselfForm
from families.models import Document, Family, Lead, LocalityHelp, Person, PersonDetails, Request, TeamMember
from families.services import team
from families.services.requests import agreement_told
from families.views.team import practitioners_of

TIER_COLOURS = {Tier.NONE: "grey", Tier.BASIC: "yellow", Tier.ADDITIONAL: "green"}


@dataclass(frozen=True)
class Cell:
    """What one person lets one agency know now, until when, when they are asked again, and who decided it when."""

    tier: int
    never: bool
    until: datetime | None
    review_on: date | None
    decided_by: str
    decided_on: date

    @property
    def words(self) -> str:
        return "Never share" if self.never else Tier(self.tier).label

    @property
    def colour(self) -> str:
        return "red" if self.never else TIER_COLOURS[Tier(self.tier)]


class Sharing(FamilyView):
    """What the family agreed, and what each person lets each agency know."""

    action = policies.SEE_SHARING
    template_name = "consent/sharing.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        people, word, now = family_case.people(self.case), consent_case.word(self.case), clock.now()
        may_record, may_read = self.may(policies.RECORD), readable(people, self.asker)
        shown = [person for person in people if may_record or person.pk in may_read]
        names = {person.pk: person.short_name for person in people}
        seen = {person.pk for person in shown}
        cells: dict[int, dict[int, Cell]] = {}
        for (person, agency), made in word.made.items():
            if person in seen:
                cells.setdefault(agency, {})[person] = Cell(*made.held.at(now), names.get(made.by, ""), made.on)
        agencies = Agency.objects.filter(pk__in=cells).order_by("name")
        rows = [
            (
                agency,
                [(person, cells[agency.pk].get(person.pk)) for person in shown],
                any(cell.tier for cell in cells[agency.pk].values()),
            )
            for agency in agencies
        ]
        scans = Document.objects.filter(family=self.family, kind=Document.Kind.AGREEMENT)
        return self.page(
            word=WordsShown(self.case, may_read),
            people=people,
            rows=rows,
            scans=scans,
            may_share_lawfully=self.may(policies.SHARE_LAWFULLY),
            may_see_given=self.may(policies.SEE_DISCLOSURES),
            excluded=ExcludedPerson.objects.filter(family=self.family).select_related("decided_by", "created_by"),
            running=word.running,
            may_record=may_record,
            may_withdraw=self.may(policies.WITHDRAW),
            may_open=self.may(family_policies.OPEN_DOCUMENT),
            may_open_signature=self.may(policies.OPEN_SIGNATURE),
            may_exclude=self.may(policies.EXCLUDE),
        )


class ConsentPage(FamilyFormPage, abstract=True):
    def back_url(self) -> str:
        url = self.family.get_absolute_url()
        return f"{url}sharing/" if self.asker.level >= Level.VIEW else url


class ChoicesPage(ConsentPage, abstract=True):
    """A form with a question for each agency around the family; any other is added by its name, and nothing typed is
    lost by that."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        another = request.POST.get("another", "")
        if not is_number(another):
            return super().post(request, *args, **kwargs)
        data = typed(request.POST) | {"another": [""], "also": [*map(str, self.also()), another]}
        title = self.draft_title()
        Draft.objects.update_or_create(
            user=self.user, form=self.draft_key(), defaults={"title": title, "url": request.path, "data": data}
        )
        return HttpResponseRedirect(f"{request.path}#id_agency_{another}")

    def also(self) -> list[int]:
        """The agencies that were added by name."""
        if self.request.method == "POST":
            added = self.request.POST.getlist("also")
        else:
            draft = self.draft()
            added = draft.data.get("also", []) if draft else []
        return [int(pk) for pk in added if is_number(pk)]


class RecordAgreement(ChoicesPage):
    """One person's decision, and the sharing choices made with it. What is signed on screen waits for its signature."""

    action = policies.RECORD
    form_class = forms.AgreementForm
    template_name = "consent/record_agreement.html"
    submit_text = "Record the decision"
    success = "Recorded. Access follows at once."

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Record the family’s {LocalProcedure.current().agreement_word}"

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        episode = self.family.episode()
        self.told: Request | None = agreement_told(episode) if episode and agreed(episode) is None else None

    def context(self) -> dict[str, Any]:
        return super().context() | {"told": self.told}

    def initial(self) -> dict[str, Any]:
        """Today, what end was set before, and who agreed in the asker's words: the family's own word is still to be heard."""
        seen = {person.pk: person.name.casefold() for person in self.family.people()}
        initial: dict[str, Any] = {"decided_on": clock.today()}
        if self.told is None:
            held = [held for (person, _), held in choices_now(self.family).items() if person in seen]
            return initial | ends_of(held)
        who = [pk for pk, name in seen.items() if name == self.told.agreed_by.strip().casefold()]
        return initial | {"person": str(who[0]) if len(who) == 1 else ""}

    def form_kwargs(self) -> dict[str, Any]:
        return agreement_questions(self.case, self.asker, also=self.also())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, **self.form_kwargs())
        signs = request.POST.get("how") == Agreement.How.DRAWN and not request.POST.get("another")
        if not (signs and form.is_valid()):
            return super().post(request, *args, **kwargs)
        self.keep()
        return HttpResponseRedirect(f"{request.path}sign/")

    def save(self, form: forms.AgreementForm) -> str:
        agreement = record_agreement(family=self.family, decision=form.said(), choices=form.choices(), actor=self.user)
        return after(self.family, agreement, self.back_url())


def agreement_questions(case: Case, asker: Asker, *, also: list[int]) -> dict[str, Any]:
    """What the form of an agreement asks about: the people whom the asker sees, and the agencies around them. Nothing of
    what was chosen before, for who may not read the earlier record."""
    family, earlier = case.family, policies.reads_earlier_choices(asker, case)
    people, word = family_case.people(case), consent_case.word(case)
    names = {person.pk: person.short_name for person in people}
    spoken = PersonDetails.objects.filter(family=family, person__in=names).exclude(language="")
    in_force = word.choices if earlier else {}
    answers: dict[int, list[str]] = {}
    for (person, agency), held in in_force.items():
        if person in names:
            answers.setdefault(agency, []).append(forms.answer_of(held))
    return {
        "people": people,
        "deciding": {person.pk for person in people if word.decides_alone(person)},
        "word": word,
        "languages": {str(pk): language for pk, language in spoken.values_list("person", "language")},
        "in_force": {key: held.tier for key, held in in_force.items()},
        # Nobody's answer stands in for someone who wasn't asked
        "known": {a: given[0] for a, given in answers.items() if len(given) == len(names) and len(set(given)) == 1},
        **agencies_to_ask_about(family, word, also=also, earlier=earlier),
    }


def agencies_to_ask_about(
    family: Family, word: FamilysWord, *, also: list[int], earlier: bool = True
) -> dict[str, Any]:
    around = agencies_around(family, also=also, earlier=earlier)
    around.sort(key=lambda agency: agency != word.running)
    others = Agency.objects.filter(is_open=True).exclude(pk__in=[agency.pk for agency in around]).order_by("name")
    return {"agencies": around, "others": others, "also": also}


def whose_choices(case: Case, asker: Asker) -> list[Person]:
    """Whose choices the asker reads: everyone's for who records them, else those of whom they may know more than basic
    information."""
    people = family_case.people(case)
    may_record, may_read = policies.RECORD.allows(asker, case), readable(people, asker)
    return [person for person in people if may_record or person.pk in may_read]


def choices_now(family: Family) -> dict[tuple[int, int], Held]:
    """(person, agency) → what holds now."""
    now = clock.now()
    return {key: held.at(now) for key, held in all_choices(family).items()}


def ends_of(choices: Iterable[Held]) -> dict[str, date | None]:
    """The last day and the day to ask again, where all that is shared has the same."""
    shared = [held for held in choices if held.tier]
    ends, asked = {held.until for held in shared}, {held.review_on for held in shared}
    end = ends.pop() if len(ends) == 1 else None
    return {
        "ends_on": clock.in_london(end - timedelta(minutes=1)).date() if end else None,
        "review_on": asked.pop() if len(asked) == 1 else None,
    }


def after(family: Family, agreement: Agreement, back: str) -> str:
    """Where to go when a decision is recorded: after a no, to what can still be done."""
    if agreement.decision == Agreement.Decision.GIVEN:
        return back
    return reverse("what_follows", args=[family.reference])


class ChangeChoices(ChoicesPage):
    """One person's choices, agency by agency."""

    action = policies.CHANGE_CHOICES
    form_class = forms.ChoicesForm
    submit_text = "Record these choices"
    success = "Recorded. Access follows at once."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.person = self.row(Person, pk=kwargs["pk"])
        self.title = f"What {self.person.name} shares"
        self.word = consent_case.word(self.case)
        self.in_force = self.word.choices
        self.known = {
            agency: forms.answer_of(held)
            for (person, agency), held in self.in_force.items()
            if person == self.person.pk
        }

    def initial(self) -> dict[str, Any]:
        return ends_of([held for (person, _), held in self.in_force.items() if person == self.person.pk])

    def form_kwargs(self) -> dict[str, Any]:
        people = list(self.family.people())
        return {
            "people": people,
            "deciding": {person.pk for person in people if self.word.decides_alone(person)},
            "about": self.person,
            "known": self.known,
            "word": self.word,
            **agencies_to_ask_about(self.family, self.word, also=self.also()),
        }

    def save(self, form: forms.ChoicesForm) -> str:
        record_choices(
            family=self.family,
            choices=form.choices(),
            until=form.until(),
            review_on=form.cleaned_data["review_on"],
            actor=self.user,
        )
        return self.back_url()


class Withdraw(ConsentPage):
    """Stop sharing with one agency altogether, once it is plain what follows."""

    action = policies.WITHDRAW
    form_class = forms.WithdrawForm
    template_name = "consent/withdraw.html"
    submit_text = "Stop sharing"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        known = Agency.objects.filter(pk__in=agencies_that_know(self.family))
        self.agency = get_object_or_404(known, pk=kwargs["agency"])
        self.runs = self.agency == running_agency(self.family)
        self.title = f"Stop sharing with {self.agency.name}?"

    def context(self) -> dict[str, Any]:
        return super().context() | {"agency": self.agency, "runs": self.runs}

    def form_kwargs(self) -> dict[str, Any]:
        people = list(self.family.people())
        deciders = deciding(self.family, people)
        return {"people": [person for person in people if person.pk in deciders]}

    def save(self, form: forms.WithdrawForm) -> str:
        decided_by = form.people[form.cleaned_data["decided_by"]]
        withdraw_from(family=self.family, agency=self.agency, decided_by=decided_by, actor=self.user)
        self.success = self.what_is_left(decided_by)
        return reverse("what_follows", args=[self.family.reference]) if self.runs else self.back_url()

    def what_is_left(self, decided_by: Person) -> str:
        """Whether anyone else's own choice lets the agency go on knowing of them."""
        if self.agency.pk not in agencies_that_know(self.family):
            return f"Nothing is shared with {self.agency.name} any more."
        names = {person.pk: person.short_name for person in self.family.people()}
        still = {
            pk for (pk, agency), held in choices_now(self.family).items() if agency == self.agency.pk and held.tier
        }
        others = list_words([name for pk, name in names.items() if pk in still])
        left = f" It still knows of {others}: ask whoever decides about that." if others else ""
        return f"What {decided_by.short_name} decides is no longer shared with {self.agency.name}.{left}"


class WhatFollows(FamilyView):
    """After a no: what follows from it, and what can still be done for the family."""

    action = policies.SEE_WHAT_FOLLOWS
    template_name = "consent/what_follows.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        episode = self.family.episode()
        running = running_agency(self.family)
        agrees = bool(episode and agreed(episode))
        return self.page(
            agrees=agrees,
            running=running,
            running_may_know=bool(running and tier_of(self.family, running) == Tier.ADDITIONAL),
            may_record=self.may(policies.RECORD),
            may_end=self.may(family_policies.END_EPISODE),
            may_hand_over=self.may(family_policies.ASK_TO_LEAD),
            may_see_sharing=self.may(policies.SEE_SHARING),
        )


class FileScan(ConsentPage):
    """The signed form, looked into before it is kept (DEV-07)."""

    action = policies.FILE_SCAN
    form_class = forms.ScanForm
    title = "File the signed form"
    submit_text = "File it"
    success = "The signed form is filed."
    keeps_draft = False

    def save(self, form: forms.ScanForm) -> str:
        file_scan(
            family=self.family,
            upload=form.cleaned_data["scan"],
            signed_on=form.cleaned_data["signed_on"],
            actor=self.user,
        )
        return self.back_url()


class ChoosePrint(FamilyView):
    """Whose form to print, and how large."""

    action = policies.PRINT_FORM
    template_name = "consent/choose_print.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        return self.page(people=whose_choices(self.case, self.asker))


class PrintForm(PrintPage):
    """The form, filled in with what is known: of the family, or of one person."""

    action = policies.PRINT_FORM
    what = "The form, filled in"

    def find(self) -> None:
        wanted = self.request.GET.get("person", "")
        self.people = whose_choices(self.case, self.asker)
        self.person = next((person for person in self.people if str(person.pk) == wanted), None)
        if wanted and not self.person:
            raise Http404

    def about(self) -> set[int]:
        return self.of_one() or {person.pk for person in self.people}

    def of_one(self) -> set[int]:
        return {self.person.pk} if self.person else set()

    def whose(self) -> str:
        return f" with what {self.person.name} chose" if self.person else ""

    def back_url(self) -> str:
        return f"{self.family.get_absolute_url()}sharing/"

    def pdf(self, *, for_family: bool, large_print: bool) -> bytes:
        return agreement_pdf(
            self.family,
            people=self.people,
            person=self.person,
            names_excluded=for_family and self.asker.level >= Level.LEAD,
            large_print=large_print,
        )

    def filename(self) -> str:
        return f"agreement-{self.family.reference}.pdf"


class PrintBlank(ActionView):
    """The form for a home visit."""

    action = policies.PRINT_BLANK

    def get(self, request: HttpRequest) -> HttpResponse:
        return pdf_response(blank_pdf(large_print="large" in request.GET), filename="agreement-blank.pdf")


class TeamPage(FamilyFormPage, abstract=True):
    """Choosing someone of an agency that the family shares with."""

    template_name = "consent/choose_practitioner.html"
    additional_only = False

    def back_url(self) -> str:
        url = self.family.get_absolute_url()
        return f"{url}team/" if self.asker.level >= Level.VIEW else url

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.known = agencies_that_know(self.family)
        if self.additional_only:
            self.known = {agency for agency, tier in tiers(self.family).items() if tier == Tier.ADDITIONAL}

    def form_kwargs(self) -> dict[str, Any]:
        kept_out = people_excluded(self.family)
        return {
            "people": [
                pair for pair in practitioners_of(self.known) if pair[0].pk not in kept_out and pair[0] != self.user
            ]
        }

    def context(self) -> dict[str, Any]:
        return super().context() | {
            "shares": bool(self.known),
            "missing": self.missing(),
            "people": self.family.people(),
            "may_lead": self.additional_only and self.may(family_policies.LEAD_MYSELF),
        }

    def missing(self) -> list[tuple[Agency, str]]:
        """The agencies around the family whose people can't be chosen, and why."""
        answered: dict[int, set[bool]] = {}
        seen = {person.pk for person in self.family.people()}
        for (person, agency), held in all_choices(self.family).items():
            if person in seen:
                answered.setdefault(agency, set()).add(held.never)
        little = agencies_that_know(self.family)

        def why(agency: Agency) -> str:
            if agency.pk in little:
                return "the family shares basic information only, which is too little to lead."
            if agency.pk not in answered:
                return "the family wasn’t asked yet. Ask them, and record what they choose."
            if True in answered[agency.pk]:
                return "the family said never to share with them."
            return "the family shares nothing with them."

        return [(a, why(a)) for a in agencies_around(self.family) if a.pk not in self.known]


class Invite(TeamPage):
    action = family_policies.INVITE
    form_class = InviteForm
    title = "Invite someone to the team"
    submit_text = "Send the invitation"
    success = "The invitation is sent."

    def save(self, form: InviteForm) -> str:
        user, agency = form.chosen()
        team.invite(
            family=self.family,
            episode=self.family.episode(),
            user=user,
            agency=agency,
            role=form.cleaned_data["role"],
            actor=self.user,
        )
        return self.back_url()


class AskToLead(TeamPage):
    action = family_policies.ASK_TO_LEAD
    form_class = AskToLeadForm
    submit_text = "Ask them"
    success = "They have been asked. You get a message when they answer."
    additional_only = True

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Ask someone to be {LocalProcedure.current().lead_word}"

    def save(self, form: AskToLeadForm) -> str:
        user, agency = form.chosen()
        team.ask_to_lead(
            family=self.family,
            episode=self.family.episode(),
            user=user,
            agency=agency,
            family_wish=form.cleaned_data["family_wish"],
            actor=self.user,
        )
        return self.back_url()


class LeadMyself(ConsentPage):
    """Lead at once; nobody has to ask themselves."""

    action = family_policies.LEAD_MYSELF
    form_class = LeadMyselfForm
    title = "Lead for this family yourself"
    lede = "You are the family’s one point of contact, and bring the team and the plan together."
    submit_text = "I will lead"
    success = "You lead for this family."

    def save(self, form: LeadMyselfForm) -> str:
        mine = sorted(agencies(self.user), key=lambda a: tier_of(self.family, a), reverse=True)
        if not mine:
            raise Refused("You work for no agency now. Ask your administrator.")
        team.lead_myself(
            family=self.family,
            episode=self.family.episode(),
            agency=mine[0],
            family_wish=form.cleaned_data["family_wish"],
            actor=self.user,
        )
        return str(self.family.get_absolute_url())


class Team(FamilyView):
    """Who leads, who is on the team, who was asked and what they said; and whose agency the family doesn't share with."""

    action = family_policies.SEE_TEAM
    template_name = "consent/team.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        leads = Lead.objects.filter(family=self.family).select_related("user", "agency", "asked_by")
        members = TeamMember.objects.filter(family=self.family).select_related("user", "agency", "invited_by")
        helped = LocalityHelp.objects.filter(family=self.family).select_related("locality", "asked_by", "ended_by")
        open_help = next((row for row in helped if row.status == LocalityHelp.Status.ASKED), None)
        leader = next((row for row in leads if row.status == Lead.Status.ACCEPTED), None)
        known = tiers(self.family)
        return self.page(
            # Who leads keeps basic information, come what may
            leads=[(row, max(known.get(row.agency_id, Tier.NONE), Tier.BASIC)) for row in leads],
            members=[(row, known.get(row.agency_id, Tier.NONE)) for row in members],
            leader=leader,
            episode=self.family.episode(),
            helped=helped,
            may_end_help=bool(open_help and family_policies.END_HELP.allows(self.asker, open_help)),
            may_ask_locality=open_help is None and self.may(family_policies.ASK_LOCALITY),
            may_lead=self.may(family_policies.LEAD_MYSELF),
            may_ask=self.may(family_policies.ASK_TO_LEAD),
            may_invite=self.may(family_policies.INVITE),
            may_record=self.may(policies.RECORD),
        )
