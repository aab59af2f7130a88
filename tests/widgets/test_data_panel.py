"""The panel names the data, and mouse and keys choose other data."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from linreg_gui.data.classics import Sample, samples
from linreg_gui.data.dataset import Dataset, Skipped
from linreg_gui.look.theme import Theme
from linreg_gui.threads.controller import TrainingController
from linreg_gui.widgets.panels.data_panel import DataPanel, SampleEntry
from linreg_gui.widgets.panels.registry import DATA
from linreg_gui.widgets.window.main_window import MainWindow
from tests.support import wait_until_ready

pytestmark = pytest.mark.usefixtures("shared_window")

HUBBLE = [sample.name for sample in samples()].index("hubble")


@pytest.fixture
def controller(make_controller: Callable[[], TrainingController]) -> TrainingController:
    return make_controller()


@pytest.fixture
def panel(qtbot: QtBot, controller: TrainingController, theme: Theme) -> DataPanel:
    panel = DataPanel(controller)
    qtbot.addWidget(panel)
    panel.setFixedSize(360, 640)
    panel.show()
    return panel


def marked(panel: DataPanel) -> list[Sample]:
    def says_so(entry: SampleEntry) -> bool:
        shown = [label for label in entry.findChildren(QLabel) if label.isVisibleTo(entry)]
        return any("in use" in label.text() for label in shown)

    entries = [entry for entry in panel.entries if entry.isChecked()]
    assert entries == [entry for entry in panel.entries if says_so(entry)]
    return [entry.sample for entry in entries]


class TestTheData:
    def test_is_drawn_as_in_the_lesson_at_first(self, panel: DataPanel) -> None:
        assert panel.name.text() == "Synthetic data, drawn as in the lesson"
        assert panel.facts.text() == "10,000 examples · 2 features\nFeatures: x0, x1\nTarget: y"
        assert panel.lesson_button.isHidden()
        assert marked(panel) == []

    def test_follows_the_settings(self, panel: DataPanel, controller: TrainingController) -> None:
        controller.change_settings(examples=1, true_weights=(1.5,))
        assert panel.facts.text() == "1 example · 1 feature\nFeature: x0\nTarget: y"

    def test_shows_the_rows_and_columns_of_a_table(
        self, panel: DataPanel, controller: TrainingController
    ) -> None:
        table = samples()[HUBBLE].read()
        controller.use_data(
            Dataset(
                table.features,
                table.target,
                ("far",),
                "fast",
                name="stars.csv",
                skipped=Skipped(25, missing=1),
            )
        )
        assert panel.name.text() == "stars.csv"
        assert panel.facts.text() == "24 examples · 1 feature\nFeature: far\nTarget: fast"
        assert panel.skipped.text() == "1 of 25 rows skipped: 1 has no number."
        assert panel.lesson_button.isVisible()
        assert marked(panel) == []

    def test_is_marked_if_it_is_a_classic(
        self, panel: DataPanel, controller: TrainingController
    ) -> None:
        hubble = samples()[HUBBLE].read()
        controller.use_data(hubble)
        assert marked(panel) == [samples()[HUBBLE]]
        controller.use_data(Dataset(hubble.features, hubble.target, ("far",), name=hubble.name))
        assert marked(panel) == [], "a file with the same name"
        controller.use_data(None)
        assert marked(panel) == []


class TestOtherData:
    def test_can_be_chosen_with_buttons(
        self, panel: DataPanel, controller: TrainingController, qtbot: QtBot
    ) -> None:
        controller.use_data(samples()[HUBBLE].read())
        for button, signal in (
            (panel.open_button, panel.open_wanted),
            (panel.paste_button, panel.paste_wanted),
        ):
            with qtbot.waitSignal(signal):
                qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.mouseClick(panel.lesson_button, Qt.MouseButton.LeftButton)
        assert controller.settings.data is None

    def test_can_be_chosen_with_a_click_anywhere_on_a_classic(
        self, panel: DataPanel, qtbot: QtBot
    ) -> None:
        entry = panel.entries[HUBBLE]
        for label in filter(QLabel.isVisible, entry.findChildren(QLabel)):
            assert panel.childAt(label.mapTo(panel, label.rect().center())) is entry
            with qtbot.waitSignal(panel.sample_wanted) as wanted:
                qtbot.mouseClick(entry, Qt.MouseButton.LeftButton, pos=label.geometry().center())
            assert wanted.args == [entry.sample]
        assert marked(panel) == []  # the panel only asks for it

    def test_every_classic_has_its_lesson_source_and_license(self, panel: DataPanel) -> None:
        for entry, sample in zip(panel.entries, samples(), strict=True):
            words = " ".join(label.text() for label in entry.findChildren(QLabel))
            for part in (sample.title, sample.teaches, sample.source, sample.license):
                assert part in words
            assert entry.height() >= entry.heightForWidth(entry.width())


def test_the_window_trains_on_the_chosen_classic(window: MainWindow, qtbot: QtBot) -> None:
    window.session.switches[DATA].setChecked(True)
    qtbot.mouseClick(window.side.panel(DATA).entries[HUBBLE], Qt.MouseButton.LeftButton)
    run = wait_until_ready(qtbot, window.controller)
    assert run.dataset.feature_names == ("distance (Mpc)",)
    assert marked(window.side.panel(DATA)) == [samples()[HUBBLE]]


def test_a_classic_can_be_chosen_with_keys(window: MainWindow, qtbot: QtBot) -> None:
    window.session.switches[DATA].setChecked(True)
    panel = window.side.panel(DATA)
    panel.paste_button.setFocus()
    qtbot.keyClick(panel.paste_button, Qt.Key.Key_Tab)
    assert panel.entries[0].hasFocus()
    qtbot.keyClick(panel.entries[0], Qt.Key.Key_Return)
    assert str(window.controller.settings.data) == panel.entries[0].sample.title
