from stepdown.models.analysis import Analysis, Placing
from stepdown.models.stepdown import GateChange, Step, StepDown
from stepdown.models.stepup import StepUp

__all__ = ["Analysis", "GateChange", "Placing", "Step", "StepDown", "StepUp"]
