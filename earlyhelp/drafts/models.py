import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from earlyhelp.access.rowsecurity import ME, Policies
from earlyhelp.core import clock

MINE = f"drafts_draft.user_id = {ME}"
SENT = f"drafts_submission.user_id = {ME}"


class Draft(models.Model):
    """What someone has typed into one form in one window, valid or not. Its writer's alone; removed by saving, or by them.

    `kind` is the code of the action that the form is for, `form` names the very form, `window` the page that kept it last,
    and `saves` counts how often it was kept. A second window of the form has a draft of its own.
    """

    security = Policies(select=MINE, insert=MINE, update=MINE, delete=MINE)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    family = models.ForeignKey("families.Family", on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=60)
    form = models.CharField(max_length=120)
    window = models.UUIDField(default=uuid.UUID(int=0))
    title = models.CharField(max_length=120)
    url = models.CharField(max_length=200)
    data = models.JSONField(default=dict)
    saves = models.PositiveIntegerField(default=1)
    started_at = models.DateTimeField(default=clock.true_now, editable=False)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "form", "window"], name="one_draft_per_window"),
        ]

    def __str__(self) -> str:
        return self.form

    @property
    def address(self) -> str:
        """The page where its writer goes on with it."""
        return f"{self.url}?draft={self.pk}"


class Submission(models.Model):
    """A form that was sent once: the same token sent again leads to what it did, and does nothing more."""

    security = Policies(select=SENT, insert=SENT, update=SENT)

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    url = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return str(self.token)
