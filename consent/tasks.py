from celery import shared_task

from consent.services import emergency


@shared_task
def climb_emergency_reviews() -> int:
    """Overdue reviews of emergency access go to the service managers."""
    return emergency.climb()
