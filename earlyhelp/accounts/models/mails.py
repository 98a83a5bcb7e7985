from django.conf import settings
from django.db import models

from earlyhelp.core import clock


class PasswordMail(models.Model):
    """A mail with a link to choose a new password, that someone asked for or that `invites` them: it waits here until it is
    sent, and the link is made then. Mail that is away for hours loses none."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    invites = models.BooleanField(default=False, db_default=False)
    asked_at = models.DateTimeField(default=clock.true_now)
    try_at = models.DateTimeField(default=clock.true_now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["try_at"], condition=models.Q(sent_at=None), name="password_mail_to_send")]

    def __str__(self) -> str:
        return f"password mail {self.pk}"
