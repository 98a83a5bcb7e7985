import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from earlyhelp.access.rowsecurity import ANYONE, ME, Policies
from earlyhelp.core import clock

MINE = f"notifications_notification.user_id = {ME}"


class Notification(models.Model):
    """Something a person should know. Holds a reference and a link, never a name or what happened in a family's life.

    `email_at` is when to e-mail it; after a failure, when to try again.
    """

    security = Policies(select=MINE, insert=ANYONE, update=MINE)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    about = models.CharField(max_length=40, blank=True, help_text="The id of the family, request or deadline.")
    reference = models.CharField(max_length=20, blank=True)
    url = models.CharField(max_length=200)
    key = models.CharField(max_length=160, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)
    emailed_at = models.DateTimeField(null=True)
    email_at = models.DateTimeField(default=clock.now, db_default=Now())
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["-created_at", "pk"]
        indexes = [
            models.Index(fields=["user", "read_at", "-created_at"], name="notification_inbox"),
            models.Index(fields=["email_at"], condition=models.Q(emailed_at=None), name="notification_to_email"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
