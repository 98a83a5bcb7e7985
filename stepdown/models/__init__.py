from stepdown.models.analysis import Analysis, Placing
from stepdown.models.level import LevelChange
from stepdown.models.stepdown import GateChange, Step, StepDown
from stepdown.models.stepup import StepUp

__all__ = ["Analysis", "GateChange", "LevelChange", "Placing", "Step", "StepDown", "StepUp"]
