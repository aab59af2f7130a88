"""The line predicts typed examples, in the units of the data, at the step on show."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from linreg_gui.data.dataset import Dataset
from linreg_gui.look.theme import Theme
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Init, TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.playhead import Playhead
from linreg_gui.widgets.panels.predict_panel import PredictPanel
from tests.support import (
    from_zeros,
    line_data,
    made_data,
    wait_for_state,
    wait_for_step,
    wait_until_ready,
)


class Bench(NamedTuple):
    """A panel, and what it shows."""

    panel: PredictPanel
    controller: TrainingController
    playhead: Playhead


MakeBench = Callable[[TrainingConfig], Bench]
MakePanel = Callable[[TrainingConfig], PredictPanel]


@pytest.fixture
def make_bench(
    qtbot: QtBot, make_controller: Callable[..., TrainingController], theme: Theme
) -> MakeBench:
    """Return a function that makes a panel whose run is ready."""

    def make(config: TrainingConfig) -> Bench:
        controller = make_controller(config)
        playhead = Playhead(controller, controller)
        panel = shown_panel(qtbot, controller, playhead)
        controller.load()
        wait_until_ready(qtbot, controller)
        return Bench(panel, controller, playhead)

    return make


@pytest.fixture
def make_panel(make_bench: MakeBench) -> MakePanel:
    return lambda config: make_bench(config).panel


def shown_panel(qtbot: QtBot, controller: TrainingController, playhead: Playhead) -> PredictPanel:
    panel = PredictPanel(controller, playhead)
    qtbot.addWidget(panel)
    panel.setFixedSize(360, 640)
    panel.show()
    return panel


def starting_at(
    data: Dataset, weights: tuple[float, ...], bias: float, **more: object
) -> TrainingConfig:
    return TrainingConfig(
        data=data,
        init=Init.TYPED,
        start_weights=weights,
        start_bias=bias,
        **more,  # type: ignore[arg-type]
    )


def above_the_line(**more: object) -> TrainingConfig:
    """Return settings whose run starts at 2x + 2, where the data are 2x + 1 for x = 1 .. 5."""
    return starting_at(line_data(1, 5), (2.0,), 2.0, **more)


def type_value(qtbot: QtBot, panel: PredictPanel, text: str, row: int = 0) -> None:
    field = panel.rows[row].field
    field.selectAll()
    qtbot.keyClicks(field, text)
    field.editingFinished.emit()


def use(qtbot: QtBot, controller: TrainingController, data: Dataset | None) -> None:
    controller.use_data(data)
    wait_until_ready(qtbot, controller)


def plain(label: QLabel) -> str:
    text = label.text().replace("\N{NO-BREAK SPACE}", " ").replace("−", "-")
    return text.replace("\N{ZERO WIDTH SPACE}", "")


class TestThePrediction:
    @pytest.mark.parametrize("standardize", [False, True])
    def test_has_the_units_of_the_data_and_is_compared_with_least_squares(
        self, make_panel: MakePanel, qtbot: QtBot, standardize: bool
    ) -> None:
        panel = make_panel(above_the_line(standardize=standardize))
        type_value(qtbot, panel, "4")
        assert plain(panel.formula) == "ŷ = 2.00000·x0 + 2.0000"
        assert plain(panel.written) == "ŷ = 2.00000·4 + 2.0000 = 10.000"
        assert panel.prediction.text() == "10.000"
        assert panel.least_squares.text() == "9.000"
        assert panel.difference.text() == "+1.0000"

    def test_belongs_to_the_step_on_show(self, make_bench: MakeBench, qtbot: QtBot) -> None:
        # One step at rate 0.01 over all five: the residual is 1, so the gradient is (2·3, 2).
        panel, controller, playhead = make_bench(above_the_line(batch_size=5, learning_rate=0.01))
        assert panel.moment.text() == "y, at the start"
        controller.step()
        wait_for_step(qtbot, controller, 1)
        panel.refresh()
        assert panel.moment.text() == "y, predicted after step 1"
        assert plain(panel.formula) == "ŷ = 1.94000·x0 + 1.9800"
        assert panel.prediction.text() == "7.800"
        controller.step()
        wait_for_step(qtbot, controller, 2)
        playhead.go_to(0)
        panel.refresh()
        assert plain(panel.formula) == "ŷ = 2.00000·x0 + 2.0000"

    def test_is_never_nan_or_infinite(self, make_bench: MakeBench, qtbot: QtBot) -> None:
        panel, controller, _ = make_bench(
            above_the_line(batch_size=5, learning_rate=1000.0, epochs=100)
        )
        controller.start()
        wait_for_state(qtbot, controller, RunState.DIVERGED)
        type_value(qtbot, panel, "1e300")
        panel.refresh()
        words = " ".join(label.text() for label in panel.findChildren(QLabel)).lower()
        assert "nan" not in words
        assert "inf" not in words
        assert panel.prediction.text() == "too\N{NO-BREAK SPACE}large"

    def test_waits_for_data(
        self, qtbot: QtBot, make_controller: Callable[..., TrainingController], theme: Theme
    ) -> None:
        controller = make_controller()
        panel = shown_panel(qtbot, controller, Playhead(controller, controller))
        assert panel.moment.text() == "Predictions appear here once the data is ready."
        assert not panel.prediction.isVisible()


class TestAnExample:
    def test_starts_typical_and_shows_the_range_of_the_data(self, make_panel: MakePanel) -> None:
        panel = make_panel(above_the_line())
        (row,) = panel.rows
        assert row.field.text() == "3"
        assert row.range.text() == "data: 1 to 5"
        assert row.note.isHidden()

    @pytest.mark.parametrize("text", ["2.5", "2,5", "25e-1"])
    def test_is_read_in_every_country(self, make_panel: MakePanel, qtbot: QtBot, text: str) -> None:
        panel = make_panel(above_the_line())
        type_value(qtbot, panel, text)
        assert panel.prediction.text() == "7.000"

    def test_is_refused_with_a_sentence_if_it_is_not_a_number(
        self, make_panel: MakePanel, qtbot: QtBot
    ) -> None:
        panel = make_panel(above_the_line())
        type_value(qtbot, panel, "much")
        (row,) = panel.rows
        assert row.note.text() == "“much” is not a number; type one like 0.05. Still 3."
        assert panel.prediction.text() == "8.000"
        type_value(qtbot, panel, "2")
        assert row.note.isHidden()

    def test_outside_the_data_is_called_extrapolation(
        self, make_panel: MakePanel, qtbot: QtBot
    ) -> None:
        panel = make_panel(above_the_line())
        (row,) = panel.rows
        for text, note in (("5.1", "outside the data: extrapolation"), ("5", "")):
            type_value(qtbot, panel, text)
            assert row.note.text() == note

    def test_stays_while_the_features_are_the_same(
        self, make_bench: MakeBench, qtbot: QtBot
    ) -> None:
        panel, controller, _ = make_bench(
            starting_at(made_data([[1, 5], [3, 7], [2, 9]], [1, 2, 3]), (1.0, 1.0), 0.0)
        )
        type_value(qtbot, panel, "3")
        use(qtbot, controller, made_data([[10, 50], [30, 70], [20, 90]], [1, 2, 3]))
        assert [row.field.value for row in panel.rows] == [3, 70]  # the other was never typed
        assert panel.rows[0].note.text() == "outside the data: extrapolation"
        use(qtbot, controller, line_data(1, 5))
        assert [row.field.value for row in panel.rows] == [3]

    def test_has_a_row_for_each_of_ten_features(self, make_panel: MakePanel, qtbot: QtBot) -> None:
        features = [[float(row == column) for column in range(10)] for row in range(12)]
        panel = make_panel(starting_at(made_data(features, range(12)), tuple(range(1, 11)), 0.0))
        for row in range(10):
            type_value(qtbot, panel, "1", row)
        assert panel.prediction.text() == "55.000"


class TestTheFit:
    def test_is_shown_for_training_and_held_out_examples(self, make_panel: MakePanel) -> None:
        # All residuals are 1; the target's variance over 1 .. 5 is 8.
        panel = make_panel(above_the_line())
        assert plain(panel.metrics.training) == "5 examples · RMSE 1.0000 · R² 0.8750"
        assert plain(panel.metrics.held_out) == "none"
        panel = make_panel(above_the_line(test_share=0.2))
        assert plain(panel.metrics.training).startswith("4 examples · RMSE 1.0000")
        # One example has no spread.
        assert plain(panel.metrics.held_out) == "1 example · RMSE 1.0000 · R² –"

    def test_has_no_r_squared_without_spread(self, make_panel: MakePanel) -> None:
        panel = make_panel(starting_at(made_data([1, 2, 3], [5, 5, 5]), (0.0,), 5.0))
        assert plain(panel.metrics.training) == "3 examples · RMSE 0.0000 · R² –"

    def test_names_undetermined_weights(self, make_bench: MakeBench, qtbot: QtBot) -> None:
        panel, controller, _ = make_bench(from_zeros(data=made_data([4, 4, 4], [1, 2, 3])))
        assert panel.undetermined.text() == "x0 has no spread, so its weight is not determined."
        assert panel.rows[0].range.text() == "data: always 4"
        use(qtbot, controller, line_data(1, 5))
        assert not panel.undetermined.isVisible()
