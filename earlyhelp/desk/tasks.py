from celery import shared_task

from earlyhelp.desk.services import places


@shared_task
def close_agencies() -> int:
    """Close the agencies whose last day is over. Their people's access ended at that moment, without this."""
    return places.close_those_due()
