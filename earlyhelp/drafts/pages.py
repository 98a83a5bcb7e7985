"""Form pages that lose nothing: a draft while typing, one effect however often it is sent, words kept on every error."""

import hashlib
import json
import uuid
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, ProgrammingError, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.urls import reverse
from psycopg.errors import InsufficientPrivilege

from earlyhelp.access.case import Case
from earlyhelp.access.views import ActionView, FamilyView
from earlyhelp.core.errors import Refused
from earlyhelp.core.text import is_number
from earlyhelp.drafts.models import Draft, Submission

SALT = "draft"
NOT_TYPED = ("csrfmiddlewaretoken", "form_token", "draft", "leave")
SENT_BEFORE = (
    "You sent this before, and it was saved. Open what you sent to change it. If this is another one, send it again"
)
SENT_FOR_GOOD = (
    "You sent this before, and nothing was sent again. Open what you sent, and tell whoever answers it what is new"
)
NOT_YOURS_TO_WRITE = (
    "This can’t be saved: someone whom it is about doesn’t share that much with your agency. Choose someone else, or ask"
    " the lead to write it"
)


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
    before: Submission | None = None
    removes: ClassVar[bool] = False  # what it does can't be taken back by whoever does it: the button says so

    def draft_key(self) -> str:
        """Which form this is: one draft per person and key."""
        return self.request.path

    def form_kwargs(self) -> dict[str, Any]:
        return {}

    def initial(self) -> dict[str, Any]:
        return {}

    def get_title(self) -> str:
        return self.title

    def get_lede(self) -> str:
        return self.lede

    def draft_title(self) -> str:
        """What the list of drafts calls this form: never a person's name."""
        return self.title or self.action.label

    def back_url(self) -> str:
        return "/"

    def save(self, form: Any) -> str:
        """Do what the form asks, and return the address to go to."""
        raise NotImplementedError

    def after_save(self) -> None:
        """What else follows from a form that was saved."""

    def sent_once(self) -> uuid.UUID | None:
        """What names this form for good, where the address is that of one form: it is sent once, from whichever window."""
        return None

    def token(self) -> uuid.UUID:
        """What names this sending: the form's name and who sends it, so that nobody's form is another's."""
        sent = uuid_of(self.request.POST.get("form_token", ""))
        new = not self.sent_once() and (self.before or not sent.int)
        return uuid.uuid4() if new else uuid.uuid5(self.sent_once() or sent, str(self.user.pk))

    def sent_before(self) -> Submission | None:
        """What this form did when its reader sent it before."""
        name = self.sent_once() or uuid_of(self.request.POST.get("form_token", ""))
        return Submission.objects.filter(token=uuid.uuid5(name, str(self.user.pk))).first()

    def is_written(self, form: Any) -> bool:
        """Whether there is anything of its writer's in the form."""
        return bool(form.has_changed())

    def draft_about(self) -> dict[str, Any]:
        """What its drafts are of."""
        return {
            "user_id": self.user.pk,
            "kind": self.action.code,
            "form": self.draft_key(),
            "title": self.draft_title(),
            "url": self.request.path,
        }

    def drafts(self) -> QuerySet[Draft]:
        """What its writer typed into this very form, in whichever window, the latest first."""
        return Draft.objects.filter(user=self.user, form=self.draft_key())

    def draft(self) -> Draft | None:
        """The draft of this page: of the window that was sent, of the address, or the latest."""
        if not self.keeps_draft:
            return None
        if self.request.method == "POST":
            return self.drafts().filter(of_window(self.request.POST)).first()
        wanted = self.request.GET.get("draft")
        chosen = self.drafts().filter(pk=uuid_of(wanted)).first() if wanted else None
        return chosen or self.drafts().first()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The very same form sent again leads to where it led, also where sending it changed what may be done."""
        self.before = None if request.method != "POST" or "leave" in request.POST else self.sent_before()
        if self.before and self.before.digest == digest(request):
            return self.saved_once(self.before)
        return super().dispatch(request, *args, **kwargs)

    def saved_once(self, before: Submission) -> HttpResponse:
        messages.info(self.request, "You had sent this already. It was saved once.")
        return HttpResponseRedirect(before.url)

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
        token = self.token()
        if self.before:
            form.add_error(None, SENT_FOR_GOOD if self.sent_once() else SENT_BEFORE)
        if form.is_valid():
            try:
                with transaction.atomic():
                    url = self.save(form)
                    self.after_save()
                    self.drafts().filter(of_window(request.POST)).delete()
                    Submission.objects.create(token=token, user=self.user, url=url, digest=digest(request))
            except Refused as refused:
                for problem in refused.problems:
                    form.add_error(problem.field if problem.field in form.fields else None, problem.text)
            except ProgrammingError as error:
                if not isinstance(error.__cause__, InsufficientPrivilege):
                    raise
                form.add_error(None, NOT_YOURS_TO_WRITE)
            except IntegrityError:
                before = self.sent_before()
                if before is None:
                    raise
                return self.saved_once(before)
            else:
                if self.success:
                    messages.success(request, self.success)
                return HttpResponseRedirect(url)
        self.keep()
        return self.show(form, None)

    def keep(self) -> Draft | None:
        """What was sent and not accepted stays as the draft."""
        return keep(self.draft_about(), self.request.POST) if self.keeps_draft else None

    def show(self, form: Any, draft: Draft | None) -> HttpResponse:
        token = "" if self.before else self.request.POST.get("form_token", "")
        kept = draft or (self.draft() if self.request.method == "POST" else None)
        return self.page(
            form=form,
            title=self.get_title(),
            lede=self.get_lede(),
            submit_text=self.submit_text,
            submit_kind="warning" if self.removes else "",
            warning=self.warning,
            back_url=self.back_url(),
            cancel_url=self.back_url(),
            draft_url=draft_address(self.draft_about()) if self.keeps_draft else "",
            draft=draft,
            kept=kept,
            other_drafts=self.drafts().exclude(pk=kept.pk) if kept else (),
            sent=self.before,
            form_token=token or str(uuid.uuid4()),
        )


AFTER_CHANGE: list[Callable[[Case], None]] = []  # what apps above keep in step with a family's record


class FamilyFormPage(FormPage, FamilyView, abstract=True):
    """A form about one family."""

    template_name = "govuk/family_form_page.html"

    def after_save(self) -> None:
        for follow in AFTER_CHANGE:
            follow(self.case)

    def draft_title(self) -> str:
        return f"{self.action.label}, {self.family.reference}"

    def draft_about(self) -> dict[str, Any]:
        return super().draft_about() | {"family_id": self.family.pk}

    def back_url(self) -> str:
        return str(self.family.get_absolute_url())


def draft_address(about: dict[str, Any]) -> str:
    """Where a page saves its draft: signed with whose it is, so that whoever signs in next can't save under their name."""
    return reverse("draft", args=[signing.dumps(about, salt=SALT, compress=True)])


def keep(about: dict[str, Any], post: QueryDict) -> Draft:
    """Keep what was typed in a window: in its own draft, in the one that it was opened with as long as no other window
    went on with that, else in a new one beside it."""
    rows, window = Draft.objects.select_for_update(), uuid_of(post.get("form_token", ""))
    whose = {"user_id": about["user_id"], "form": about["form"]}
    draft = rows.filter(of_window(post), **whose).first()
    if draft is None:
        draft, _ = rows.get_or_create(window=window, **whose, defaults=about | {"saves": 0})
    draft.window, draft.data, draft.saves = window, typed(post), draft.saves + 1
    draft.save()
    return draft


def of_window(post: QueryDict) -> Q:
    """The draft that a page kept, or was opened with and nobody went on with in another window."""
    pk, _, saves = post.get("draft", "").partition(":")
    opened_with = Q(pk=uuid_of(pk), saves=int(saves)) if is_number(saves) else Q()
    return Q(window=uuid_of(post.get("form_token", ""))) | opened_with


def typed(post: QueryDict) -> dict[str, list[str]]:
    """What was typed into a form, as a draft keeps it."""
    kept = {name: values for name, values in post.lists() if name not in NOT_TYPED}
    return {name: [text.replace("\x00", "") for text in values] for name, values in kept.items()}


def digest(request: HttpRequest) -> str:
    """What was sent where, in short, files too: the same form sent twice has the same."""
    files = {name: [_file_digest(file) for file in files] for name, files in request.FILES.lists()}
    sent = json.dumps([request.path, typed(request.POST), files], sort_keys=True)
    return hashlib.sha256(sent.encode()).hexdigest()


def _file_digest(file: UploadedFile) -> str:
    found = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    return found


def uuid_of(text: str) -> uuid.UUID:
    """The id that a text says; of what says none, the empty one."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)
