"""The walk through the lesson: the present stop, the predictions, and what the stops showed."""

import json
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal, Slot

from linreg_gui.guide.stops import Answer, Stop, StopOutput, read_stops
from linreg_gui.runs.states import RunState
from linreg_gui.settings import TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel, Work

_KEY = "guide/progress"


class Guide(QObject):
    """Owns the progress through the stops, and runs their lines on the training thread.

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
        self._restore()
        controller.state_changed.connect(self.changed)
        controller.settings_changed.connect(self.changed)

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
        return self.stop.name in self._seen

    @property
    def can_run(self) -> bool:
        """Return whether it can be run: its prediction is locked, and MXNet is there."""
        is_answered = self.stop.question is None or self.prediction is not None
        loaded = self._controller.state not in (RunState.LOADING, RunState.UNAVAILABLE)
        return is_answered and loaded and self.running is None

    @property
    def draws_its_own(self) -> bool:
        """Return whether the run trains on measured data, which the stops never do."""
        return self._controller.settings.data is not None

    @property
    def has_progress(self) -> bool:
        """Return whether there is anything to start over from."""
        return bool(self._predictions or self._seen or self._outputs)

    def go_to(self, index: int) -> None:
        """Go to another stop. An index beyond the ends changes nothing."""
        if index in range(len(self.stops)) and index != self.index:
            self.index = index
            self._keep()

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
        stops, index, settings = self.stops, self.index, self._controller.settings
        self.running = self.stop
        self._outputs.pop(self.stop.name, None)
        self._complaints.pop(self.stop.name, None)
        work = _run_stop(stops, index, settings)
        job = self._controller.background.start(Channel.GUIDE, work)
        job.yielded.connect(self._on_yielded)
        job.finished.connect(self._on_finished)
        job.failed.connect(self._on_failed)
        self.changed.emit()

    def cancel(self) -> None:
        """Stop running the lines."""
        if self.running is not None:
            self._controller.background.cancel(Channel.GUIDE)
            self.running = None
            self.changed.emit()

    def start_over(self) -> None:
        """Forget all progress, and go to the first stop."""
        self.cancel()
        self.index = 0
        for progress in (self._predictions, self._seen, self._outputs, self._complaints):
            progress.clear()
        self._keep()

    def comparison(self) -> str:
        """Say how the prediction compares with what happened; empty until that is known."""
        question, prediction, output = self.stop.question, self.prediction, self.output
        if question is None or prediction is None or output is None or output.happened is None:
            return ""
        return question.compare(prediction, output.happened)

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
        except ValueError:
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

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        if self.running is not None:
            self._complaints[self.running.name] = sentence
            self.running = None
            self.changed.emit()


def _run_stop(stops: Sequence[Stop], index: int, settings: TrainingConfig) -> Work:
    from linreg_gui.guide.stop_runner import run_stop  # noqa: PLC0415 - imports MXNet

    yield from run_stop(stops, index, settings)
