from assessments.models.assessment import Assessment, FormVersion, GoneWithout
from assessments.models.writing import Answer, Contribution

__all__ = ["Answer", "Assessment", "Contribution", "FormVersion", "GoneWithout"]
