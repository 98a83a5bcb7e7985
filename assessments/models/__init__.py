from assessments.models.assessment import Assessment, FormVersion, GoneWithout
from assessments.models.together import Asked, Oversight, Proposal, Remark
from assessments.models.writing import Answer, Contribution

__all__ = [
    "Answer",
    "Asked",
    "Assessment",
    "Contribution",
    "FormVersion",
    "GoneWithout",
    "Oversight",
    "Proposal",
    "Remark",
]
