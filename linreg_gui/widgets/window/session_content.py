"""What a session consists of: all of it, and what tells whether it has changed."""

from typing import TYPE_CHECKING, NamedTuple

from linreg_gui.settings import TrainingConfig

if TYPE_CHECKING:
    from linreg_gui.sessions.state import SavedSweep, SessionState
    from linreg_gui.widgets.session import Session
    from linreg_gui.widgets.window.main_window import MainWindow


class Made(NamedTuple):
    """What a session consists of, as far as it takes to tell whether it has changed.

    Attributes
    ----------
    settings : TrainingConfig
        The values of the controls.
    run : tuple of int
        The number of the run and its newest step; zeros before the first step.
    predictions : int
        How many there are in this session. They are in a log that stores itself.
    by_hand : tuple
        What a seed does not bring back: points moved by hand, lines kept, names and pins of runs.
    sweep : SavedSweep or None
        What the last sweep has found.
    """

    settings: TrainingConfig
    run: tuple[int, int]
    predictions: int
    by_hand: tuple[object, ...]
    sweep: "SavedSweep | None"


def made_in(session: "Session") -> Made:
    """Return what ``session`` consists of now."""
    controller = session.controller
    run, settings = controller.current_run, controller.settings
    step = 0 if run is None else run.history.step
    guesses = session.guesses.kept if "guesses" in vars(session) else ()
    data = settings.data
    return Made(
        settings,
        (0 if run is None or not step else run.number, step),
        len(session.predict_first.entries_now) if session.is_predicting else 0,
        (
            data if data is not None and data.edited is not None else None,
            *((guess.number, guess.name) for guess in guesses),
            *(
                (kept.number, kept.name, kept.is_pinned)
                for kept in session.kept_runs.runs
                if kept.name or kept.is_pinned
            ),
        ),
        None if session.last_sweep is None else session.last_sweep.saved(),
    )


def captured(window: "MainWindow") -> "SessionState":
    """Return all that a person has made in ``window``, and what is on screen, but no lesson."""
    from linreg_gui.threads.saved_session import capture  # noqa: PLC0415 - seldom
    from linreg_gui.widgets.window.view_state import view_state  # noqa: PLC0415

    session = window.session
    return capture(
        session.controller,
        session.kept_runs,
        session.guesses if "guesses" in vars(session) else None,
        session.predict_first if session.is_predicting else None,
        session.last_sweep,
        view_state(window),
    )
