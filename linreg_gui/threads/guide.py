"""The walk through the lesson: where it stands, what was predicted, what its stops have shown."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal, Slot

from linreg_gui.guide.stops import Answer, Stop, StopOutput, read_stops
from linreg_gui.runs.states import RunState
from linreg_gui.settings import TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel

_KEY = "guide/progress"


class Guide(QObject):
    """Owns the progress through the stops, and has their lines run on the training thread.

    Lives in the GUI thread. Progress is kept in ``store``, outputs are not. Raises ``ValueError``
    as `read_stops` does.

    Attributes
    ----------
    stops : tuple of Stop
        All of them, in order.
    index : int
        The one that is looked at.
    running : Stop or None
        Whose lines are being run.

    Signals
    -------
    changed()
        Any of these, a prediction or an output is another.
    """

    changed = Signal()

    def __init__(
        self,
        controller: TrainingController,
        store: QSettings | None = None,
        parent: QObject | None = None,
    ) -> None:
        stops = read_stops()  # first: where one cannot be read there is no guide
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
        controller.background.answered.connect(self._on_answered)
        controller.background.finished.connect(self._on_finished)
        controller.background.failed.connect(self._on_failed)

    @property
    def stop(self) -> Stop:
        """Return the stop that is looked at."""
        return self.stops[self.index]

    @property
    def prediction(self) -> Answer | None:
        """Return what was predicted for it; None while nothing is locked."""
        return self._predictions.get(self.stop.name)

    @property
    def output(self) -> StopOutput | None:
        """Return what it has shown; None while it was not run in this session."""
        return self._outputs.get(self.stop.name)

    @property
    def complaint(self) -> str:
        """Return why its last run failed; empty where it has not."""
        return self._complaints.get(self.stop.name, "")

    @property
    def is_seen(self) -> bool:
        """Return whether it has been run to its end, now or in a former session."""
        return self.stop.name in self._seen

    @property
    def can_run(self) -> bool:
        """Return whether it can be run: its prediction is locked, and MXNet is there."""
        is_answered = self.stop.question is None or self.prediction is not None
        loaded = self._controller.state not in (RunState.LOADING, RunState.UNAVAILABLE)
        return is_answered and loaded and self.running is None

    @property
    def draws_its_own(self) -> bool:
        """Return whether the run trains on measured data, which the stops do not."""
        return self._controller.settings.data is not None

    @property
    def has_progress(self) -> bool:
        """Return whether there is anything to start over from."""
        return bool(self._predictions or self._seen or self._outputs)

    def go_to(self, index: int) -> None:
        """Look at another stop; beyond the ends there is none."""
        if index in range(len(self.stops)) and index != self.index:
            self.index = index
            self._keep()

    def lock(self, prediction: Answer) -> None:
        """Predict what the stop will show. A prediction that is locked stays as it is."""
        question = self.stop.question
        if question is not None and question.fits(prediction) and self.prediction is None:
            self._predictions[self.stop.name] = prediction
            self._keep()

    def run(self) -> None:
        """Run the stop's lines with the settings as they are now."""
        if not self.can_run:
            return
        stops, index, settings = self.stops, self.index, self._controller.settings
        self.running = self.stop
        self._outputs.pop(self.stop.name, None)
        self._complaints.pop(self.stop.name, None)
        self._controller.background.start(Channel.GUIDE, lambda: _job(stops, index, settings))
        self.changed.emit()

    def cancel(self) -> None:
        """Run no further."""
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
        """Take up what is kept; what does not fit the stops as they are is left out."""
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

    @Slot(object, object)
    def _on_answered(self, channel: Channel, output: StopOutput) -> None:
        if channel is Channel.GUIDE and self.running is not None:
            self._outputs[self.running.name] = output
            self.changed.emit()

    @Slot(object)
    def _on_finished(self, channel: Channel) -> None:
        if channel is Channel.GUIDE and self.running is not None:
            self._seen.add(self.running.name)
            self.running = None
            self._keep()

    @Slot(object, str)
    def _on_failed(self, channel: Channel, sentence: str) -> None:
        if channel is Channel.GUIDE and self.running is not None:
            self._complaints[self.running.name] = sentence
            self.running = None
            self.changed.emit()


def _job(
    stops: Sequence[Stop], index: int, settings: TrainingConfig
) -> Iterator[StopOutput | None]:
    from linreg_gui.guide.execution import run_stop  # noqa: PLC0415 - imports MXNet

    return run_stop(stops, index, settings)
