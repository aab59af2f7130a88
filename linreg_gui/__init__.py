"""LinReg: linear regression from scratch, on a teacher's screen."""

__version__ = "0.1.0"
