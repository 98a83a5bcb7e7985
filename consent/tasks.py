from celery import shared_task

from consent.services import own_word


@shared_task
def come_of_age() -> int:
    """Young people whose word is their own since their birthday: what others chose for them runs out."""
    return own_word.come_of_age()
