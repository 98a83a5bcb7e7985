from assessments.models.assessment import Assessment
from assessments.models.section import Section

__all__ = ["Assessment", "Section"]
