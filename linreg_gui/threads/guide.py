"""The walk through the lesson: the present stop, the predictions, and what the stops showed."""

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal, Slot

from linreg_gui.engines.steps import StepBatch
from linreg_gui.guide.questions import Answer, Verdict
from linreg_gui.guide.stops import MAX_LINES, Stop, StopOutput, cut_short, read_stops
from linreg_gui.runs.run import Run, log_lines
from linreg_gui.runs.states import RunState
from linreg_gui.settings import TrainingConfig
from linreg_gui.texts import retold
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel, Work

_KEY = "guide/progress"

_FIRST_STEPS = 10_000
"""How many averages of a run of the window a question may ask about."""


class Guide(QObject):
    """Owns the progress through the stops, and runs their lines on the training thread.

    A stop whose lines are the training starts the run of the window instead, and follows it while
    it is the present stop: unless the window trains on measured data, which the stops never do.
    Lives in the GUI thread. Progress is kept in ``store``, outputs are not. Raises ``ValueError``
    as `read_stops` does.

    Attributes
    ----------
    stops : tuple of Stop
        All of them, in order.
    index : int
        The present one.
    running : Stop or None
        The stop whose lines are running.

    Signals
    -------
    changed()
        Any of these, a prediction or an output has changed.
    """

    changed = Signal()

    def __init__(
        self,
        controller: TrainingController,
        store: QSettings | None = None,
        parent: QObject | None = None,
    ) -> None:
        stops = read_stops()  # first: without readable stops there is no guide
        super().__init__(parent)
        self.stops = stops
        self.index = 0
        self.running: Stop | None = None
        self._controller = controller
        self._store = store
        self._predictions: dict[str, Answer] = {}
        self._seen: set[str] = set()
        self._outputs: dict[str, StopOutput] = {}
        self._complaints: dict[str, str] = {}
        self._log: list[str] | None = None  # the lines of the window's run while it is followed
        self._restore()
        controller.state_changed.connect(self._on_state_changed)
        controller.run_progressed.connect(self._on_run_progressed)
        controller.settings_changed.connect(self.changed)

    def retell(self) -> None:
        """Read the stops in the language of now."""
        self.cancel()
        self.stops = read_stops()
        self._complaints = {name: retold(each) for name, each in self._complaints.items()}
        self.changed.emit()

    @property
    def stop(self) -> Stop:
        """Return the present stop."""
        return self.stops[self.index]

    @property
    def prediction(self) -> Answer | None:
        """Return the locked prediction for the present stop; None before."""
        return self._predictions.get(self.stop.name)

    @property
    def output(self) -> StopOutput | None:
        """Return what the present stop has shown; None before it is run in this session."""
        return self._outputs.get(self.stop.name)

    @property
    def complaint(self) -> str:
        """Return why its last run failed; empty if it did not."""
        return self._complaints.get(self.stop.name, "")

    @property
    def is_seen(self) -> bool:
        """Return whether it has run to its end, now or in a former session."""
        return self.is_done(self.stop)

    @property
    def can_run(self) -> bool:
        """Return whether it can be run: its prediction is locked, and MXNet is there."""
        is_answered = self.stop.question is None or self.prediction is not None
        loaded = self._controller.state not in (RunState.LOADING, RunState.UNAVAILABLE)
        return is_answered and loaded and self.running is None

    @property
    def settings(self) -> TrainingConfig:
        """Return the settings that the stops run with."""
        return self._controller.settings

    @property
    def draws_its_own(self) -> bool:
        """Return whether the run trains on measured data, which the stops never do."""
        return self._controller.settings.data is not None

    @property
    def trains_window(self) -> bool:
        """Return whether the present stop runs as the run of the window."""
        return self.stop.trains and not self.draws_its_own

    @property
    def has_progress(self) -> bool:
        """Return whether there is anything to start over from."""
        return bool(self._predictions or self._seen or self._outputs)

    def go_to(self, index: int) -> None:
        """Go to another stop. An index beyond the ends changes nothing."""
        if index in range(len(self.stops)) and index != self.index:
            if self._log is not None:  # the window goes on alone
                self._log = self.running = None
            self.index = index
            self._keep()

    def go_by(self, stops: int) -> None:
        """Go to the stop that comes this many later."""
        self.go_to(self.index + stops)

    def is_done(self, stop: Stop) -> bool:
        """Return whether ``stop`` has run to its end, now or in a former session."""
        return stop.name in self._seen

    def lock(self, prediction: Answer) -> None:
        """Predict what the stop will show. A locked prediction cannot be changed."""
        question = self.stop.question
        if question is not None and question.fits(prediction) and self.prediction is None:
            self._predictions[self.stop.name] = prediction
            self._keep()

    def run(self) -> None:
        """Run the stop's lines with the present settings."""
        if not self.can_run:
            return
        controller = self._controller
        self._outputs.pop(self.stop.name, None)
        self._complaints.pop(self.stop.name, None)
        if self.trains_window:
            if controller.state is not RunState.READY:
                controller.reset()
            self.running, self._log = self.stop, []
            controller.start()
        else:
            self.running = self.stop
            work = _run_stop(self.stops, self.index, controller.settings)
            job = controller.background.start(Channel.GUIDE, work)
            job.yielded.connect(self._on_yielded)
            job.finished.connect(self._on_finished)
            job.failed.connect(self._on_failed)
        self.changed.emit()

    def cancel(self) -> None:
        """Stop running the lines."""
        if self.running is None:
            return
        if self._log is not None:
            self._controller.pause()
        else:
            self._controller.background.cancel(Channel.GUIDE)
        self._log = self.running = None
        self.changed.emit()

    def start_over(self) -> None:
        """Forget all progress, and go to the first stop."""
        self.cancel()
        self.index = 0
        for progress in (self._predictions, self._seen, self._outputs, self._complaints):
            progress.clear()
        self._keep()

    @property
    def verdict(self) -> Verdict | None:
        """Return how the prediction compares with what happened; None until that is known."""
        question, prediction, output = self.stop.question, self.prediction, self.output
        if question is None or prediction is None or output is None or output.happened is None:
            return None
        return question.judge(prediction, output.happened)

    def _keep(self) -> None:
        if self._store is not None:
            progress = {
                "stop": self.stop.name,
                "predictions": self._predictions,
                "seen": sorted(self._seen),
            }
            self._store.setValue(_KEY, json.dumps(progress))
        self.changed.emit()

    def _restore(self) -> None:
        """Take up the kept progress, as far as it fits the present stops."""
        try:
            progress: Any = json.loads(str(self._store.value(_KEY))) if self._store else None
        except (ValueError, RecursionError):
            return
        if not isinstance(progress, dict):
            return
        predictions, seen = progress.get("predictions"), progress.get("seen")
        for index, stop in enumerate(self.stops):
            if progress.get("stop") == stop.name:
                self.index = index
            if isinstance(seen, list) and stop.name in seen:
                self._seen.add(stop.name)
            answer: Any = predictions.get(stop.name) if isinstance(predictions, dict) else None
            answer = tuple(answer) if isinstance(answer, list) else answer
            if stop.question is not None and stop.question.fits(answer):
                self._predictions[stop.name] = answer

    @Slot()
    def _on_state_changed(self) -> None:
        controller, stop = self._controller, self.running
        if stop is not None and self._log is not None:
            match controller.state:
                case RunState.RUNNING | RunState.PAUSED:
                    pass
                case RunState.COMPLETED if controller.run is not None:
                    self._complete(stop, controller.run, self._log)
                case state:
                    self._log = self.running = None
                    if state is not RunState.READY:
                        self._complaints[stop.name] = controller.outcome
        self.changed.emit()

    def _complete(self, stop: Stop, run: Run, log: list[str]) -> None:
        """Show what the followed run of the window gave, as the lines of ``stop`` print it."""
        history = run.history
        rows = -(-_FIRST_STEPS // history.stride)
        averages = history.moving_losses[:rows].repeat(history.stride)[: history.step].tolist()
        last = history.last.moving_loss if history.last is not None else 0.0
        lines = [*log, f"steps {history.step}", f"average {last:.6g}"]
        happened = stop.question.answer({"averages": averages}) if stop.question else None
        self._outputs[stop.name] = StopOutput(
            cut_short("\n".join(lines) + "\n"), run.config.seed, happened
        )
        self._seen.add(stop.name)
        self._log = self.running = None
        self._keep()

    @Slot(object)
    def _on_run_progressed(self, batch: StepBatch) -> None:
        run, log = self._controller.run, self._log
        if run is None or log is None or self.running is None or len(log) > MAX_LINES:
            return
        per_epoch = run.history.steps_per_epoch
        if steps := [line.step for line in log_lines(batch, per_epoch)]:
            for step in steps:  # as Python writes numbers
                epoch, index = divmod(step - 1, per_epoch)
                average = batch.moving_losses[step - batch.first_step]
                log.append(f"epoch {epoch}  batch {index}  average {average:.6g}")
            text = cut_short("\n".join(log) + "\n")
            self._outputs[self.running.name] = StopOutput(text, run.config.seed)
            self.changed.emit()

    @Slot(object)
    def _on_yielded(self, output: StopOutput) -> None:
        if self.running is not None:
            self._outputs[self.running.name] = output
            self.changed.emit()

    @Slot()
    def _on_finished(self) -> None:
        if self.running is not None:
            self._seen.add(self.running.name)
            self.running = None
            self._keep()

    @Slot(object)
    def _on_failed(self, sentence: str) -> None:
        if self.running is not None:
            self._complaints[self.running.name] = sentence
            self.running = None
            self.changed.emit()


def _run_stop(stops: Sequence[Stop], index: int, settings: TrainingConfig) -> Work:
    from linreg_gui.guide.stop_runner import run_stop  # noqa: PLC0415 - imports MXNet

    yield from run_stop(stops, index, settings)
