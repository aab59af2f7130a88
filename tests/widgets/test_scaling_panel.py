"""The panel says why to standardize features, with the names and numbers of the data."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from linreg_gui.data.classics import samples
from linreg_gui.data.dataset import Dataset
from linreg_gui.languages import ENGLISH, speak
from linreg_gui.look.theme import Mode, Theme
from linreg_gui.plots.contours import STEPS
from linreg_gui.settings import TrainingConfig
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.panels.scaling_panel import Bowl, ScalingPanel
from tests.support import made_data, wait_until_ready

YEARS = np.arange(2001.0, 2021.0)

Show = Callable[[Dataset | None], ScalingPanel]


@pytest.fixture
def panel(qtbot: QtBot, controller: TrainingController, theme: Theme) -> ScalingPanel:
    panel = ScalingPanel(controller, theme)
    qtbot.addWidget(panel)
    panel.setMinimumSize(320, 480)
    panel.resize(440, 720)
    panel.show()
    return panel


@pytest.fixture
def show(qtbot: QtBot, controller: TrainingController, panel: ScalingPanel) -> Show:
    def show(data: Dataset | None) -> ScalingPanel:
        controller.use_data(data)
        wait_until_ready(qtbot, controller)
        return panel

    return show


@pytest.fixture
def spanish() -> Iterator[None]:
    speak("es")
    yield
    speak(ENGLISH)


def sample(name: str) -> Dataset:
    return next(sample for sample in samples() if sample.name == name).read()


def years() -> Dataset:
    return made_data(YEARS, 0.5 * (YEARS - 2000) + 10)


def labels(bowl: Bowl) -> tuple[str, str]:
    canvas = bowl.plot.canvas
    return canvas.x_axis.labelText, canvas.y_axis.labelText


class TestTheWords:
    def test_the_lessons_features_need_no_standardizing(self, panel: ScalingPanel) -> None:
        assert panel.words.text() == (
            "Standardizing changes little here: the loss is a round bowl either way."
        )
        assert panel.measured.shape.text() == panel.standardized.shape.text() == "round bowl"

    def test_they_name_the_features_that_differ_in_size(self, show: Show) -> None:
        panel = show(sample("us_states"))
        assert panel.words.text().startswith(
            "As measured, income ($) has values of about 4,480 and illiteracy (%) of about 1.32. "
            "The loss is a narrow valley: "
        )
        assert panel.measured.condition.text() == "1.76 billion"
        assert panel.measured.rate.text() == "4.98e−8"
        assert panel.standardized.condition.text() == "2.55"
        assert panel.standardized.rate.text() == "0.695"

    def test_they_compare_a_single_feature_with_the_input_of_the_bias(self, show: Show) -> None:
        panel = show(years())
        words = panel.words.text()
        assert "x0 has values of about 2,010, while the input of the bias is always 1." in words
        assert "takes 566 billion steps " in words
        assert words.endswith("it is a round bowl and takes 1 step.")
        assert panel.standardized.rate.text() == "1"

    @pytest.mark.usefixtures("spanish")
    def test_a_number_in_words_can_need_a_preposition(self, show: Show) -> None:
        assert "566 mil millones de pasos" in show(years()).words.text()

    def test_a_feature_of_ordinary_size_may_be_far_from_0(self, show: Show) -> None:
        words = show(sample("hubble")).words.text()
        assert "distance (Mpc) varies around 0.91, not around 0. The loss is a long bowl" in words

    def test_they_name_correlated_features(self, show: Show) -> None:
        panel = show(sample("longley"))
        assert panel.words.text().endswith(
            "GNP (billion $) and population (million) are correlated (0.99), "
            "and standardizing does not change that."
        )
        assert panel.standardized.shape.text() == "narrow valley"

    @pytest.mark.parametrize("features", [[[1, 2], [2, 4], [3, 6], [5, 10]], [[0, 0]]])
    def test_they_say_which_weights_are_not_determined(
        self, show: Show, controller: TrainingController, features: list[list[float]]
    ) -> None:
        panel = show(made_data(features, range(len(features))))
        run = controller.run
        assert run is not None
        assert run.references.undetermined
        assert panel.words.text().endswith(run.references.undetermined)
        assert panel.measured.shape.text() == "trough with a flat floor"


class TestThePictures:
    def test_both_start_at_the_same_prediction(
        self, show: Show, controller: TrainingController
    ) -> None:
        panel = show(years())
        run = controller.run
        assert run is not None
        start = panel.measured.plot.path.points[:, 0]
        assert start == pytest.approx(run.parameters_at(0))
        scaling = run.problem.standardized.scaling
        assert scaling is not None
        assert panel.standardized.plot.path.points[:, 0] == pytest.approx(
            scaling.to_standardized @ start
        )

    def test_the_same_number_of_steps_reaches_the_optimum_in_only_one(
        self, show: Show, controller: TrainingController
    ) -> None:
        panel = show(years())
        run = controller.run
        assert run is not None
        measured, standardized = panel.measured.plot.path, panel.standardized.plot.path
        assert measured.points.shape == standardized.points.shape == (2, STEPS + 1)
        assert standardized.points[:, -1] == pytest.approx(
            run.problem.standardized.references.parameters
        )
        assert abs(measured.points[1, -1] + 990) > 900

    def test_both_axes_have_the_same_scale(self, show: Show, qtbot: QtBot) -> None:
        panel = show(sample("us_states"))
        for width in (440, 560):
            panel.resize(width, 720)
            qtbot.waitExposed(panel)
            for bowl in (panel.measured, panel.standardized):
                canvas = bowl.plot.canvas
                spans = [high - low for low, high in (canvas.x_range, canvas.y_range)]
                per_pixel = [span / size for span, size in zip(spans, canvas.pixels, strict=True)]
                assert per_pixel[0] == pytest.approx(per_pixel[1])

    def test_the_most_elongated_pair_of_weights_is_shown_first(self, show: Show) -> None:
        rng = np.random.default_rng(1)
        features = rng.normal(0, (1, 10, 1000), (30, 3))
        panel = show(made_data(features, features.sum(axis=1)))
        assert panel.pair == (0, 2)
        assert panel.chooser.currentText() == "w0, w2"
        assert panel.chooser.count() == 6

    def test_the_pair_can_be_chosen(self, panel: ScalingPanel) -> None:
        index = panel.chooser.findText("w1, b")
        panel.chooser.setCurrentIndex(index)
        panel.chooser.activated.emit(index)
        assert panel.pair == (1, 2)
        assert labels(panel.measured) == ("w1", "b")
        assert labels(panel.standardized) == ("w1 (standardized)", "b (standardized)")

    def test_a_choice_may_come_after_the_panel_was_hidden(
        self, show: Show, panel: ScalingPanel
    ) -> None:
        panel.hide()
        show(None)
        panel.set_pair((0, 2))
        panel.show()
        assert labels(panel.measured) == ("w0", "b")

    def test_one_feature_leaves_no_choice(self, show: Show) -> None:
        panel = show(years())
        assert panel.pair == (0, 1)
        assert not panel.chooser.isVisible()

    def test_the_legend_hides_a_series(self, panel: ScalingPanel) -> None:
        plot = panel.measured.plot
        for series in (plot.path, plot.start, plot.optimum):
            plot.entry_of(series).click()
            assert not any(each.visible for each in (series, *series.parts))

    def test_it_follows_the_theme(self, panel: ScalingPanel, theme: Theme) -> None:
        theme.set_mode(Mode.DARK)
        assert panel.measured.plot.path.stroke.color == theme.palette.path.color
        theme.set_mode(Mode.LIGHT)

    def test_a_hidden_panel_does_not_follow_the_run(self, show: Show, panel: ScalingPanel) -> None:
        words = panel.words.text()
        panel.hide()
        show(years())
        assert panel.words.text() == words
        panel.show()
        assert "2,010" in panel.words.text()


class TestTheButton:
    def test_it_switches_to_the_other_features(
        self, qtbot: QtBot, controller: TrainingController, panel: ScalingPanel
    ) -> None:
        assert panel.state.text() == "Trains on the features as measured."
        qtbot.mouseClick(panel.standardize, Qt.MouseButton.LeftButton)
        assert panel.standardize.text() == "Use as measured"
        wait_until_ready(qtbot, controller)
        assert panel.state.text() == "Trains on standardized features."
        qtbot.mouseClick(panel.standardize, Qt.MouseButton.LeftButton)
        wait_until_ready(qtbot, controller)
        assert panel.state.text() == "Trains on the features as measured."

    def test_after_the_first_step_it_says_that_a_change_applies_at_reset(
        self, qtbot: QtBot, controller: TrainingController, panel: ScalingPanel
    ) -> None:
        controller.step()
        controller.change_setting("standardize", not TrainingConfig().standardize)
        assert panel.state.text() == "Applies at Reset."
