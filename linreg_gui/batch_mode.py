"""``--batch``: the same window and controller, with nobody at the screen."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, SignalInstance, Slot
from PySide6.QtWidgets import QApplication

from linreg_gui import interruption, platforms
from linreg_gui.engines.steps import StepBatch
from linreg_gui.export.run_files import TrajectoryWriter, write_summary
from linreg_gui.files import OutputFolder
from linreg_gui.interruption import INTERRUPTED
from linreg_gui.number_text import fixed, whole
from linreg_gui.options import BAD_INPUT, Options
from linreg_gui.runs.states import RunState
from linreg_gui.sessions.archive import ArchiveError
from linreg_gui.texts import complain, quoted, reason_of, tr
from linreg_gui.threads.session_files import read_at_once
from linreg_gui.widgets.exports.drawing import as_png
from linreg_gui.widgets.exports.exporter import sentence_on, write_at_once
from linreg_gui.widgets.exports.kinds import ExportError, ExportKind, export_of
from linreg_gui.widgets.window.main_window import MainWindow

TRAJECTORY, PICTURE, SUMMARY = FILES = ("trajectory.csv", "window.png", "summary.json")

_EXIT_CODES = {RunState.COMPLETED: 0, RunState.DIVERGED: 3}
_PROGRESS_SECONDS = 0.1
SETTLE_MILLISECONDS = 100
"""After the last change the window needs this to lay itself out before its picture is taken."""


def run_batch(
    application: QApplication,
    window: MainWindow,
    options: Options,
    errors: SignalInstance,
) -> int:
    """Train to the end, write the files, close the window; return the exit code.

    A sentence from ``errors`` ends the run.
    """
    assert options.batch is not None
    folder = options.batch
    try:
        wanted = [(export_of(name), file) for name, file in options.exports]
    except ExportError as error:
        complain(f"--export: {error}")
        return BAD_INPUT
    if options.session is not None:
        try:
            window.controller.restore(read_at_once(options.session))
        except ArchiveError as error:
            complain(str(error))
            return BAD_INPUT
    try:
        output = OutputFolder(folder, FILES)
    except OSError as error:
        complain(tr("{folder} cannot be written to ({reason}); name another folder.").format(
            folder=quoted(str(folder)), reason=reason_of(error)
        ))  # fmt: skip
        return BAD_INPUT
    with output:
        batch = BatchRun(window, output.draft, wanted, options.new_examples)
        errors.connect(batch.fail)
        window.left_while_loading.connect(partial(_leave, output))
        window.show()
        application.exec()
        interruption.ignore()
        code = interruption.asked_exit_code() or batch.exit_code
        if code in _EXIT_CODES.values():
            try:
                output.publish()
            except OSError as error:
                complain(_cannot_write(error))
                code = 1
    if code == INTERRUPTED or interruption.asked_exit_code():
        complain(_interrupted())
    return code


def _leave(output: OutputFolder) -> None:
    """End the process as it is, while MXNet loads."""
    interruption.ignore()
    output.discard()
    complain(_interrupted())
    os._exit(interruption.asked_exit_code() or INTERRUPTED)


class BatchRun(QObject):
    """Drives the window's controller as a person would, and makes the files.

    Attributes
    ----------
    exit_code : int
        As `run_batch` returns it; `INTERRUPTED` until the run has ended.
    """

    def __init__(
        self,
        window: MainWindow,
        drafts: Path,
        exports: Sequence[tuple[ExportKind, Path]],
        new_examples: Path | None = None,
    ) -> None:
        super().__init__(window)
        self._exports = exports
        self._new_examples = new_examples
        self.exit_code = INTERRUPTED
        self._window = window
        self._controller = window.controller
        self._drafts = drafts
        self._trajectory: TrajectoryWriter | None = None
        self._progress_line = _ProgressLine()
        self._is_settling = False
        self._controller.state_changed.connect(self._on_state_changed)
        self._controller.run_prepared.connect(self._on_run_prepared)
        self._controller.run_progressed.connect(self._on_run_progressed)
        self._controller.restore_failed.connect(self._on_restore_failed)

    @Slot(object)
    def fail(self, sentence: str) -> None:
        """End the run because of an unexpected error."""
        self._end(1, sentence)

    @Slot()
    def _on_run_prepared(self) -> None:
        run = self._controller.run
        assert run is not None
        with self._ending_if_unwritable():
            if self._trajectory is not None:
                self._trajectory.close()
            self._trajectory = TrajectoryWriter(self._drafts / TRAJECTORY, run)
            history = run.history
            if history.step:  # the run of a session
                self._trajectory.write_steps(
                    history.steps, history.losses, history.moving_losses, history.parameters
                )

    @Slot(object)
    def _on_restore_failed(self, sentence: str) -> None:
        self._end(BAD_INPUT, sentence)

    @Slot(object)
    def _on_run_progressed(self, batch: StepBatch) -> None:
        run = self._controller.run
        if self._trajectory is None or run is None:
            return
        self._progress_line.show(run.history.step, run.planned_steps, float(batch.losses[-1]))
        with self._ending_if_unwritable():
            self._trajectory.append(batch)

    @Slot()
    def _on_state_changed(self) -> None:
        state = self._controller.state
        if state in (RunState.READY, RunState.PAUSED, RunState.STOPPED):
            self._controller.start()
        elif state in (RunState.FAILED, RunState.UNAVAILABLE):
            self._end(1, self._controller.outcome)
        elif state in _EXIT_CODES and not self._is_settling:
            self._is_settling = True
            self._window.session.rate_limits.changed.connect(self._settle)
            self._window.session.going_on.changed.connect(self._settle)
            self._settle()

    @Slot()
    def _settle(self) -> None:
        """Wait for what is said about the run: its rate limits, and what going on would bring."""
        session = self._window.session
        if session.rate_limits.is_complete and session.going_on.is_known:
            session.rate_limits.changed.disconnect(self._settle)
            session.going_on.changed.disconnect(self._settle)
            self._window.refresher.refresh_all()
            QTimer.singleShot(SETTLE_MILLISECONDS, self._finish)

    @Slot()
    def _finish(self) -> None:
        run, state = self._controller.run, self._controller.state
        assert run is not None
        assert self._trajectory is not None
        with self._ending_if_unwritable():
            self._trajectory.close()
            write_summary(self._drafts / SUMMARY, run, state)
            (self._drafts / PICTURE).write_bytes(as_png(self._window.grab().toImage()))
            if self._has_exported():
                sentence = self._controller.outcome if state is RunState.DIVERGED else ""
                self._end(_EXIT_CODES[state], sentence)

    def _has_exported(self) -> bool:
        """Write the further files; return whether that went well."""
        for kind, file in self._exports:
            try:
                chosen = None
                if kind.read is not None and self._new_examples is not None:
                    chosen = kind.read(self._window, self._new_examples)
                remark = write_at_once(kind, self._window, file, chosen)
            except (OSError, ExportError) as error:
                self._end(1, sentence_on(error, file))
                return False
            if remark:
                complain(f"{quoted(file.name)}: {remark}")
        return True

    @contextmanager
    def _ending_if_unwritable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._end(1, _cannot_write(error))

    def _end(self, exit_code: int, sentence: str) -> None:
        if self._trajectory is not None:
            with suppress(OSError):  # the disk is full, and the file will be deleted
                self._trajectory.close()
            self._trajectory = None
        self._progress_line.clear()
        if sentence:
            complain(sentence)
        self.exit_code = exit_code
        self._window.close()


class _ProgressLine:
    """One line on a terminal's stderr that is overwritten again and again."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr is not None and sys.stderr.isatty()
        platforms.understand_codes()
        self._last = 0.0

    def show(self, step: int, steps: int, loss: float) -> None:
        if self._is_shown and time.monotonic() - self._last > _PROGRESS_SECONDS:
            self._last = time.monotonic()
            line = tr("step {step} of {steps}   batch loss {loss}").format(
                step=whole(step), steps=whole(steps), loss=fixed(loss)
            )
            sys.stderr.write(f"\r{line}\033[K")
            sys.stderr.flush()

    def clear(self) -> None:
        if self._is_shown and self._last:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def _interrupted() -> str:
    return tr("Interrupted; nothing was written.")


def _cannot_write(error: OSError) -> str:
    words = tr("The files could not be written ({reason}); none were kept.")
    return words.format(reason=reason_of(error))
