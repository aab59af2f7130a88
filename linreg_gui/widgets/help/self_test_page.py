"""The self-test from the Help menu: a second LinReg, out of sight, reports what it finds."""

from html import escape

from PySide6.QtCore import QProcess, QProcessEnvironment, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from linreg_gui.environment import ROOT
from linreg_gui.installation import own_command
from linreg_gui.look.controls import push_button
from linreg_gui.look.plain import markup
from linreg_gui.look.theme import Theme
from linreg_gui.texts import tr, trc
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.help.about import versions
from linreg_gui.widgets.help.page import Page

_SIZE = (640, 640)
SIGN_WIDTH = 8
"""Characters before the words of a check."""
COMMAND = own_command("--self-test")


class SelfTestPage(Page):
    """Starts the self-test, shows each check as it is done, and copies all for a report.

    The test is a process of its own, so that it can neither disturb the run on screen nor end the
    program. It ends when the page is closed.

    Attributes
    ----------
    start_button, copy_button : QPushButton
        Start the test, or stop it; put what it has found on the clipboard as plain text.
    """

    def __init__(self, controller: TrainingController, theme: Theme, window: QWidget) -> None:
        super().__init__(tr("Self-test"), _SIZE, theme, window)
        self._controller = controller
        self._read = b""
        self._verdict = ""
        self.start_button = push_button(trc("a button", "Start"), self._start_or_stop)
        self.copy_button = push_button(tr("Copy"), self._copy)
        self._buttons.insertWidget(0, self.start_button)
        self._buttons.insertWidget(1, self.copy_button)
        self._process = QProcess(self)
        self._process.setProgram(COMMAND[0])
        self._process.setArguments(COMMAND[1:])
        self._process.setWorkingDirectory(ROOT)
        self._process.setProcessChannelMode(QProcess.ProcessChannelMode.MergedChannels)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("QT_QPA_PLATFORM", "offscreen")
        environment.insert("PYTHONIOENCODING", "utf-8")
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardOutput.connect(self._on_output)
        self._process.stateChanged.connect(self._on_state_changed)
        self._process.finished.connect(self._on_finished)
        self._process.errorOccurred.connect(self._on_error)
        self._show_state()

    def write(self) -> None:
        """Write what the test does, and what it has found so far."""
        checks, _, facts = self._output.partition("\n\n")
        verdict = self._verdict or facts.partition("\n")[0]
        parts = [f"<p><b>{escape(verdict)}</b></p>"] if verdict else []
        parts.append(f"<p>{escape(self._introduction())}</p>")
        rows = []
        for line in checks.splitlines():
            sign, words = line[:SIGN_WIDTH].strip(), line[SIGN_WIDTH:]
            color = self.theme.palette.safe if sign == tr("ok") else self.theme.palette.error
            rows.append(
                f'<tr><td><span style="color: {color}">{escape(sign)}</span></td>'
                f"<td>{escape(words)}</td></tr>"
            )
        self.text.setHtml(markup("".join([*parts, "<table>", *rows, "</table>"])))
        if self._is_running:
            bar = self.text.verticalScrollBar()
            bar.setValue(bar.maximum())

    def stop(self) -> None:
        """End the test, if it runs."""
        if self._is_running:
            self._process.kill()
            self._process.waitForFinished()

    @property
    def _is_running(self) -> bool:
        return self._process.state() is not QProcess.ProcessState.NotRunning

    def _introduction(self) -> str:
        if self._is_running:
            return tr("The self-test runs. It takes about half a minute.")
        return tr(
            "The self-test opens a second LinReg out of sight. It trains the lesson there, writes "
            "every kind of export and opens it again. Your run goes on meanwhile. “Copy” takes "
            "what it has found, and the versions of everything, for a report of an error."
        )

    @property
    def _output(self) -> str:
        return self._read.decode(errors="replace").replace("\r\n", "\n")  # as Windows ends lines

    def _show_state(self) -> None:
        self.start_button.setText(tr("Stop") if self._is_running else trc("a button", "Start"))
        if self.isVisible():
            self.write()

    @Slot()
    def _start_or_stop(self) -> None:
        if self._is_running:
            self.stop()
        else:
            self._read, self._verdict = b"", ""
            self._process.start()

    @Slot()
    def _copy(self) -> None:
        facts = [f"{name}: {fact}" for name, fact in versions(self._controller)]
        heading = tr("The window from which it was started:")
        parts = [self._output.strip(), self._verdict, "\n".join([heading, *facts])]
        QGuiApplication.clipboard().setText("\n\n".join(filter(None, parts)))

    @Slot()
    def _on_output(self) -> None:
        self._read += bytes(self._process.readAllStandardOutput().data())
        self._show_state()

    @Slot()
    def _on_state_changed(self) -> None:
        self._show_state()

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, _code: int, status: QProcess.ExitStatus) -> None:
        if status is QProcess.ExitStatus.CrashExit:
            self._verdict = tr("The self-test has ended before its last check.")
        self._show_state()

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._verdict = tr("The self-test could not be started.")
            self._show_state()

    def done(self, result: int) -> None:
        """End the test with the page."""
        self.stop()
        super().done(result)
