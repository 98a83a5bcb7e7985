from django.http import HttpRequest, HttpResponse

from earlyhelp.access.reads import log_reads
from earlyhelp.access.views import ActionView
from earlyhelp.core.text import clean_line, number
from earlyhelp.workspace import policies, search


class Search(ActionView):
    """By name, reference, date of birth or postcode. What was searched for isn't kept in an address: it is posted."""

    action = policies.SEARCH
    template_name = "workspace/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(text="", hits=[], more=0, asked=False, error="")

    def post(self, request: HttpRequest) -> HttpResponse:
        text = clean_line(request.POST.get("q", ""))[:200]
        if not text:
            error = "Enter a name, reference, date of birth or postcode"
            return self.page(text="", hits=[], more=0, asked=False, error=error)
        most = min(max(number(request.POST.get("most", "")), search.SHOWN), search.MOST)
        found = search.find(text, self.user, most=most)
        hits = found[:most]
        log_reads(what="workspace.search", families=[(hit.family.pk, hit.family.reference) for hit in hits])
        more = most + search.SHOWN if len(found) > most else 0
        return self.page(text=text, hits=hits, more=more, most=search.MOST, asked=True, error="")
