import re
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from earlyhelp.access.actions import action
from earlyhelp.access.views import ActionView
from earlyhelp.core import clock
from earlyhelp.core.clock import in_london
from earlyhelp.drafts.models import Draft
from earlyhelp.drafts.pages import SALT, keep, typed

KEEP_DRAFTS = action("drafts.keep", "Keep a draft of your own")
LIMIT = 200_000
CHOSEN = re.compile(r"|\d{1,4}|yes|no|on|[a-z]+_[a-z_]+|[0-9a-f-]{36}")  # a tick, a box of a date, a token, or nothing


class SaveDraft(ActionView):
    """Keeps what is being typed, valid or not. Answers with when, for the page to say."""

    action = KEEP_DRAFTS

    def post(self, request: HttpRequest, address: str) -> HttpResponse:
        try:
            about: dict[str, Any] = signing.loads(address, salt=SALT)
        except signing.BadSignature as error:
            raise Http404 from error
        if about["user_id"] != request.user.pk:
            return JsonResponse({"message": "Someone else has signed in on this computer. Copy your text."}, status=409)
        if sum(len(text) for texts in typed(request.POST).values() for text in texts) > LIMIT:
            return JsonResponse({"message": "This is too long to keep as a draft. Save the page now."}, status=413)
        keep(about, request.POST)
        return JsonResponse({"saved": f"{in_london(clock.now()):%H:%M}"})


class Drafts(ActionView):
    """What I began and didn't save."""

    action = KEEP_DRAFTS
    template_name = "drafts/drafts.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        drafts = list(Draft.objects.filter(user=self.user))
        family_model: Any = apps.get_model("families", "Family")
        mine = family_model.objects.filter(pk__in=[d.family_id for d in drafts if d.family_id])
        open_to_me = {None, *mine.values_list("pk", flat=True)}
        return self.page(drafts=[(d, _as_text(d.data), d.family_id in open_to_me) for d in drafts])


class DiscardDraft(ActionView):
    action = KEEP_DRAFTS
    template_name = "drafts/discard.html"

    def load(self, **kwargs: Any) -> None:
        super().load()
        draft = Draft.objects.filter(pk=kwargs["pk"], user=self.user).first()
        if draft is None:
            raise Http404
        self.draft = draft

    def get(self, request: HttpRequest, pk: object) -> HttpResponse:
        return self.page(draft=self.draft, text=_as_text(self.draft.data))

    def post(self, request: HttpRequest, pk: object) -> HttpResponse:
        self.draft.delete()
        messages.success(request, "The draft was thrown away.")
        return redirect("drafts")


def _as_text(data: dict[str, list[str]]) -> list[str]:
    """What was typed, as text to copy; ticks and hidden values aren't."""
    return [text for texts in data.values() for text in texts if not CHOSEN.fullmatch(text.strip())]
