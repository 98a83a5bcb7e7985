from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from earlyhelp.desk.services.places import Wrong
from earlyhelp.drafts.pages import FormPage


class ListPage(FormPage, abstract=True):
    """A pasted list: the lines that are right are taken at once; the others stay in the box, each with what is wrong."""

    what = ""

    def take(self, text: str) -> tuple[int, list[Wrong]]:
        """Take what is right of the list; how many lines, and what is wrong with the others."""
        raise NotImplementedError

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        if "leave" in request.POST or not form.is_valid():
            return super().post(request, *args, **kwargs)
        with transaction.atomic():
            taken, wrong = self.take(form.cleaned_data["text"])
        if taken:
            messages.success(request, f"{taken} {self.what}{'s are' if taken != 1 else ' is'} in.")
        if not wrong:
            self.drafts().delete()
            return HttpResponseRedirect(self.request.path)
        data = request.POST.copy()
        data["text"] = "\n".join(line.text for line in wrong)
        form = self.form_class(data)
        for number, line in enumerate(wrong, start=1):
            form.add_error("text", f"Line {number}, “{line.text.strip()[:60]}”: {line.reason}")
        request.POST = data  # type: ignore[assignment]
        self.keep()
        return self.show(form, None)
