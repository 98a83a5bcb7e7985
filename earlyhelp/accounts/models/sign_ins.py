from django.conf import settings
from django.db import models

from earlyhelp.core import clock


class SignInFailure(models.Model):
    """A sign-in that failed, by true time. What was typed isn't kept: `account` names the address by a keyed digest.

    `device` is set when it came from a device on which this account had signed in before.
    """

    account = models.CharField(max_length=20)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    client = models.CharField(max_length=45, help_text="The address that it came from; of IPv6, its network.")
    device = models.UUIDField(null=True)
    at = models.DateTimeField(default=clock.true_now)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["account", "at"], name="sign_in_failure_account"),
            models.Index(fields=["client", "at"], name="sign_in_failure_client"),
            models.Index(fields=["at"], name="sign_in_failure_at"),
        ]

    def __str__(self) -> str:
        return f"{self.account[:8]} at {self.at:%d %B %Y %H:%M}"
