from typing import Any

from django.http import HttpRequest, HttpResponse

from earlyhelp.drafts.pages import FormPage

NOT_ASKED = ("csrfmiddlewaretoken", "done")


class PreviewPage(FormPage, abstract=True):
    """A form whose effects are shown before they happen: sent once it shows them, sent again from there it does them."""

    preview_template = ""

    def preview_of(self, form: Any) -> dict[str, Any]:
        """What the preview shows of a valid form."""
        raise NotImplementedError

    def may_preview(self, form: Any) -> bool:
        """Whether a valid form can go on; what stands in the way is added to it."""
        return True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "leave" in request.POST or "done" in request.POST or self.before:
            return super().post(request, *args, **kwargs)
        form = self.form_class(request.POST, request.FILES or None, initial=self.initial(), **self.form_kwargs())
        goes_on = form.is_valid() and self.may_preview(form)
        self.keep()
        if not goes_on:
            return self.show(form, None)
        boxes = [(name, value) for name, values in form.data.lists() for value in values if name not in NOT_ASKED]
        return self.page(self.preview_template, form=form, boxes=boxes, back_url=request.path, **self.preview_of(form))
