from django.utils.html import format_html

from families.models import Family


def about(text: str, family: Family) -> str:
    """A message that leads away from a family's pages, with a link back to it."""
    url = family.get_absolute_url()
    return format_html(
        '{} Family <a class="govuk-notification-banner__link" href="{}">{}</a>.', text, url, family.reference
    )
