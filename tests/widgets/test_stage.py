"""One picture is on the stage, large; the others are beside it as long as there is room."""

import itertools
import math
from collections import Counter
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.residual_plot import ResidualPlot
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.runs.states import RunState
from linreg_gui.settings import Engine
from linreg_gui.widgets.panels.registry import GUIDE, LOG, MY_LINE, PANELS, POINTS
from linreg_gui.widgets.window.main_window import MainWindow

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


def resize(window: MainWindow, width: int, height: int) -> None:
    """Give the window this size, and let everything in it find its place."""
    window.resize(width, height)
    QApplication.processEvents()
    assert (window.width(), window.height()) == (width, height)


def share(window: MainWindow) -> float:
    """Return the share of the window that is plot area."""
    QApplication.processEvents()
    views = [picture.canvas.view for picture in window.stage.visible_pictures]
    area = sum(view.width() * view.height() for view in views)
    return float(area / (window.width() * window.height()))


def at(window: MainWindow, widget: QWidget, place: QPoint | None = None) -> tuple[QWidget, QPoint]:
    """Return the widget that gets the mouse over ``widget``, and the place in it."""
    point = widget.mapTo(window, widget.rect().center() if place is None else place)
    hit = window.childAt(point)
    assert hit is not None
    return hit, hit.mapFrom(window, point)


def click(qtbot: QtBot, window: MainWindow, widget: QWidget) -> None:
    hit, place = at(window, widget)
    qtbot.mouseClick(hit, LEFT, pos=place)


def thumbnails(window: MainWindow) -> list[RunPlot]:
    return [each for each in window.stage.visible_pictures if each.is_thumbnail]


class TestTheRoomOfThePictures:
    @pytest.mark.parametrize(
        ("width", "height", "least"), [(1280, 800, 0.45), (1366, 768, 0.45), (1920, 1080, 0.50)]
    )
    def test_with_nothing_else_open(
        self, window: MainWindow, width: int, height: int, least: float
    ) -> None:
        resize(window, width, height)
        for picture in window.pictures:
            window.stage.show_picture(picture)
            assert share(window) >= least, picture.name

    def test_beside_each_panel(self, window: MainWindow) -> None:
        resize(window, 1280, 800)
        for spec in PANELS:
            window.session.switches[spec].setChecked(True)
            assert window.side.isVisible()
            for picture in window.pictures:
                window.stage.show_picture(picture)
                assert share(window) >= 0.35, (spec.title(), picture.name)

    @pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
    def test_in_full_screen(self, window: MainWindow, width: int, height: int) -> None:
        window.actions_of.full_screen.trigger()
        QApplication.processEvents()  # this screen is smaller
        resize(window, width, height)
        for picture in window.pictures:
            window.stage.show_picture(picture)
            assert share(window) >= 0.70, picture.name

    @pytest.mark.parametrize("panel", [False, True], ids=["alone", "with a panel"])
    def test_a_small_window_has_every_control_and_a_high_picture(
        self, window: MainWindow, panel: bool
    ) -> None:
        window.session.switches[LOG].setChecked(panel)
        resize(window, 960, 500)
        kinds = (QAbstractButton, QAbstractSlider, QLineEdit)
        controls = [each for kind in kinds for each in window.findChildren(kind)]
        shown = [
            each for each in controls if each.isVisible() and "scroll" not in each.objectName()
        ]
        assert {window.run_bar.run_button, window.run_bar.rate.slider, window.run_bar.more} < {
            *shown
        }
        for each in shown:
            place = each.mapTo(window, QPoint())
            assert window.rect().contains(each.rect().translated(place)), each
        assert window.stage.current.height() >= 240


class TestWhoIsOnTheStage:
    def test_at_first_the_data_with_the_others_beside_them(self, window: MainWindow) -> None:
        assert window.stage.current is window.picture(DataPlot)
        assert [type(each) for each in thumbnails(window)] == [
            LossPlot,
            ParametersPlot,
            LandscapePlot,
            ResidualPlot,
        ]
        others = [each.geometry() for each in thumbnails(window)]
        assert all(other.width() < 400 for other in others)
        assert not any(other.intersects(window.stage.current.geometry()) for other in others)

    def test_a_click_on_a_thumbnail_swaps_the_two(self, window: MainWindow, qtbot: QtBot) -> None:
        data, loss = window.picture(DataPlot), window.picture(LossPlot)
        large = data.geometry()
        click(qtbot, window, loss)
        assert window.stage.current is loss
        assert loss.geometry() == large
        assert data.is_thumbnail
        assert not loss.is_thumbnail

    def test_a_thumbnail_is_only_looked_at(self, window: MainWindow, qtbot: QtBot) -> None:
        landscape = window.picture(LandscapePlot)
        before = window.controller.settings
        click(qtbot, window, landscape.canvas)
        assert window.controller.settings == before
        assert not landscape.canvas.is_zoomed

    def test_keys_put_each_picture_there(self, window: MainWindow, qtbot: QtBot) -> None:
        for key, kind in (
            (Key.Key_4, LandscapePlot),
            (Key.Key_5, ResidualPlot),
            (Key.Key_3, ParametersPlot),
            (Key.Key_2, LossPlot),
            (Key.Key_1, DataPlot),
        ):
            qtbot.keyClick(window, key)
            current = window.stage.current
            assert isinstance(current, kind)
            assert window.actions_of.pictures[current].isChecked()

    def test_enter_puts_the_focused_thumbnail_there(self, window: MainWindow, qtbot: QtBot) -> None:
        loss = window.picture(LossPlot)
        loss.setFocus()
        qtbot.keyClick(loss, Key.Key_Return)
        assert window.stage.current is loss

    def test_a_run_does_not_change_it(self, trained: MainWindow) -> None:
        assert trained.stage.current is trained.picture(DataPlot)


class TestOtherLayouts:
    def test_enter_shows_all_in_equal_sizes_and_back(
        self, window: MainWindow, qtbot: QtBot
    ) -> None:
        window.setFocus()
        qtbot.keyClick(window, Key.Key_Return)
        sizes = [each.size() for each in window.stage.visible_pictures]
        assert len(sizes) == 5
        assert max(size.width() for size in sizes) - min(size.width() for size in sizes) <= 1
        assert not thumbnails(window)
        qtbot.keyClick(window, Key.Key_Return)
        assert len(thumbnails(window)) == 4

    def test_thumbnails_never_take_more_than_half_of_the_width(self, window: MainWindow) -> None:
        window.session.theme.set_scale(1.75)
        resize(window, 640, 900)
        assert not thumbnails(window)
        assert window.stage.rect().contains(window.stage.current.geometry())
        resize(window, 1280, 900)
        assert len(thumbnails(window)) == 3

    def test_the_grid_of_a_low_window_has_thumbnails(self, window: MainWindow) -> None:
        resize(window, 1280, 560)
        window.stage.toggle_grid()
        assert len(window.stage.visible_pictures) == len(window.pictures)
        assert all(picture.is_thumbnail for picture in window.pictures)
        resize(window, 1280, 800)
        assert not any(picture.is_thumbnail for picture in window.pictures)

    def test_a_narrow_stage_has_no_grid_until_it_is_wide_again(self, window: MainWindow) -> None:
        window.session.theme.set_scale(1.75)
        resize(window, 1100, 800)
        window.stage.toggle_grid()
        QApplication.processEvents()
        assert len(window.stage.visible_pictures) == len(window.pictures)
        window.session.switches[POINTS].setChecked(True)
        QApplication.processEvents()
        assert window.stage.visible_pictures == [window.stage.current]
        assert window.stage.current.canvas.pixels[0] > 200
        resize(window, 1700, 900)
        assert len(window.stage.visible_pictures) == len(window.pictures)
        assert min(each.canvas.pixels[0] for each in window.pictures) > 100

    def test_a_key_in_the_grid_leaves_it(self, window: MainWindow, qtbot: QtBot) -> None:
        window.stage.toggle_grid()
        qtbot.keyClick(window, Key.Key_2)
        assert window.stage.current is window.picture(LossPlot)
        assert len(thumbnails(window)) == 4

    def test_x_maximizes_and_back(self, window: MainWindow, qtbot: QtBot) -> None:
        qtbot.keyClick(window, Key.Key_X)
        assert window.stage.visible_pictures == [window.picture(DataPlot)]
        assert window.stage.current.size() == window.stage.size()
        qtbot.keyClick(window, Key.Key_2)
        assert window.stage.visible_pictures == [window.picture(LossPlot)]
        qtbot.keyClick(window, Key.Key_X)
        assert len(thumbnails(window)) == 4

    def test_a_double_click_on_the_title_maximizes_and_back(
        self, window: MainWindow, qtbot: QtBot
    ) -> None:
        for count in (1, 5):
            hit, place = at(window, window.stage.current, QPoint(20, 14))
            qtbot.mouseDClick(hit, LEFT, pos=place)
            assert len(window.stage.visible_pictures) == count

    def test_a_double_click_in_the_grid_maximizes_that_picture(
        self, window: MainWindow, qtbot: QtBot
    ) -> None:
        window.stage.toggle_grid()
        QApplication.processEvents()
        loss = window.picture(LossPlot)
        hit, place = at(window, loss, QPoint(20, 14))
        qtbot.mouseDClick(hit, LEFT, pos=place)
        assert window.stage.visible_pictures == [loss]

    def test_a_low_window_shows_one_picture_alone(self, window: MainWindow) -> None:
        resize(window, 960, 430)
        assert window.stage.visible_pictures == [window.stage.current]
        resize(window, 1280, 800)
        assert len(thumbnails(window)) == 4


class TestAPanel:
    def test_takes_the_place_of_the_thumbnails_and_not_of_the_stage(
        self, window: MainWindow
    ) -> None:
        data, switch = window.picture(DataPlot), window.session.switches[LOG]
        before = data.geometry()
        switch.setChecked(True)
        QApplication.processEvents()
        assert window.stage.visible_pictures == [data]
        assert data.width() > 0.8 * before.width()
        assert data.height() == before.height()
        switch.setChecked(False)
        QApplication.processEvents()
        assert data.geometry() == before
        assert len(thumbnails(window)) == 4

    def test_has_all_the_room_where_a_picture_beside_it_would_be_tiny(
        self, window: MainWindow, qtbot: QtBot
    ) -> None:
        resize(window, 960, 500)
        window.session.theme.set_scale(1.75)
        for spec in (GUIDE, MY_LINE):
            window.session.switches[spec].setChecked(True)
            QApplication.processEvents()
            assert window.stage.isVisible() == window.timeline.isVisible() == spec.needs_picture
        window.session.switches[GUIDE].setChecked(True)
        QApplication.processEvents()
        assert window.side.width() > 0.95 * window.width()
        assert window.side.height() > 0.6 * window.height()
        window.setFocus()
        qtbot.keyClick(window, Key.Key_2)
        assert window.stage.isVisible()
        assert window.timeline.isVisible()
        assert not window.side.isVisible()
        assert window.stage.current is window.picture(LossPlot)
        window.session.switches[GUIDE].setChecked(True)
        window.session.theme.set_scale(1.0)
        assert window.stage.isVisible()


class TestASuggestion:
    def test_puts_the_picture_there(self, window: MainWindow) -> None:
        window.session.picture_wanted.emit("loss")
        assert window.stage.current is window.picture(LossPlot)

    def test_is_dropped_while_the_picture_is_zoomed(self, window: MainWindow, qtbot: QtBot) -> None:
        data = window.picture(DataPlot)
        data.canvas.zoom(0.5)
        assert data.canvas.is_zoomed
        for picture in (data, window.picture(LossPlot)):
            window.session.picture_wanted.emit("loss")
            assert window.stage.current is picture
            data.canvas.fit()

    def test_is_dropped_in_the_grid(self, window: MainWindow) -> None:
        window.stage.toggle_grid()
        window.session.picture_wanted.emit("loss")
        assert window.stage.is_grid
        assert window.stage.current is window.picture(DataPlot)

    def test_is_dropped_while_a_mouse_button_is_down(
        self, window: MainWindow, qtbot: QtBot
    ) -> None:
        viewport = window.stage.current.canvas.viewport()
        qtbot.mousePress(viewport, LEFT)
        window.session.picture_wanted.emit("loss")
        assert window.stage.current is window.picture(DataPlot)
        qtbot.mouseRelease(viewport, LEFT)


def turns_of_a_run(
    window: MainWindow, wait_for: WaitFor, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """Return what is brought up to date in the next 100 turns of a run."""
    turns: list[str] = []
    for picture in window.pictures:
        monkeypatch.setattr(
            picture, "show_step", lambda _step, name=picture.name: turns.append(name)
        )
        monkeypatch.setattr(picture, "refresh", lambda: None)

    def note_numbers() -> None:
        turns.append("numbers")

    window.session.numbers_due.connect(note_numbers)
    window.controller.change_setting("epochs", 10_000)
    window.controller.set_pace(1000)
    window.controller.start()
    wait_for(lambda: len(turns) > 10)
    turns.clear()
    wait_for(lambda: len(turns) >= 100)
    window.controller.pause()
    window.controller.set_pace(math.inf)
    window.session.numbers_due.disconnect(note_numbers)
    return turns[:100]


class TestWhenPicturesAreDrawn:
    def test_every_other_turn_is_the_stages(
        self, window: MainWindow, wait_for: WaitFor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        turns = turns_of_a_run(window, wait_for, monkeypatch)
        for one, other in itertools.pairwise(turn for turn in turns if turn != "numbers"):
            assert (one == "data") is not (other == "data")
        counts = Counter(turns)
        shown = len(turns) - counts["numbers"]  # numbers come in the turn of a picture
        assert counts["data"] == pytest.approx(shown / 2, abs=1)
        others = [each.name for each in window.pictures if each.name != "data"]
        assert min(counts[name] for name in others) >= shown // 2 // len(others)
        assert counts["numbers"] >= shown // 2 // 9

    def test_the_stage_keeps_its_pace_beside_a_panel(
        self, window: MainWindow, wait_for: WaitFor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        window.session.switches[LOG].setChecked(True)
        turns = turns_of_a_run(window, wait_for, monkeypatch)
        assert Counter(turns) == {"data": 80, "numbers": 20}

    def test_a_picture_that_comes_into_sight_is_up_to_date(
        self, window: MainWindow, wait_for: WaitFor
    ) -> None:
        controller = window.controller
        controller.change_settings(examples=400, engine=Engine.INSTANT)
        window.stage.maximize(wanted=True)
        controller.start()
        wait_for(lambda: controller.state is RunState.COMPLETED)
        window.refresher.refresh_all()
        loss = window.picture(LossPlot)
        assert not len(loss.batch.x)
        window.stage.maximize(wanted=False)
        assert loss.batch.x[-1] == 200

    @pytest.mark.usefixtures("painted")
    def test_each_is_painted_in_a_turn_of_its_own_when_a_run_is_shown(
        self, window: MainWindow, wait_for: WaitFor
    ) -> None:
        visible = window.stage.visible_pictures
        window.refresher.show_run()
        stage, *others = visible
        assert stage.canvas.updatesEnabled()
        assert not any(each.canvas.updatesEnabled() for each in others)
        wait_for(lambda: all(each.canvas.updatesEnabled() for each in visible))

    @pytest.mark.usefixtures("painted")
    def test_an_image_of_the_window_has_them_all_at_once(self, window: MainWindow) -> None:
        window.refresher.refresh_all()
        window.picture_menus.copy_window()
        settled = QGuiApplication.clipboard().image()
        window.refresher.show_run()
        window.picture_menus.copy_window()
        assert QGuiApplication.clipboard().image() == settled
        QGuiApplication.clipboard().clear()
