from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from earlyhelp.access.views import ActionView
from earlyhelp.accounts.models import Agency, Cover, Membership, PasswordMail, Role, User, WorksFor
from earlyhelp.accounts.roles import has_role, memberships
from earlyhelp.core import clock
from earlyhelp.desk import policies
from earlyhelp.desk.forms import people as forms
from earlyhelp.desk.services import changes, cover, people
from earlyhelp.desk.services.places import Wrong
from earlyhelp.desk.views.lists import ListPage
from earlyhelp.drafts.pages import FormPage
from earlyhelp.govuk.forms import GovukForm

PER_PAGE = 25
QUIET = timedelta(days=90)


def agencies_kept_by(user: User) -> QuerySet[Agency]:
    """Where a person may give roles: an administrator at every open agency, a manager at their own."""
    found = Agency.objects.filter(is_open=True).order_by("name")
    if has_role(user, Role.ADMINISTRATOR):
        return found
    return found.filter(pk__in=[m.agency_id for m in memberships(user) if m.role == Role.MANAGER])


def people_kept_by(user: User) -> QuerySet[User]:
    """Whose accounts a person may look after: an administrator everyone's; a manager those who work for their agency now."""
    if has_role(user, Role.ADMINISTRATOR):
        return User.objects.all()
    here = Membership.objects.current().filter(agency__in=agencies_kept_by(user))
    return User.objects.filter(pk__in=here.values("user"))


class People(ActionView):
    """Who has an account, in which roles, and when they signed in last."""

    action = policies.KEEP_PEOPLE
    template_name = "desk/people.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        said, quiet = request.GET.get("find", "").strip()[:100], "quiet" in request.GET
        found = people_kept_by(self.user)
        if said:
            found = found.filter(
                Q(name__icontains=said) | Q(email__icontains=said) | Q(memberships__agency__name__icontains=said)
            )
        if quiet:
            since = clock.true_now() - QUIET
            found = found.filter(is_active=True).filter(
                Q(last_login__lt=since) | Q(last_login=None, date_joined__lt=since)
            )
        roles = Membership.objects.current().select_related("agency", "locality").order_by("agency__name", "role")
        rows = found.distinct().annotate(
            has_code=Exists(Authenticator.objects.filter(user=OuterRef("pk")).exclude(type="recovery_codes"))
        )
        with_roles = rows.prefetch_related(Prefetch("memberships", queryset=roles)).order_by("name", "pk")
        page = Paginator(with_roles, PER_PAGE).get_page(request.GET.get("page"))
        return self.page(page_obj=page, find=said, quiet=quiet, is_admin=has_role(self.user, Role.ADMINISTRATOR))


class OnePerson(FormPage, abstract=True):
    action = policies.KEEP_PEOPLE
    person: User

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.person = get_object_or_404(people_kept_by(self.user), pk=kwargs["pk"])

    def back_url(self) -> str:
        return reverse("account", args=[self.person.pk])


class ShowPerson(ActionView):
    """An account: its roles, whether its owner has joined, and what was changed of it."""

    action = policies.KEEP_PEOPLE
    template_name = "desk/person.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        person = get_object_or_404(people_kept_by(self.user), pk=pk)
        kept, now = {agency.pk for agency in agencies_kept_by(self.user)}, clock.now()
        roles = Membership.objects.filter(user=person).select_related("agency", "locality", "supports")
        rows = [
            (role, role.ends_at is None or role.ends_at > now, not people.why_not(self.user, role.agency, role.role))
            for role in roles
            if role.agency_id in kept or has_role(self.user, Role.ADMINISTRATOR)
        ]
        return self.page(
            person=person,
            roles=rows,
            hangs=people.hangs_on(person) if has_role(self.user, Role.ADMINISTRATOR) else [],
            has_code=Authenticator.objects.filter(user=person).exclude(type="recovery_codes").exists(),
            waiting=PasswordMail.objects.filter(user=person, invites=True, sent_at=None).exists(),
            history=changes.of(person)[:20] if has_role(self.user, Role.ADMINISTRATOR) else [],
            covers=Cover.objects.current().filter(covered=person, agency__in=kept).select_related("user", "agency"),
            may_cover=WorksFor.objects.filter(user=person, agency__in=kept, may_lead=True).exists(),
            is_admin=has_role(self.user, Role.ADMINISTRATOR),
        )


class GivesPlace(FormPage, abstract=True):
    action = policies.KEEP_PEOPLE

    def form_kwargs(self) -> dict[str, Any]:
        return {"agencies": agencies_kept_by(self.user), "everywhere": has_role(self.user, Role.ADMINISTRATOR)}


class Invite(GivesPlace):
    """One person, by e-mail."""

    form_class = forms.InviteForm
    title = "Invite someone"
    lede = "They get an e-mail with a link, choose a password, and sign in."
    submit_text = "Send the invitation"
    success = "The invitation is on its way."

    def back_url(self) -> str:
        return reverse("accounts")

    def save(self, form: forms.InviteForm) -> str:
        said = {name: form.cleaned_data[name] for name in ("name", "email", "job_title", "phone")}
        user = people.invite(place=form.place, actor=self.user, **said)
        return reverse("account", args=[user.pk])


class InviteMany(ListPage):
    """A pasted list."""

    action = policies.KEEP_PEOPLE
    form_class = forms.ManyForm
    title = "Invite people from a list"
    lede = "Each line that is right is in at once. The others are named, with what is wrong, and can be sent again."
    submit_text = "Send the invitations"
    what = "invitation"

    def back_url(self) -> str:
        return reverse("accounts")

    def take(self, text: str) -> tuple[int, list[Wrong]]:
        return people.invite_many(text=text, actor=self.user)


class ChangeAccount(OnePerson):
    action = policies.CHANGE_ACCOUNTS
    form_class = forms.PersonForm
    success = "Saved."

    def get_title(self) -> str:
        return f"Change {self.person.name}"

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.person, name) for name in forms.PersonForm.base_fields}

    def save(self, form: forms.PersonForm) -> str:
        people.change_person(user=self.person, actor=self.user, **form.cleaned_data)
        return self.back_url()


class GiveRole(OnePerson, GivesPlace):
    form_class = forms.PlaceForm
    submit_text = "Give this role"
    success = "They have the role now."

    def get_title(self) -> str:
        return f"Give {self.person.name} a role"

    def save(self, form: forms.PlaceForm) -> str:
        people.give_role(user=self.person, place=form.place, actor=self.user)
        return self.back_url()


class OneRole(OnePerson, abstract=True):
    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        self.membership = get_object_or_404(
            Membership.objects.current().select_related("agency", "user"), pk=kwargs["role"], user=self.person
        )
        if refusal := people.why_not(self.user, self.membership.agency, self.membership.role):
            raise Http404(refusal)


class MoveRole(OneRole):
    """The same role at another agency."""

    form_class = forms.MoveForm
    template_name = "desk/hangs.html"
    removes = True
    submit_text = "Move them now"
    success = "They work there now."

    def form_kwargs(self) -> dict[str, Any]:
        return {"agencies": agencies_kept_by(self.user).exclude(pk=self.membership.agency_id)}

    def get_title(self) -> str:
        return f"Move {self.person.name} to another agency?"

    def context(self) -> dict[str, Any]:
        hangs = people.hangs_on(self.person, self.membership.agency)
        return super().context() | {"hangs": hangs if has_role(self.user, Role.ADMINISTRATOR) else []}

    def save(self, form: forms.MoveForm) -> str:
        people.move(membership=self.membership, actor=self.user, **form.cleaned_data)
        return self.back_url()


class ChangeTeam(OneRole):
    form_class = forms.TeamForm
    success = "Saved."

    def form_kwargs(self) -> dict[str, Any]:
        return {"agency": self.membership.agency}

    def initial(self) -> dict[str, Any]:
        return {"team": self.membership.team_id}

    def get_title(self) -> str:
        return f"{self.person.name} at {self.membership.agency}"

    def save(self, form: forms.TeamForm) -> str:
        people.set_team(membership=self.membership, team=form.cleaned_data["team"], actor=self.user)
        return self.back_url()


class EndRole(OneRole):
    form_class = forms.WhyForm
    template_name = "desk/hangs.html"
    removes = True
    submit_text = "End this role now"
    success = "The role has ended."

    def get_title(self) -> str:
        return f"End {self.person.name}’s role: {self.membership.get_role_display()} at {self.membership.agency}?"

    def context(self) -> dict[str, Any]:
        return super().context() | {"hangs": people.hangs_on(self.person, self.membership.agency)}

    def save(self, form: forms.WhyForm) -> str:
        people.end_role(membership=self.membership, why=form.cleaned_data["why"], actor=self.user)
        return self.back_url()


class SwitchOff(OnePerson):
    action = policies.CHANGE_ACCOUNTS
    form_class = forms.WhyForm
    template_name = "desk/hangs.html"
    removes = True
    submit_text = "Switch the account off now"
    success = "The account is switched off. Whoever was signed in with it is signed out."

    def get_title(self) -> str:
        return f"Switch {self.person.name}’s account off?"

    def context(self) -> dict[str, Any]:
        return super().context() | {"hangs": people.hangs_on(self.person)}

    def save(self, form: forms.WhyForm) -> str:
        people.switch_off(user=self.person, why=form.cleaned_data["why"], actor=self.user)
        return self.back_url()


class TakeCode(OnePerson):
    """They lost what gives them one-time codes."""

    action = policies.CHANGE_ACCOUNTS
    form_class = forms.LostCodeForm
    removes = True
    submit_text = "Take the code away"
    success = "The code is gone. They sign in with their password, and set up another one."

    def get_title(self) -> str:
        return f"Has {self.person.name} lost their one-time code?"

    def get_lede(self) -> str:
        return (
            "A code keeps others out who know the password. Make sure that it is them who ask: ring the number that you had"
            " before, or see them. They are told by e-mail."
        )

    def save(self, form: forms.LostCodeForm) -> str:
        people.take_code(user=self.person, why=form.cleaned_data["why"], actor=self.user)
        return self.back_url()


class GiveCover(OnePerson):
    """Someone stands in for them while they are away."""

    form_class = forms.CoverForm
    template_name = "desk/cover.html"
    submit_text = "Let them stand in from now"
    success = "They stand in from now. Both are told."

    def form_kwargs(self) -> dict[str, Any]:
        return {"agencies": agencies_kept_by(self.user), "covered": self.person}

    def get_title(self) -> str:
        return f"Who stands in for {self.person.name}?"

    def context(self) -> dict[str, Any]:
        hangs = people.hangs_on(self.person) if has_role(self.user, Role.ADMINISTRATOR) else []
        return super().context() | {"hangs": hangs, "person": self.person}

    def save(self, form: forms.CoverForm) -> str:
        cover.give(covered=self.person, actor=self.user, **form.cleaned_data)
        return self.back_url()


class EndCover(OnePerson):
    form_class = GovukForm
    keeps_draft = False
    submit_text = "End it now"
    success = "They don’t stand in any more."

    def load(self, **kwargs: Any) -> None:
        super().load(**kwargs)
        found = Cover.objects.current().filter(agency__in=agencies_kept_by(self.user), covered=self.person)
        self.cover = get_object_or_404(found.select_related("user", "covered", "agency"), pk=kwargs["cover"])

    def get_title(self) -> str:
        return f"End that {self.cover.user.name} stands in for {self.person.name}?"

    def save(self, form: GovukForm) -> str:
        cover.end(cover=self.cover, actor=self.user)
        return self.back_url()


class SwitchOn(OnePerson):
    action = policies.CHANGE_ACCOUNTS
    form_class = forms.WhyForm
    submit_text = "Switch the account on"
    success = "They can sign in again."

    def get_title(self) -> str:
        return f"Switch {self.person.name}’s account on?"

    def save(self, form: forms.WhyForm) -> str:
        people.switch_on(user=self.person, why=form.cleaned_data["why"], actor=self.user)
        return self.back_url()


class InviteAgain(OnePerson):
    form_class = GovukForm
    keeps_draft = False
    submit_text = "Send the invitation again"
    success = "Another invitation is on its way."

    def get_title(self) -> str:
        return f"Invite {self.person.name} again?"

    def get_lede(self) -> str:
        return "The link in an invitation works once, for three days."

    def save(self, form: GovukForm) -> str:
        people.invite_again(user=self.person, actor=self.user)
        return self.back_url()
