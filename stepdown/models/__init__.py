from stepdown.models.stepdown import GateChange, Step, StepDown
from stepdown.models.stepup import StepUp

__all__ = ["GateChange", "Step", "StepDown", "StepUp"]
