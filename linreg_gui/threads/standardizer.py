"""Goes over to standardized features, or back, with the settings that suit them."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Slot

from linreg_gui.data.dataset import Dataset
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.jobs import Channel


class Standardizer(QObject):
    """Changes how the data at hand are trained on. Lives in the GUI thread.

    A rate that is stable for features as they were measured gets nowhere with standardized ones,
    and theirs diverges without: batch size, rate and epochs are found anew, on the training thread.
    """

    def __init__(self, controller: TrainingController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._asked: Dataset | None = None
        controller.background.answered.connect(self._on_answered)

    def switch(self, *, standardize: bool) -> None:
        """Train on standardized features from now on, or on measured ones; the run ends."""
        self._asked = self._controller.settings.data
        if self._asked is None:  # the recipe's features are drawn standardized
            self._controller.use_data(None, standardize=standardize)
        else:
            job = partial(_job, self._asked, standardize)
            self._controller.background.start(Channel.PROPOSAL, job)

    @Slot(object, object)
    def _on_answered(self, channel: Channel, settings: dict[str, Any]) -> None:
        if channel is Channel.PROPOSAL and self._controller.settings.data is self._asked:
            self._controller.use_data(self._asked, **settings)


def _job(data: Dataset, standardize: bool) -> Iterator[dict[str, Any]]:
    from linreg_gui.runs.proposal import proposed_settings  # noqa: PLC0415 - seldom wanted

    yield proposed_settings(data, standardize=standardize)
