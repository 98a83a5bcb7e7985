from django.db import models

from earlyhelp.core import clock


class ClockOffset(models.Model):
    """How far the demonstration's clock runs ahead of true time: one row, or none."""

    seconds = models.FloatField()

    def __str__(self) -> str:
        return f"{self.seconds} s ahead"


class TaskRun(models.Model):
    """When a task that runs by itself ran first and last, by true time."""

    name = models.CharField(max_length=100, primary_key=True)
    since = models.DateTimeField(default=clock.true_now)
    at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def record(cls, name: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": clock.true_now()})
