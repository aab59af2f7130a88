"""What a session is: everything a person has made, at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from linreg_gui.analysis.learning_rates import LearningRateLimits
from linreg_gui.analysis.moments import Moments
from linreg_gui.data.dataset import Dataset, DoubleArray, FloatArray
from linreg_gui.guide.prediction_log import Entry
from linreg_gui.guide.run_prediction import RunPrediction, Topic
from linreg_gui.runs.guess import KeptGuess
from linreg_gui.runs.history import Trajectory
from linreg_gui.runs.states import RunState
from linreg_gui.runs.sweep import SweepPoint
from linreg_gui.settings import DEFAULTS, TrainingConfig


@dataclass(frozen=True, eq=False)
class SavedRun:
    """A run.

    Attributes
    ----------
    config : TrainingConfig
        The settings with which it began.
    state : RunState
        Where it stands: never LOADING, UNAVAILABLE, RUNNING or FAILED.
    outcome : str
        A sentence on how it ended; empty while it has not.
    trajectory : Trajectory
        In the units that are trained in.
    drawn_start : ndarray, shape (d + 1,), float32
        Where it starts if its settings say that the start is drawn.
    planned_epochs, messages, diverged_at, stopped_at, limits
        As in `Run`.
    """

    config: TrainingConfig
    state: RunState
    outcome: str
    trajectory: Trajectory
    drawn_start: FloatArray
    planned_epochs: int
    messages: tuple[str, ...]
    diverged_at: int | None
    stopped_at: int | None
    limits: LearningRateLimits


@dataclass(frozen=True, eq=False)
class SavedKeptRun:
    """A run that is kept to compare.

    Attributes
    ----------
    run : SavedRun
        Its trajectory has not all steps.
    is_on_screen : bool
        Whether the run on screen is this one.
    example : Dataset
        One of its training examples.
    moments, held_out : Moments
        Of the training examples, and of those that are held out; None if none are.
    number, name, color_index, is_shown, is_pinned
        As in `KeptRun`.
    """

    run: SavedRun
    is_on_screen: bool
    example: Dataset
    moments: Moments
    held_out: Moments | None
    number: int
    name: str
    color_index: int
    is_shown: bool
    is_pinned: bool


@dataclass(frozen=True, eq=False)
class SavedGuesses:
    """The lines drawn by hand; see `Guesses`.

    Attributes
    ----------
    line : ndarray, shape (d + 1,), float64, or None
        The line in hand.
    kept : tuple of KeptGuess
        The newest last. Nobody may change these.
    is_revealed, draws_residuals, draws_squares : bool
        As in `Guesses`.
    """

    line: DoubleArray | None = None
    kept: tuple[KeptGuess, ...] = ()
    is_revealed: bool = False
    draws_residuals: bool = True
    draws_squares: bool = False


@dataclass(frozen=True, eq=False)
class SavedPredictions:
    """The prediction of the run on screen, and the log; see `PredictFirst`.

    Attributes
    ----------
    prediction : RunPrediction
        What is predicted.
    locked : TrainingConfig or None
        The settings with which it was locked; None while it can be changed.
    entries : tuple of Entry
        The log, the newest last.
    own : dict of Topic to int
        Which entries are about this prediction.
    """

    prediction: RunPrediction
    locked: TrainingConfig | None
    entries: tuple[Entry, ...]
    own: Mapping[Topic, int] = field(default_factory=dict)


@dataclass(frozen=True)
class SavedSweep:
    """What the last sweep has found; see `Sweeper`.

    Attributes
    ----------
    name : str
        The setting that was swept.
    values : tuple of float
        Its values, ascending.
    points : tuple of SweepPoint
        How the runs ended, in the order of the values; fewer if it was canceled.
    """

    name: str
    values: tuple[float, ...]
    points: tuple[SweepPoint, ...]


@dataclass(frozen=True, eq=False)
class SavedLesson:
    """The lesson for which the session was set aside, or whose answers are nowhere else yet.

    Attributes
    ----------
    text : str
        Its Markdown.
    tables : tuple of Dataset
        Its own tables.
    window : SessionState
        What the window has in the lesson: its settings, its run, and what was made there.
    progress : mapping
        How far a person has come, as plain data of JSON; see `Progress`.
    """

    text: str
    tables: tuple[Dataset, ...]
    window: "SessionState"
    progress: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class SavedDraft:
    """A lesson that a teacher is making, as it is typed.

    Attributes
    ----------
    values : mapping
        What is typed, as plain data of JSON; see `lessons/saved_drafts.py`.
    settings : tuple of TrainingConfig
        Those of the lesson, and then of each page.
    """

    values: Mapping[str, Any]
    settings: tuple[TrainingConfig, ...]


@dataclass(frozen=True, eq=False)
class SessionState:
    """Everything a person has made.

    Attributes
    ----------
    settings : TrainingConfig
        The values of the controls.
    run : SavedRun or None
        The run on screen; None if there is none yet.
    drawn : tuple of Dataset
        The examples that its seed has drawn: those that are trained on, and those that are held
        out, if any are. Empty if they are in its settings.
    kept : tuple of SavedKeptRun
        The newest last.
    guesses : SavedGuesses or None
        The lines drawn by hand.
    predictions : SavedPredictions or None
        What was predicted.
    sweep : SavedSweep or None
        The last sweep.
    lesson : SavedLesson or None
        The lesson that is open beside all this.
    draft : SavedDraft or None
        The lesson that was being made; only in what is kept in case of a crash.
    view : mapping
        What is on screen, as plain data of JSON. The window alone knows what it means.
    """

    settings: TrainingConfig = DEFAULTS
    run: SavedRun | None = None
    drawn: tuple[Dataset, ...] = ()
    kept: tuple[SavedKeptRun, ...] = ()
    guesses: SavedGuesses | None = None
    predictions: SavedPredictions | None = None
    sweep: SavedSweep | None = None
    lesson: SavedLesson | None = None
    draft: SavedDraft | None = None
    view: Mapping[str, Any] = field(default_factory=dict)
