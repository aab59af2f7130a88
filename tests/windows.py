"""Windows that tests share: what makes them cheap, and as new for the next test."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest.mock import patch

import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from linreg_gui.analysis.learning_rates import LearningRateLimits
from linreg_gui.application import create_window
from linreg_gui.look.theme import Mode
from linreg_gui.runs.states import RunState
from linreg_gui.settings import DEFAULTS, TrainingConfig
from linreg_gui.widgets.window.last_session import RecentFiles
from linreg_gui.widgets.window.main_window import DEFAULT_SIZE, MainWindow
from linreg_gui.widgets.window.session_content import Made
from linreg_gui.widgets.window.view_state import view_state
from tests.support import LastingThread, wait_until

_typical_limits: list[float | None] = []
"""The lesson's, once it is known."""


@contextmanager
def computed_once() -> Iterator[None]:
    """Draw the lesson's data, and search for its typical limit, for the first window only."""
    from linreg_gui import backend  # only now, as both import MXNet
    from linreg_gui.runs import what_if

    search = what_if.typical_rate

    def typical_rate(config: TrainingConfig, limits: LearningRateLimits) -> Iterator[float | None]:
        settings = config.minibatch_settings
        if settings != DEFAULTS.minibatch_settings:
            yield from search(config, limits)
        else:
            if not _typical_limits:
                _typical_limits.append([*search(config, limits)][-1])
            yield _typical_limits[0]

    with (
        patch.object(what_if, "typical_rate", typical_rate),
        patch.object(backend, "clear_caches", lambda: None),
    ):
        yield


@contextmanager
def shown_window(app: QApplication, thread: LastingThread) -> Iterator[MainWindow]:
    """Show a whole window that loads, and close it in the end."""
    with computed_once():
        window = create_window(app, background=thread)
        window.completion.ended.disconnect(window.controller.load)
        window.show()
        window.completion.finish()
        window.controller.load()
        yield window
        assert window.close()
        window.controller.deleteLater()  # the application would keep it, and its run's examples
        window.deleteLater()


def begin_anew(window: MainWindow, first_view: Mapping[str, object]) -> None:
    """Begin a new session in ``window``, and show it as it was at first."""
    theme = window.session.theme
    for dialog in _others_than(window):
        dialog.close()
    _leave_all(window)
    theme.set_scale(1.0)
    if theme.mode is not Mode.SYSTEM:
        theme.set_mode(Mode.SYSTEM)
    for switch in (window.actions_of.settings, window.actions_of.legend):
        switch.setChecked(False)
    window.resize(*DEFAULT_SIZE)
    window.setFocus()
    if not _left_in(window, first_view):
        return
    window.setUpdatesEnabled(False)
    opened: list[bool] = []
    window.controller.session_opened.connect(
        lambda: opened.append(True), Qt.ConnectionType.SingleShotConnection
    )
    window.document.exchange.begin_anew()
    wait_until(lambda: bool(opened))
    wait_until(lambda: not _left_in(window, first_view), lambda: _left_in(window, first_view))


def _leave_all(window: MainWindow) -> None:
    """Leave what outlives a session: what a person is asked, what is kept, and threads."""
    session, document, tables = window.session, window.document, window.session.tables
    window.presentation.leave()
    window.welcome.leave()
    session.store, document.recent = None, RecentFiles(None)
    document.asks = document.is_discarded = False
    autosave, document.autosave = document.autosave, None
    if autosave is not None:
        autosave.end()
        shiboken6.delete(autosave)
    assert document.rest()
    assert tables.shut_down()
    parts = [
        (document, "files"),
        (tables, "dialog"),
        (tables, "new_examples"),
        (window.help, "self_test"),
    ]
    if "lessons" in vars(session):
        parts.append((session.lessons, "composer"))
    for owner, name in parts:
        if part := vars(owner).pop(name, None):
            part.deleteLater()
    if session.lesson_progress is not None:
        session.lesson_run.leave()
        session.lesson_run.note_export(session.lesson_run.sheet())


def _left_in(window: MainWindow, view: Mapping[str, object]) -> list[str]:
    """Return in what ``window`` differs from one with the lesson's run before its first step."""
    controller, session, document = window.controller, window.session, window.document
    is_as_new = {
        "state": controller.state is RunState.READY and controller.current_run is not None,
        "made": document.made() == Made(DEFAULTS, (0, 0), 0, (None,), None),
        "kept runs": not session.kept_runs.runs,
        "what-if": session.what_if.run is None,
        "lesson": session.lesson_progress is None,
        "file": document.file is None,
        "message": window.messages.isHidden(),
        "other windows": not _others_than(window),
    }
    left = [what for what, is_so in is_as_new.items() if not is_so]
    return left + [name for name, state in view_state(window).items() if state != view[name]]


def _others_than(window: MainWindow) -> list[QWidget]:
    tops = QApplication.topLevelWidgets()
    return [each for each in tops if each.isVisible() and each is not window]
