from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from earlyhelp.access.levels import Level
from earlyhelp.access.rowsecurity import ME, Policies
from earlyhelp.core import clock


class GrantQuerySet(models.QuerySet["Grant"]):
    def in_force(self) -> "GrantQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=clock.now()))


class GrantPeriodQuerySet(models.QuerySet["GrantPeriod"]):
    def in_force_at(self, moment: datetime) -> "GrantPeriodQuerySet":
        """What was held at a moment: opened by then, not yet closed, not yet run out."""
        return self.filter(
            Q(closed_at=None) | Q(closed_at__gt=moment), Q(until=None) | Q(until__gt=moment), opened_at__lte=moment
        )


class Grant(models.Model):
    """What one person may do with one family, why and until when: a projection of `access_current`, never the truth."""

    security = Policies(select=f"access_grant.user_id = {ME}")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False)
    family = models.ForeignKey("families.Family", on_delete=models.CASCADE, related_name="+", db_index=False)
    level = models.SmallIntegerField(choices=[(level.value, level.name.lower()) for level in Level])
    reason = models.CharField(max_length=40)
    agency_id = models.BigIntegerField(null=True)
    until = models.DateTimeField(null=True)
    withheld = ArrayField(models.BigIntegerField(), default=list)
    withheld_beyond_basic = ArrayField(models.BigIntegerField(), default=list)

    objects = GrantQuerySet.as_manager()

    class Meta:
        db_table = "access_grant"
        indexes = [models.Index(fields=["family"], name="grant_family")]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "user",
                    "family",
                    "level",
                    "reason",
                    "agency_id",
                    "until",
                    "withheld",
                    "withheld_beyond_basic",
                ],
                name="grant_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {Level(self.level).name} {self.family_id}: {self.reason}"


class EndedAccess(models.Model):
    """Who could once see a family and no longer can. Holds its reference, so that a page can say so and whom to ask."""

    security = Policies(select=f"access_ended.user_id = {ME}")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    family = models.ForeignKey("families.Family", on_delete=models.CASCADE, related_name="+")
    reference = models.CharField(max_length=20, db_index=True)
    ended_at = models.DateTimeField()

    class Meta:
        db_table = "access_ended"
        constraints = [
            models.UniqueConstraint(fields=["user", "family"], name="ended_access_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.reference}"


class GrantPeriod(models.Model):
    """When a grant was held: from when, and until when or still. Written by a trigger on the grants, so that "who could
    see this on 3 March?" has an answer; never changed after it is closed."""

    security = Policies()

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    family = models.ForeignKey("families.Family", on_delete=models.CASCADE, related_name="+")
    level = models.SmallIntegerField(choices=[(level.value, level.name.lower()) for level in Level])
    reason = models.CharField(max_length=40)
    agency_id = models.BigIntegerField(null=True)
    until = models.DateTimeField(null=True)
    withheld = ArrayField(models.BigIntegerField(), default=list)
    withheld_beyond_basic = ArrayField(models.BigIntegerField(), default=list)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = GrantPeriodQuerySet.as_manager()

    class Meta:
        db_table = "access_grant_period"
        indexes = [models.Index(fields=["family", "opened_at"], name="grant_period_of_family")]

    def __str__(self) -> str:
        return f"{self.user_id} {Level(self.level).name} {self.family_id} from {self.opened_at:%d/%m/%Y}"
