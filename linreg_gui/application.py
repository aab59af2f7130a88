"""Puts the program together: Qt, theme, controller and window."""

import ctypes
import gc
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import TracebackType

import platformdirs
from PySide6.QtCore import (
    QCoreApplication,
    QLocale,
    QMessageLogContext,
    QObject,
    QSettings,
    QSize,
    QSocketNotifier,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from linreg_gui import __version__, interruption, languages, platforms
from linreg_gui.environment import give_up
from linreg_gui.error_log import NAME, log_error, open_error_log
from linreg_gui.lessons.bundled import bundled, lesson_file
from linreg_gui.look.guard import guard_overrides
from linreg_gui.look.scale import SCALES
from linreg_gui.look.theme import Mode, Theme
from linreg_gui.look.words_of_qt import speak_in_qt
from linreg_gui.options import BAD_INPUT, Options
from linreg_gui.resources import resource_path
from linreg_gui.settings import DEFAULTS, TrainingConfig
from linreg_gui.texts import complain, in_a_row, quoted, reason_of, tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Background
from linreg_gui.widgets.window.anew import made_anew, obstacle
from linreg_gui.widgets.window.main_window import MainWindow

FRAME_ROOM = QSize(8, 40)
"""Pixels for a window's frame and title."""


def run(options: Options) -> int:
    """Open the window, or train for ``--batch``; return the exit code."""
    open_error_log()
    is_for_a_person = options.batch is None and not options.self_test
    if not _has_display():
        if is_for_a_person:
            complain(
                tr("There is no display to open a window on. Log in to a desktop, or use --batch.")
            )
            return 1
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    store = _open_store() if is_for_a_person else None
    _choose_language(options, store)
    config, proposed = options.config, ""
    if options.table is not None and (options.batch is not None or options.table.names_columns):
        # Only who has a table needs these.
        from linreg_gui.runs.proposal import with_proposal  # noqa: PLC0415
        from linreg_gui.tables.reading import read_columns  # noqa: PLC0415
        from linreg_gui.tables.source import why_unusable  # noqa: PLC0415

        table = options.table
        try:
            data = read_columns(table.file, table.features, table.target, **table.reading)
            config, proposed = with_proposal(config.with_value("data", data), options.given)
        except Exception as error:  # noqa: BLE001 - a damaged file can raise anything
            complain(why_unusable(error))
            return BAD_INPUT
    if options.lesson and (sentence := _why_no_lesson(options.lesson)):
        complain(sentence)
        return BAD_INPUT
    application = create_application()
    window = create_window(application, config, store, proposed)
    shown = ShownWindow(application, window, store)
    errors = ErrorReporter(application)
    errors.reported.connect(shown.say)
    with interruption.held(), _closing_on_signals(shown), errors.listening():
        collect_garbage_once_loaded(window)
        if options.batch is not None:
            from linreg_gui.batch_mode import run_batch  # noqa: PLC0415 - only here

            return run_batch(application, window, options, errors.reported)
        if options.self_test:
            from linreg_gui.self_test import run_self_test  # noqa: PLC0415 - only here

            return run_self_test(window, errors.reported)
        _fit_to_screen(window)
        # Before MXNet loads: what is imported beside it may have to wait for it.
        window.completion.ended.disconnect(window.controller.load)
        window.completion.ended.connect(partial(_begin, window, options))
        window.completion.ended.connect(window.controller.load)
        window.show()
        if options.table is not None and config.data is None:
            window.session.tables.open(options.table.file, **options.table.reading)
        if options.lesson:
            window.session.lessons.open(options.lesson)
        code = application.exec()
        interruption.ignore()
        return code


def _choose_language(options: Options, store: QSettings | None) -> None:
    """Speak the language that a person asks for now, or has chosen in the menu, or the system's.

    What a batch run writes is for programs, too, and does not depend on the language.
    """
    chosen = options.language or (str(store.value("language", "")) if store else "")
    code = languages.fitting([chosen]) if chosen else _language_of_system()
    languages.speak(languages.ENGLISH if options.batch else code)


def _language_of_system() -> str:
    return languages.fitting(languages.of_system() or QLocale.system().uiLanguages())


def _open_store() -> QSettings:
    file = platformdirs.user_config_path(NAME, appauthor=False) / "window.ini"
    return QSettings(str(file), QSettings.Format.IniFormat)


def _why_no_lesson(name: str) -> str:
    """Say that there is no lesson of this name; empty if there is one."""
    if lesson_file(name).is_file():
        return ""
    words = tr("There is no lesson “{name}”; give a file, or one of {names}.")
    names = (known.partition("-")[2] for known in bundled())
    return words.format(name=quoted(name), names=in_a_row(names))


def _begin(window: MainWindow, options: Options) -> None:
    """Open the session that was asked for, or greet."""
    folder = platformdirs.user_state_path(NAME, appauthor=False) / "sessions"
    has_file = options.session is not None or options.table is not None or bool(options.lesson)
    window.welcome.begin(folder, greets=not has_file)
    if options.session is not None:
        window.document.exchange.open(options.session)


def _leave(store: QSettings | None) -> None:
    """End the process as it is, while there is nothing yet that could be lost."""
    if store is not None:
        store.sync()
    os._exit(interruption.asked_exit_code())


def _fit_to_screen(window: MainWindow) -> None:
    """Make the window, with its frame, no larger than the screen."""
    room = window.screen().availableGeometry().size() - FRAME_ROOM
    window.resize(window.size().boundedTo(room))


def collect_garbage_once_loaded(window: MainWindow) -> None:
    """Enable the collector, which the program's entry disables, when MXNet is loaded.

    Before that there is little garbage, and looking through all the objects would delay a click.
    """
    for begin in (gc.freeze, gc.enable):
        window.controller.state_changed.connect(begin, Qt.ConnectionType.SingleShotConnection)


def create_application() -> QApplication:
    """Make the one QApplication, with names and icon."""
    _use_utf8()
    platforms.lead_to_fonts()
    QCoreApplication.setApplicationName("LinReg")
    QCoreApplication.setApplicationVersion(__version__)
    with _saying_why_qt_gives_up():
        application = QApplication(sys.argv[:1])
    application.setDesktopFileName(NAME)
    application.setWindowIcon(QIcon(str(resource_path("icons", "linreg.svg"))))
    return application


@contextmanager
def _saying_why_qt_gives_up() -> Iterator[None]:
    """End with a sentence where Qt would abort, as it does without a screen or some libraries."""
    others: list[str] = []

    def take(kind: QtMsgType, _: QMessageLogContext, text: str | None) -> None:
        if kind is not QtMsgType.QtFatalMsg:
            others.append(text or "")
            return
        from linreg_gui.environment.system import lacking_libraries  # noqa: PLC0415 - only here

        sentence = tr("Qt cannot open a window here ({reason}).")
        reason = quoted(others[0] if others else text or "")
        give_up(lacking_libraries() or sentence.format(reason=reason))
        os._exit(1)

    before = qInstallMessageHandler(take)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
        if sys.stderr is not None:
            sys.stderr.writelines(f"{text}\n" for text in others)


def _use_utf8() -> None:
    """Choose UTF-8 where the locale has another encoding. Qt would, too, but with a warning."""
    # Python has taken UTF-8 by itself where the locale is C.
    is_usual = sys.getfilesystemencoding() == "utf-8" and not sys.flags.utf8_mode
    if sys.platform == "linux" and not is_usual:
        os.environ["LC_ALL" if os.environ.get("LC_ALL") else "LC_CTYPE"] = "C.UTF-8"


def create_window(
    application: QApplication,
    settings: TrainingConfig = DEFAULTS,
    store: QSettings | None = None,
    proposed: str = "",
    background: Background | None = None,
) -> MainWindow:
    """Make the window with its controller; MXNet loads once it is painted and complete.

    Parameters
    ----------
    application : QApplication
        Its style is set.
    settings : TrainingConfig
        The first values of the controls.
    store : QSettings, optional
        Remembers geometry and theme.
    proposed : str
        What to say about the settings.
    background : Background, optional
        The training thread, if it is not one of its own.
    """
    guard_overrides()
    speak_in_qt(application)
    theme = Theme(application, _stored_mode(store))
    if store is not None:
        theme.set_scale(_stored_scale(store) or theme.default_scale)
    controller = TrainingController(application, settings, proposed, background)
    with theme.dressing_last():
        window = MainWindow(controller, theme, store)
    theme.setParent(window)
    window.completion.ended.connect(controller.load)
    application.aboutToQuit.connect(window.shut_down)
    return window


def _stored_mode(store: QSettings | None) -> Mode:
    mode = store.value("theme") if store else None
    return Mode(mode) if mode in list(Mode) else Mode.SYSTEM


def _stored_scale(store: QSettings) -> float | None:
    """Return the scale that a person has chosen; None if there is none, or it is damaged."""
    try:
        scale = float(str(store.value("scale")))
    except ValueError:
        return None
    return scale if SCALES[0] <= scale <= SCALES[-1] else None


def _has_display() -> bool:
    """Return whether Qt will find a screen. Without one it would end the process itself."""
    if sys.platform != "linux" or "QT_QPA_PLATFORM" in os.environ:
        return True
    return bool(os.environ.get("WAYLAND_DISPLAY")) or _x_server_answers()


def _x_server_answers() -> bool:
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:  # Qt itself says what is missing
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    refused = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not refused


class ShownWindow(QObject):
    """Owns the window on screen, and puts another one there for another language.

    Attributes
    ----------
    window : MainWindow
        The one that is there now.
    """

    def __init__(
        self, application: QApplication, window: MainWindow, store: QSettings | None
    ) -> None:
        super().__init__(application)
        self._application = application
        self._store = store
        self._show(window)

    def _show(self, window: MainWindow) -> None:
        self.window = window
        window.language_wanted.connect(self._on_language_wanted, _LATER)
        if self._store is not None:
            window.left_while_loading.connect(partial(_leave, self._store))

    @Slot(object)
    def say(self, sentence: str) -> None:
        """Show a message."""
        self.window.messages.show_message(sentence)

    @Slot(str)
    def _on_language_wanted(self, code: str) -> None:
        """Speak this language from now on; without a code, that of the system."""
        if why := obstacle(self.window):
            self.say(why)
            return
        if self._store is not None:
            self._store.setValue("language", code)
        languages.speak(code or _language_of_system())
        speak_in_qt(self._application)
        self._show(made_anew(self.window))
        self._application.aboutToQuit.connect(self.window.shut_down)


_LATER = Qt.ConnectionType.QueuedConnection
"""Not before the menu, which goes with its window, has closed."""


@contextmanager
def _closing_on_signals(shown: ShownWindow) -> Iterator[None]:
    """Close the window when the process is asked to end.

    Python runs signal handlers only between its own instructions; a socket wakes Qt for them.
    """
    wake_up, sender = socket.socketpair()
    wake_up.setblocking(False)
    sender.setblocking(False)

    def close() -> None:
        wake_up.recv(64)
        shown.window.close()
        QCoreApplication.quit()

    notifier = QSocketNotifier(wake_up.fileno(), QSocketNotifier.Type.Read, shown)
    notifier.activated.connect(close)
    signal.set_wakeup_fd(sender.fileno())
    if interruption.asked_exit_code():  # the signal was there before the socket
        sender.send(b"-")
    try:
        yield
    finally:
        signal.set_wakeup_fd(-1)
        wake_up.close()
        sender.close()


class ErrorReporter(QObject):
    """Turns unexpected errors into sentences, which name the file with their tracebacks.

    Signals
    -------
    reported(str)
        The sentence. It comes in the GUI thread, and never while something is painted.
    """

    reported = Signal(object)
    _noted = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._noted.connect(self.reported, Qt.ConnectionType.QueuedConnection)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Report every error while this lasts."""
        before, sys.excepthook = sys.excepthook, self._report
        try:
            yield
        finally:
            sys.excepthook = before

    def _report(
        self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        sentence = tr("Something went wrong ({reason}); your run is still here.")
        self._noted.emit(log_error(error, sentence.format(reason=reason_of(error))))
