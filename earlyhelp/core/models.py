from django.db import models


class ClockOffset(models.Model):
    """How far the demonstration's clock runs ahead of true time: one row, or none."""

    seconds = models.FloatField()

    def __str__(self) -> str:
        return f"{self.seconds} s ahead"
