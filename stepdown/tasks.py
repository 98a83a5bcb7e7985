from celery import shared_task

from stepdown.services import gate


@shared_task
def look_at_gates() -> int:
    """Whether each case may close to social care: what changed elsewhere is written down."""
    return gate.look_at_all()
