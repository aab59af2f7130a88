"""A window is made anew when the language changes: so every word is looked up again."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from linreg_gui.runs.states import RunState
from linreg_gui.texts import tr
from linreg_gui.widgets.panels.registry import LOG
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.view_state import show_view_state, view_state


def obstacle(window: MainWindow) -> str:
    """Say why ``window`` cannot be made anew now; empty if it can."""
    if window.document.is_saving:
        return tr("The session is being saved; choose the language once that is done.")
    if "exporter" in vars(window) and window.exporter.is_busy:
        return tr("A file is being written; choose the language once that is done.")
    return ""


def made_anew(window: MainWindow) -> MainWindow:
    """Return a window in the language of now that shows what ``window`` shows, which is gone.

    The run and all that follows it go on meanwhile. There must be no `obstacle`.
    """
    session, theme = window.session, window.session.theme
    view, place, state = view_state(window), window.normalGeometry(), window.windowState()
    welcomes = window.welcome.is_shown
    session.lens.setChecked(False)
    window.rest()
    window.hide()  # its panels leave what they watch
    theme.take_language()
    new = MainWindow(window.controller, theme, session.store, former=session)
    theme.setParent(new)
    new.setGeometry(place)
    new.setWindowState(state & ~Qt.WindowState.WindowActive)
    new.completion.finish()
    new.document.take_over(window.document)
    if "lessons" in vars(session):
        new.session.lessons.take_over(session.lessons)
    new.side.panel(LOG).take_over(window.side.panel(LOG))
    session.tables.shut_down()
    window.deleteLater()
    QApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
    new.session.retell()
    new.controller.retell()
    new.messages.take_over(window.messages)
    if new.controller.state is not RunState.LOADING:
        new.show_run()
    new.session.tell_all()
    show_view_state(new, view)
    new.show()
    if welcomes:
        new.welcome.greet()
    return new
