from django.conf import settings
from django.db import models

from earlyhelp.core import clock
from earlyhelp.core.versions import Versioned


class Wording(Versioned):
    """One version of what the agreement form says. The administrator writes a draft and publishes it; a published
    version is never changed, because people signed it. The text is plain, a blank line between paragraphs, a hyphen
    before each item of a list. `words` are what stood for placeholders such as {lead} when another word took their place;
    until then they are the local procedure's."""

    introduction = models.TextField(max_length=4000)
    held = models.TextField("what we hold", max_length=4000)
    shared = models.TextField("what is shared, with whom and why", max_length=4000)
    basic = models.TextField("basic information", max_length=2000)
    additional = models.TextField("additional information", max_length=2000)
    refusing = models.TextField("saying no", max_length=2000)
    withdrawing = models.TextField("changing your mind", max_length=2000)
    limits = models.TextField("when we share without agreement", max_length=4000)
    statements = models.TextField("what people sign, a line each", max_length=4000)
    words = models.JSONField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=clock.now)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["published_at"], name="one_draft_wording", nulls_distinct=False)]

    def __str__(self) -> str:
        return f"Version {self.pk}"

    @classmethod
    def current(cls) -> "Wording | None":
        """The version in force: the one published last."""
        return cls.objects.exclude(published_at=None).order_by("-published_at", "-pk").first()
