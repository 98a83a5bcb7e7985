"""Form pages that lose nothing: a draft while typing, one effect however often it is sent, words kept on every error."""

import hashlib
import json
import uuid
from typing import Any, ClassVar

from django.contrib import messages
from django.core import signing
from django.db import IntegrityError, ProgrammingError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from psycopg.errors import InsufficientPrivilege

from earlyhelp.access.views import ActionView, FamilyView
from earlyhelp.core.errors import Refused
from earlyhelp.drafts.models import Draft, Submission

SALT = "draft"
NOT_TYPED = ("csrfmiddlewaretoken", "form_token", "leave")
SENT_ALREADY = (
    "You sent this already, from another window. Nothing of this page was sent again: copy what is new, and start a new"
    " one, or tell whoever answers the first"
)
NOT_YOURS_TO_WRITE = (
    "This can’t be saved: someone whom it is about doesn’t share that much with your agency. Choose someone else, or ask"
    " the lead to write it"
)


def draft_address(*, user_id: int, form: str, title: str, url: str) -> str:
    """Where a page saves its draft: signed with whose it is, so that whoever signs in next can't save under their name."""
    about = {"user": user_id, "form": form, "title": title, "url": url}
    return reverse("draft", args=[signing.dumps(about, salt=SALT, compress=True)])


class FormPage(ActionView, abstract=True):
    """A page with one form. Subclasses say what the form is and what saving it does; `save` returns where to go next.

    A Refused from `save` shows at the top of the form, which keeps what was typed; nothing is left half saved.
    """

    form_class: ClassVar[type[Any]]
    template_name = "govuk/form_page.html"
    title: str = ""
    lede: str = ""
    submit_text: str = "Save"
    warning: str = ""
    success: str = ""
    keeps_draft: ClassVar[bool] = True
    removes: ClassVar[bool] = False  # what it does can't be taken back by whoever does it: the button says so

    def draft_key(self) -> str:
        """Which form this is: one draft per person and key."""
        return self.request.path

    def form_kwargs(self) -> dict[str, Any]:
        return {}

    def initial(self) -> dict[str, Any]:
        return {}

    def draft_title(self) -> str:
        """What the list of drafts calls this form: never a person's name."""
        return self.action.label

    def back_url(self) -> str:
        return "/"

    def save(self, form: Any) -> str:
        """Do what the form asks, and return the address to go to."""
        raise NotImplementedError

    def sent_once(self) -> uuid.UUID | None:
        """What names this form for good, where the address is that of one form: it is sent once, from whichever window."""
        return None

    def token(self) -> uuid.UUID:
        return self.sent_once() or _token(self.request.POST.get("form_token", ""))

    def sent_before(self) -> Submission | None:
        """What this very form did when it was sent before."""
        return Submission.objects.filter(token=self.token()).first()

    def is_written(self, form: Any) -> bool:
        """Whether there is anything of its writer's in the form."""
        return bool(form.has_changed())

    def draft(self) -> Draft | None:
        if not self.keeps_draft:
            return None
        return Draft.objects.filter(user=self.user, form=self.draft_key()).first()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = self.draft()
        form = self.form_class(initial=self.initial(), draft=draft.data if draft else None, **self.form_kwargs())
        return self.show(form, draft)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST, request.FILES or None, initial=self.initial(), **self.form_kwargs())
        if self.keeps_draft and "leave" in request.POST:
            if self.is_written(form) or self.draft():
                self.keep()
            return HttpResponseRedirect(self.back_url())
        token, before = self.token(), self.sent_before()
        if before and before.digest == digest(request):
            messages.info(request, "You had sent this already. It was saved once.")
            return HttpResponseRedirect(before.url)
        if before and self.sent_once():
            form.add_error(None, SENT_ALREADY)
        elif before:
            token = uuid.uuid4()
        if form.is_valid():
            try:
                with transaction.atomic():
                    url = self.save(form)
                    if self.keeps_draft:
                        Draft.objects.filter(user=self.user, form=self.draft_key()).delete()
                    Submission.objects.create(token=token, user=self.user, url=url, digest=digest(request))
            except Refused as refused:
                for problem in refused.problems:
                    form.add_error(problem.field if problem.field in form.fields else None, problem.text)
            except ProgrammingError as error:
                if not isinstance(error.__cause__, InsufficientPrivilege):
                    raise
                form.add_error(None, NOT_YOURS_TO_WRITE)
            except IntegrityError:
                if not Submission.objects.filter(token=token).exists():
                    raise
                messages.info(request, "You had sent this already. It was saved once.")
                return HttpResponseRedirect(Submission.objects.get(token=token).url)
            else:
                if self.success:
                    messages.success(request, self.success)
                return HttpResponseRedirect(url)
        self.keep()
        return self.show(form, None)

    def keep(self) -> None:
        """What was sent and not accepted stays as the draft."""
        if self.keeps_draft:
            Draft.objects.update_or_create(
                user=self.user,
                form=self.draft_key(),
                defaults={"title": self.draft_title(), "url": self.request.path, "data": typed(self.request.POST)},
            )

    def show(self, form: Any, draft: Draft | None) -> HttpResponse:
        draft_url = ""
        if self.keeps_draft:
            draft_url = draft_address(
                user_id=self.user.pk, form=self.draft_key(), title=self.draft_title(), url=self.request.path
            )
        return self.page(
            form=form,
            title=self.title,
            lede=self.lede,
            submit_text=self.submit_text,
            submit_kind="warning" if self.removes else "",
            warning=self.warning,
            back_url=self.back_url(),
            cancel_url=self.back_url(),
            draft_url=draft_url,
            draft=draft,
            form_token=self.request.POST.get("form_token") or str(uuid.uuid4()),
        )


class FamilyFormPage(FormPage, FamilyView, abstract=True):
    """A form about one family."""

    template_name = "govuk/family_form_page.html"

    def draft_title(self) -> str:
        return f"{self.action.label}, {self.family.reference}"

    def back_url(self) -> str:
        return str(self.family.get_absolute_url())


def typed(post: QueryDict) -> dict[str, list[str]]:
    """What was typed into a form, as a draft keeps it."""
    kept = {name: values for name, values in post.lists() if name not in NOT_TYPED}
    return {name: [text.replace("\x00", "") for text in values] for name, values in kept.items()}


def digest(request: HttpRequest) -> str:
    """What was sent where, in short: the same form sent twice has the same."""
    sent = json.dumps([request.path, typed(request.POST)], sort_keys=True)
    return hashlib.sha256(sent.encode()).hexdigest()


def _token(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
