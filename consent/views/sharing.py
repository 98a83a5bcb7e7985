from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from consent import policies
from consent.documents import agreement_pdf, blank_pdf, file_scan
from consent.forms import agreement as forms
from consent.models import Agreement, Tier
from consent.services import (
    Choice,
    agencies_that_know,
    agreed,
    all_choices,
    record_agreement,
    record_choices,
    tier_of,
    withdraw_from,
)
from earlyhelp.access.levels import Level
from earlyhelp.access.views import ActionView, FamilyView
from earlyhelp.accounts.models import Agency, LocalProcedure
from earlyhelp.core import clock
from earlyhelp.drafts.pages import FamilyFormPage
from earlyhelp.printing.pdf import pdf_response
from families import policies as family_policies
from families.forms import AskToLeadForm, InviteForm
from families.models import Document, Family, Person
from families.services import team
from families.views.team import practitioners_of

TIER_COLOURS = {Tier.NONE: "grey", Tier.BASIC: "yellow", Tier.ADDITIONAL: "green"}


def agencies_to_ask_about(family: Family) -> list[Agency]:
    """Every open agency; first those that know something, then who makes the first contact, then by name."""
    known = agencies_that_know(family)
    episode = family.episode()
    first = {episode.first_contact_agency_id} if episode else set()
    agencies = Agency.objects.filter(is_open=True).order_by("name")
    return sorted(agencies, key=lambda a: (a.pk not in known | first, a.name))


class Sharing(FamilyView):
    """What the family agreed, and what each person lets each agency know."""

    action = policies.SEE_SHARING
    template_name = "consent/sharing.html"

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        people = list(self.family.people())
        now = clock.now()
        cells: dict[int, dict[int, tuple[int, bool]]] = {}
        seen = {person.pk for person in people}
        for (person, agency), (tier, never, until) in all_choices(self.family).items():
            in_force = tier if until is None or until > now else Tier.NONE
            if person not in seen:
                continue
            cells.setdefault(agency, {})[person] = (in_force, never)
        agencies = Agency.objects.filter(pk__in=cells).order_by("name")
        rows = [
            (
                agency,
                [(person, *_words(cells[agency.pk].get(person.pk))) for person in people],
                any(tier for tier, _ in cells[agency.pk].values()),
            )
            for agency in agencies
        ]
        agreements = Agreement.objects.filter(family=self.family).select_related("person", "created_by")
        scans = Document.objects.filter(family=self.family, kind=Document.Kind.AGREEMENT)
        episode = self.family.episode()
        return self.page(
            decided=episode is not None and agreed(episode) is not None,
            people=people,
            rows=rows,
            agreements=agreements,
            scans=scans,
            may_record=policies.RECORD.allows(self.asker, self.family),
            may_open=family_policies.OPEN_DOCUMENT.allows(self.asker, self.family),
        )


def _words(choice: tuple[int, bool] | None) -> tuple[str, str]:
    if choice is None:
        return "Not asked", ""
    tier, never = choice
    return ("Never share", "red") if never else (Tier(tier).label, TIER_COLOURS[Tier(tier)])


class ConsentPage(FamilyFormPage, abstract=True):
    def back_url(self) -> str:
        url = self.family.get_absolute_url()
        return f"{url}sharing/" if self.asker.level >= Level.VIEW else url


class RecordAgreement(ConsentPage):
    """One person's decision, and the sharing choices made with it."""

    action = policies.RECORD
    form_class = forms.AgreementForm
    submit_text = "Record the decision"
    success = "Recorded. Access follows at once."

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Record the family’s {LocalProcedure.current().agreement_word}"

    def form_kwargs(self) -> dict[str, Any]:
        return {"people": list(self.family.people()), "agencies": agencies_to_ask_about(self.family)}

    def save(self, form: forms.AgreementForm) -> str:
        data = form.cleaned_data
        decided_by = form.people[data["person"]]
        choices = [
            Choice(person=form.people[pk], agency=agency, tier=tier, never=never, decided_by=decided_by)
            for agency, (tier, never) in form.answers().items()
            for pk in data["covers"]
            if tier or never or (int(pk), agency.pk) in self.known
        ]
        record_agreement(
            family=self.family,
            episode=self.family.episode(),
            person=decided_by,
            decision=data["decision"],
            how=data["how"],
            decided_on=data["decided_on"],
            witness=data["witness"],
            wishes=data["wishes"],
            choices=choices,
            actor=self.user,
        )
        return self.back_url()

    @property
    def known(self) -> set[tuple[int, int]]:
        return set(all_choices(self.family))


class ChangeChoices(ConsentPage):
    """One person's choices, agency by agency."""

    action = policies.RECORD
    form_class = forms.ChoicesForm
    submit_text = "Record these choices"
    success = "Recorded. Access follows at once."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.person = self.row(Person, pk=kwargs["pk"])
        self.title = f"What {self.person.name} shares"

    def form_kwargs(self) -> dict[str, Any]:
        known = {
            agency: forms.NEVER if never else str(tier or "")
            for (person, agency), (tier, never, _) in all_choices(self.family).items()
            if person == self.person.pk
        }
        return {
            "people": list(self.family.people()),
            "agencies": agencies_to_ask_about(self.family),
            "known": known,
            "about": self.person,
        }

    def save(self, form: forms.ChoicesForm) -> str:
        decided_by = form.people[form.cleaned_data["decided_by"]]
        asked_before = {agency for person, agency in all_choices(self.family) if person == self.person.pk}
        choices = [
            Choice(person=self.person, agency=agency, tier=tier, never=never, decided_by=decided_by)
            for agency, (tier, never) in form.answers().items()
            if tier or never or agency.pk in asked_before
        ]
        record_choices(family=self.family, choices=choices, actor=self.user)
        return self.back_url()


class Withdraw(ConsentPage):
    """Stop sharing with one agency altogether."""

    action = policies.RECORD
    form_class = forms.WithdrawForm
    submit_text = "Stop sharing"
    keeps_draft = False

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        known = Agency.objects.filter(pk__in=agencies_that_know(self.family))
        self.agency = get_object_or_404(known, pk=kwargs["agency"])
        self.title = f"Stop sharing with {self.agency.name}?"
        self.warning = (
            f"People of {self.agency.name} lose this family’s record at their next click. What they wrote stays."
        )
        self.success = f"Nothing is shared with {self.agency.name} any more."

    def form_kwargs(self) -> dict[str, Any]:
        return {"people": list(self.family.people())}

    def save(self, form: forms.WithdrawForm) -> str:
        decided_by = form.people[form.cleaned_data["decided_by"]]
        withdraw_from(family=self.family, agency=self.agency, decided_by=decided_by, actor=self.user)
        return self.back_url()


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
        return self.page(people=list(self.family.people()))


class PrintForm(FamilyView):
    """The form, filled in with what is known: of the family, or of one person."""

    action = policies.PRINT_FORM

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        wanted = request.GET.get("person", "")
        if wanted and not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
            raise Http404
        pdf = agreement_pdf(
            self.family,
            person=self.row(Person, pk=wanted) if wanted else None,
            names_excluded=self.asker.level >= Level.LEAD,
            large_print="large" in request.GET,
        )
        return pdf_response(pdf, filename=f"agreement-{self.family.reference}.pdf")


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

    def form_kwargs(self) -> dict[str, Any]:
        known = agencies_that_know(self.family)
        if self.additional_only:
            agencies = Agency.objects.filter(pk__in=known)
            known = {a.pk for a in agencies if tier_of(self.family, a) == Tier.ADDITIONAL}
        return {"people": practitioners_of(known)}

    def context(self) -> dict[str, Any]:
        return super().context() | {"shares": bool(agencies_that_know(self.family))}


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
