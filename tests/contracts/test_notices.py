from earlyhelp.notifications.models import Notification
from earlyhelp.notifications.registry import Notice, words


def test_every_notification_says_a_reference_and_nothing_else(db):
    assert len(Notice.registry) > 10
    for kind in Notice.registry:
        sentence = words(Notification(kind=kind, reference="482-9157"))
        assert "482-9157" in sentence or "{" not in sentence
        assert len(sentence) < 120
