"""A person draws a line by hand, in the real window, with the mouse and with the keys."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QTransform
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui.data.classics import samples
from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.data.point_edits import PointEdits, Points
from linreg_gui.look.scale import px
from linreg_gui.number_text import significant
from linreg_gui.plots.data_guesses import LinesByHand
from linreg_gui.plots.data_plot import DataPlot
from linreg_gui.plots.grip import Grip
from linreg_gui.plots.landscape_guesses import PointsByHand
from linreg_gui.plots.landscape_plot import LandscapePlot
from linreg_gui.plots.loss_plot import LossPlot
from linreg_gui.plots.parameters_plot import ParametersPlot
from linreg_gui.plots.run_plot import RunPlot
from linreg_gui.runs.states import RunState
from linreg_gui.threads import guesses as guesses_module
from linreg_gui.threads.guesses import Guesses
from linreg_gui.widgets.panels.my_line_panel import MyLinePanel
from linreg_gui.widgets.panels.registry import MY_LINE, NUMBERS
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.picture_menu import picture_menu
from tests.support import is_prepared, made_data, settle

pytestmark = pytest.mark.usefixtures("shared_window")

WaitFor = Callable[[Callable[[], bool]], None]
SHIFT = Qt.KeyboardModifier.ShiftModifier


def noisy_line(size: int = 40) -> Dataset:
    """Return one feature from 1990 on, far from 0, and a target that no line fits."""
    generator = np.random.default_rng(5)
    x = 1990 + np.arange(size) * 0.5
    return made_data(x, 3 * (x - 2000) + 7 + generator.normal(0, 4, size))


@pytest.fixture
def drawing(window: MainWindow) -> MainWindow:
    """Return the window with the lesson's data, two features, and a line in hand."""
    window.session.switches[MY_LINE].setChecked(True)
    return window


@pytest.fixture
def on_a_line(drawing: MainWindow, wait_for: WaitFor) -> MainWindow:
    """Return the window with one feature, and a line in hand."""
    drawing.controller.use_data(noisy_line())
    wait_for(lambda: is_prepared(drawing.controller))
    settle(drawing.controller)
    return drawing


def guesses_of(window: MainWindow) -> Guesses:
    return window.session.guesses


def panel_of(window: MainWindow) -> MyLinePanel:
    return window.side.panel(MY_LINE)


def by_hand(window: MainWindow) -> LinesByHand:
    made = window.picture(DataPlot)._by_hand
    assert made is not None
    return made


def point_of(window: MainWindow) -> PointsByHand:
    window.stage.show_picture(window.picture(LandscapePlot))
    made = window.picture(LandscapePlot)._by_hand
    assert made is not None
    return made


def line_of(window: MainWindow) -> DoubleArray:
    line = guesses_of(window).line
    assert line is not None
    return line


def drag(grip: Grip, right: int, down: int) -> None:
    """Drag ``grip`` with the mouse in two moves, from beside its middle."""
    held = grip.rect().center() + QPoint(3, 2)
    start = grip.mapToParent(held)
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=held)
    for share in (0.5, 1.0):
        hand = start + QPoint(round(right * share), round(down * share))
        QTest.mouseMove(grip, grip.mapFromParent(hand))
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=held)


def numpys_loss(window: MainWindow, line: DoubleArray) -> float:
    """Return the loss of ``line`` from the examples themselves."""
    run = window.controller.run
    assert run is not None
    features, target = run.dataset.features.astype(float), run.dataset.target.astype(float)
    return float(np.mean((target - features @ line[:-1] - line[-1]) ** 2))


def numpys_gradient(window: MainWindow, line: DoubleArray) -> DoubleArray:
    run = window.controller.run
    assert run is not None
    features, target = run.dataset.features.astype(float), run.dataset.target.astype(float)
    residuals = target - features @ line[:-1] - line[-1]
    columns = np.column_stack([features, np.ones(len(target))])
    gradient: DoubleArray = -2 * columns.T @ residuals / len(target)
    return gradient


class TestALineInHand:
    def test_goes_where_the_mouse_drags_it_and_its_numbers_are_numpys(
        self, on_a_line: MainWindow
    ) -> None:
        hand, panel = by_hand(on_a_line), panel_of(on_a_line)
        left, right, middle = hand.grips
        canvas, run = on_a_line.picture(DataPlot).canvas, on_a_line.controller.run
        assert run is not None
        for grip, others in ((right, left), (left, right), (middle, None)):
            before, place = line_of(on_a_line), grip.place
            fixed = None if others is None else others.place
            drag(grip, 0, -60)
            line = line_of(on_a_line)
            assert not np.array_equal(line, before)
            wanted = place[1] + 60 * canvas.pixel[1]
            assert line[0] * place[0] + line[1] == pytest.approx(wanted, abs=canvas.pixel[1])
            if fixed is not None:
                assert line[0] * fixed[0] + line[1] == pytest.approx(fixed[1], abs=canvas.pixel[1])
            else:
                assert line[0] == before[0]
            loss = numpys_loss(on_a_line, line)
            assert run.problem.original.landscape.loss(line) == pytest.approx(loss, rel=1e-9)
            assert panel.fit.text(0, 0) == significant(loss, 4)
        assert float(panel.fit.text(1, 0)) == pytest.approx(np.sqrt(loss), rel=1e-3)
        variance = float(np.var(run.dataset.target))
        r_squared = panel.fit.text(2, 0).replace("−", "-")
        assert float(r_squared) == pytest.approx(1 - loss / variance, abs=1e-3)

    def test_with_several_features_is_dragged_in_the_adjusted_view(
        self, drawing: MainWindow
    ) -> None:
        picture, hand = drawing.picture(DataPlot), by_hand(drawing)
        guesses_of(drawing).set_parameter(1, -3.0)
        picture.set_feature(0)
        drag(hand.grips[1], 0, -80)
        drag(hand.grips[2], 0, -40)
        line = line_of(drawing)
        assert line[0] > 0
        assert line[1] == -3.0
        assert line[2] != 0.2
        run = drawing.controller.run
        assert run is not None
        loss = numpys_loss(drawing, line)
        assert run.problem.original.landscape.loss(line) == pytest.approx(loss, rel=1e-6)
        # In this view an example is as far from the line as its target from its prediction.
        rows = picture.sample
        features, target = run.dataset.features[rows].astype(float), run.dataset.target[rows]
        residuals = target - features @ line[:-1] - line[-1]
        heights = np.interp(picture.examples.x, hand.line.x, hand.line.y)
        assert picture.examples.y - heights == pytest.approx(residuals, abs=1e-6)
        # The other weight is in hand from its own axis.
        picture.set_feature(1)
        drag(hand.grips[0], 0, 30)
        assert line_of(drawing)[0] == line[0]
        assert line_of(drawing)[1] != line[1]

        # The landscape is cut through the line, so that its point has its loss.
        guesses_of(drawing).move(np.array([1.0, -2.0, 3.0]))
        point, landscape = point_of(drawing), drawing.picture(LandscapePlot)
        drag(point.grip, 30, 20)
        guesses_of(drawing).set_parameter(2, 3.5)
        shown = landscape.contours.slice
        assert shown is not None
        place = np.array([[point.mine.x, point.mine.y]])
        loss = shown.lowest + float(shown.excess(place)[0])
        assert loss == pytest.approx(numpys_loss(drawing, line_of(drawing)), rel=1e-6)

    def test_moves_with_the_keys_in_the_picture_and_in_the_panel(
        self, on_a_line: MainWindow, qtbot: QtBot, qapp: QApplication
    ) -> None:
        on_a_line.activateWindow()
        hand, picture = by_hand(on_a_line), on_a_line.picture(DataPlot)
        picture.canvas.setFocus()
        qtbot.keyClick(picture.canvas, Qt.Key.Key_Tab)
        grip = qapp.focusWidget()
        assert grip is hand.grips[0]
        low, high = picture.canvas.y_range
        for modifier, share in ((Qt.KeyboardModifier.NoModifier, 50), (SHIFT, 500)):
            place = hand.grips[0].place
            qtbot.keyClick(grip, Qt.Key.Key_Up, modifier)
            line = line_of(on_a_line)
            height = line[0] * place[0] + line[1]
            wanted = place[1] + (high - low) / share
            assert height == pytest.approx(wanted, abs=picture.canvas.pixel[1])
        before = line_of(on_a_line)
        qtbot.keyClick(grip, Qt.Key.Key_Left)
        assert np.array_equal(line_of(on_a_line), before)  # it is the timeline's
        row = panel_of(on_a_line).rows[0]
        row.slider.setFocus()
        qtbot.keyClick(row.slider, Qt.Key.Key_Right)
        coarse = line_of(on_a_line)[0]
        qtbot.keyClick(row.slider, Qt.Key.Key_Right, SHIFT)
        fine = line_of(on_a_line)[0] - coarse
        assert 0 < 3 * fine < coarse - before[0]
        row.field.setFocus()
        row.field.selectAll()
        qtbot.keyClicks(row.field, "2,5")
        qtbot.keyClick(row.field, Qt.Key.Key_Return)
        assert line_of(on_a_line)[0] == 2.5
        assert line_of(on_a_line)[1] == before[1]

    def test_has_numbers_with_their_signs(self, on_a_line: MainWindow) -> None:
        guesses_of(on_a_line).move(np.array([-0.4915, -113.481]))
        QApplication.processEvents()
        for row in panel_of(on_a_line).rows:
            field = row.field
            lost = px(2 * 10)  # frame and padding
            needed = field.fontMetrics().horizontalAdvance(field.text())
            assert field.text().startswith("-")
            assert needed <= field.width() - lost
            assert field.cursorPosition() == 0
        field.set_value(-1234567.890123456)
        assert field.cursorPosition() == 0, "rather the sign than the last digits"

    def test_can_be_caught_again_out_of_sight_and_is_the_same_in_standardized_units(
        self, on_a_line: MainWindow
    ) -> None:
        guesses_of(on_a_line).move(np.array([0.0, 1e6]))
        hand, picture = by_hand(on_a_line), on_a_line.picture(DataPlot)
        canvas = picture.canvas
        assert all(canvas.viewport().rect().contains(grip.geometry()) for grip in hand.grips)
        drag(hand.grips[2], 0, 100)
        low, high = canvas.y_range
        assert low < line_of(on_a_line)[1] < high

        guesses_of(on_a_line).move(np.array([2.0, -3990.0]))
        run = on_a_line.controller.run
        assert run is not None
        on_a_line.actions_of.standardized.trigger()
        scaling = run.problem.moments.scaling
        expected = scaling.to_standardized @ line_of(on_a_line)
        assert np.interp(0.0, hand.line.x, hand.line.y) == pytest.approx(expected[-1])
        place, height = hand.grips[1].place, picture.canvas.pixel[1]
        drag(hand.grips[1], 0, 50)
        moved = scaling.to_standardized @ line_of(on_a_line)
        wanted = place[1] - 50 * height
        assert moved[0] * place[0] + moved[1] == pytest.approx(wanted, abs=height)

    def test_is_drawn_while_a_run_trains_and_in_a_thumbnail_without_grips(
        self, drawing: MainWindow, wait_for: WaitFor
    ) -> None:
        hand, controller = by_hand(drawing), drawing.controller
        controller.start()
        wait_for(lambda: controller.run is not None and controller.run.history.step > 20)
        drag(hand.grips[2], 0, -50)
        assert controller.state is RunState.RUNNING
        moved = line_of(drawing)
        controller.pause()
        drawing.resize(1280, 560)
        drawing.stage.show_grid(wanted=True)
        picture = drawing.picture(DataPlot)
        assert picture.is_thumbnail
        assert len(hand.line.x) == 2
        assert not any(grip.isVisible() for grip in hand.grips)
        drawing.session.switches[MY_LINE].setChecked(False)
        assert len(hand.line.x) == 0
        drawing.session.switches[MY_LINE].setChecked(True)
        assert np.array_equal(line_of(drawing), moved)


class TestSquares:
    def test_have_the_area_of_the_loss_times_n_and_the_gradient_is_numpys(
        self, on_a_line: MainWindow
    ) -> None:
        # The lesson's loss is the mean of the squared residuals, without a factor 1/2. So the areas
        # are loss·n in units of the target; a unit is as long on the screen in both directions.
        panel, hand = panel_of(on_a_line), by_hand(on_a_line)
        panel.squares.click()
        drag(hand.grips[1], 0, -70)
        picture, run = on_a_line.picture(DataPlot), on_a_line.controller.run
        assert run is not None
        to_pixels = QTransform(hand._layer.to_pixels())
        rects = hand.squares.rects(to_pixels)
        assert hand.squares.visible
        assert len(rects) == run.dataset.size
        assert all(rect.width() == pytest.approx(rect.height()) for rect in rects)
        pixels_per_unit = 1 / picture.canvas.pixel[1]
        areas = sum(rect.width() * rect.height() for rect in rects) / pixels_per_unit**2
        loss = numpys_loss(on_a_line, line_of(on_a_line))
        assert areas == pytest.approx(loss * run.dataset.size, rel=1e-9)

        guesses_of(on_a_line).move(np.array([2.0, -3990.0]))
        assert not panel.downhill.isVisible()
        panel.gradient.click()
        gradient = numpys_gradient(on_a_line, line_of(on_a_line))
        for row, slope in zip(panel.rows, gradient.tolist(), strict=True):
            way, half = "up" if slope < 0 else "down", significant(-slope / 2)
            half = half if slope < 0 else f"({half})"
            assert row.slope.text().startswith(
                f"gradient {significant(slope)} = −2 · {half} (mean "
            )
            assert row.slope.text().endswith(f"move it {way}")
        b_way, w_way = ("up" if each < 0 else "down" for each in gradient[::-1])
        expected = f"b and w0 {b_way}" if b_way == w_way else f"w0 {w_way}"
        assert expected in panel.downhill.text().replace("the slope for x0", "w0")

    def test_are_those_of_a_sample_that_is_named_and_the_menu_and_table_know_the_line(
        self, drawing: MainWindow
    ) -> None:
        panel_of(drawing).squares.click()
        hand = by_hand(drawing)
        assert len(hand.squares.x) == 2 * 100
        assert hand.squares.name == "100 of 10,000 squared residuals"
        drawing.refresher.refresh_all()
        assert hand.squares.name in drawing.picture(DataPlot).key.texts
        panel_of(drawing).squares.click()
        assert not hand.squares.visible

        guesses_of(drawing).move(np.array([1.0, -2.0, 3.0]))
        picture = drawing.picture(DataPlot)
        menu = picture_menu(picture, drawing)
        texts = [action.text() for action in menu.actions()]
        assert {"Start from my line", "Keep this guess"} <= set(texts)
        next(action for action in menu.actions() if action.text() == "Keep this guess").trigger()
        assert [kept.title for kept in guesses_of(drawing).kept] == ["Guess 1"]
        menu.deleteLater()
        table = picture.table()
        column = table.columns[table.headings.index("my line")]
        run = drawing.controller.run
        assert run is not None
        features = run.dataset.features[picture.sample].astype(float)
        predicted = features @ np.array([1.0, -2.0]) + 3.0
        assert np.array(column.cells) == pytest.approx(predicted)
        assert "my line: w0 1, w1 −2, b 3; loss" in picture.summary()
        drawing.stage.show_picture(drawing.picture(LandscapePlot))
        points = drawing.picture(LandscapePlot).table().columns[0].cells
        assert list(points[:4]) == ["start", "now", "my line", "Guess 1"]


class TestTheLandscape:
    def test_shows_the_line_as_a_point_and_moves_it(self, on_a_line: MainWindow) -> None:
        guesses_of(on_a_line).move(np.array([2.0, -3990.0]))
        point, picture = point_of(on_a_line), on_a_line.picture(LandscapePlot)
        assert (point.mine.x, point.mine.y) == tuple(line_of(on_a_line))
        picture.canvas.view.setRange(xRange=(0, 5), yRange=(-6000, -2000), padding=0)
        before = point.grip.place
        drag(point.grip, 40, -30)
        across, up = picture.canvas.pixel
        line = line_of(on_a_line)
        wanted = before[0] + 40 * across, before[1] + 30 * up
        assert line[0] == pytest.approx(wanted[0], abs=2 * across)
        assert line[1] == pytest.approx(wanted[1], abs=2 * up)
        assert (point.mine.x, point.mine.y) == tuple(line)
        on_a_line.stage.show_picture(on_a_line.picture(DataPlot))
        hand = by_hand(on_a_line)
        assert hand.line.y == pytest.approx(line[0] * hand.line.x + line[1])
        QTest.keyClick(point.grip, Qt.Key.Key_Right)
        assert line_of(on_a_line)[0] > line[0]
        assert line_of(on_a_line)[1] == line[1]

    def test_shows_every_line_where_it_is_or_says_that_one_is_outside(
        self, on_a_line: MainWindow
    ) -> None:
        guesses, picture = guesses_of(on_a_line), on_a_line.picture(LandscapePlot)
        guesses.move(np.array([2.0, 90_000.0]))  # far beyond start and least squares
        guesses.keep("Ana")
        guesses.move(np.array([2.0, -50_000.0]))
        point = point_of(on_a_line)
        picture.redraw()
        low, high = picture.canvas.y_range
        assert low < -50_000 < 90_000 < high
        assert {"my line", "Ana"} <= set(picture.names.texts)
        picture.canvas.view.setRange(yRange=(0, 1000), padding=0)
        picture.redraw()
        assert "my line (outside the picture)" in picture.names.texts
        assert 0 < point.grip.place[1] < 1000


class TestTheAnswer:
    def test_is_hidden_until_somebody_reveals_it(self, drawing: MainWindow) -> None:
        data, panel = drawing.picture(DataPlot), panel_of(drawing)
        pictures = [drawing.picture(kind) for kind in (ParametersPlot, LandscapePlot, LossPlot)]

        def tell(picture: RunPlot) -> str:
            drawing.stage.show_picture(picture)
            drawing.refresher.refresh_all()
            cells = [str(cell) for cell in picture.table().columns[0].cells]
            return " ".join([picture.summary(), picture.note, *cells]).lower()

        landscape, parameters = drawing.picture(LandscapePlot), drawing.picture(ParametersPlot)
        for picture in (data, *pictures):
            said = tell(picture).replace("hidden, like least squares", "")
            assert "least squares" not in said, picture.name
            assert not any(answer in said for answer in ("1.9999", "4.2002", "3.4"))
        assert panel.fit.text(0, 1) == "?"
        answers = (
            data.truth,
            *(landscape.optimum, landscape.truth),
            *(parameters.optimum, parameters.truth),
        )
        assert not any(series.visible for series in answers)
        assert not landscape.contours.isVisible()
        assert all(cell.target.isHidden() for cell in drawing.readout.parameters)
        panel.reveal.click()
        for picture in (data, *pictures):
            tell(picture)
        assert panel.fit.text(0, 1) != "?"
        assert all(series.visible for series in answers)
        assert landscape.contours.isVisible()
        assert not drawing.readout.parameters[0].target.isHidden()
        panel.reveal.click()
        assert drawing.readout.parameters[0].target.isHidden()
        for wanted in (True, False):
            drawing.actions_of.full_screen.setChecked(wanted)
            assert panel.isVisible() is not wanted
            assert guesses_of(drawing).shown.hides_solution
        drawing.actions_of.full_screen.setChecked(True)
        drawing.session.switches[NUMBERS].setChecked(True)  # this panel tells the answer
        assert not guesses_of(drawing).is_drawing
        drawing.actions_of.full_screen.setChecked(False)
        drawing.refresher.refresh_all()
        assert not drawing.readout.parameters[0].target.isHidden()

    def test_is_a_line_in_the_data_once_it_is_revealed(self, on_a_line: MainWindow) -> None:
        picture, hand = on_a_line.picture(DataPlot), by_hand(on_a_line)
        assert not hand.best.visible
        panel_of(on_a_line).how_close.click()
        on_a_line.refresher.refresh_all()
        data = noisy_line()
        slope, bias = np.polyfit(data.features[:, 0].astype(float), data.target, 1)
        assert hand.best.visible
        assert hand.best.y == pytest.approx(slope * hand.best.x + bias, rel=1e-6)
        assert any("least squares" in text for text in picture.names.texts)
        panel_of(on_a_line).reveal.click()
        assert not hand.best.visible
        on_a_line.refresher.refresh_all()
        assert not any("least squares" in text for text in picture.names.texts)


class TestTheStart:
    def test_of_the_run_is_the_line_to_the_last_bit(
        self, on_a_line: MainWindow, wait_for: WaitFor
    ) -> None:
        controller, panel = on_a_line.controller, panel_of(on_a_line)
        for standardize in (False, True):
            controller.use_data(controller.settings.data, standardize=standardize)
            wait_for(lambda: is_prepared(controller))
            drag(by_hand(on_a_line).grips[1], 0, -33)
            line = line_of(on_a_line)
            panel.start.click()
            assert panel.note.text() == "The run starts from your line."
            wait_for(lambda: is_prepared(controller))
            run = controller.run
            assert run is not None
            expected = run.problem.moments.scaling.to_standardized @ line if standardize else line
            assert run.history.start.dtype == np.float32
            assert np.array_equal(run.history.start, expected.astype(np.float32))
            assert np.array_equal(line_of(on_a_line), line)

    def test_waits_for_reset_once_the_run_has_begun(
        self, drawing: MainWindow, wait_for: WaitFor, pause_at: Callable[..., None]
    ) -> None:
        pause_at(drawing.controller, 10)
        panel = panel_of(drawing)
        panel.start.click()
        words = "The next run starts from your line. Reset (R) begins it."
        assert panel.note.text() == words
        # What if it started there: the end would be nearly least squares, which is hidden.
        wait_for(lambda: drawing.session.what_if.run is not None)
        assert not drawing.refresher.overlays
        panel.reveal.click()
        assert [overlay.is_what_if for overlay in drawing.refresher.overlays.values()] == [True]
        guesses_of(drawing).set_parameter(0, 1.25)
        assert not panel.note.isVisibleTo(panel)


class TestKeptGuesses:
    @staticmethod
    def keep(window: MainWindow, qtbot: QtBot, name: str, line: list[float]) -> None:
        panel = panel_of(window)
        guesses_of(window).move(np.array(line))
        panel.name.setFocus()
        panel.name.clear()
        qtbot.keyClicks(panel.name, name)
        qtbot.mouseClick(panel.keep, Qt.MouseButton.LeftButton)

    def test_stay_in_every_picture_after_a_reset_each_with_its_look_and_name(
        self, on_a_line: MainWindow, qtbot: QtBot, wait_for: WaitFor
    ) -> None:
        self.keep(on_a_line, qtbot, "Ana", [3.0, -5990.0])
        self.keep(on_a_line, qtbot, "Ben", [2.0, -3995.0])
        ana, ben = guesses_of(on_a_line).kept
        controller = on_a_line.controller
        controller.step()
        wait_for(lambda: controller.run is not None and controller.run.history.step == 1)
        controller.reset()
        wait_for(lambda: is_prepared(controller) and controller.state is RunState.READY)
        assert guesses_of(on_a_line).kept == [ana, ben]
        hand, palette = by_hand(on_a_line), on_a_line.session.theme.palette
        assert [hand.kept[each].visible for each in (ana, ben)] == [True, True]
        looks = [line.look(palette) for line in hand.kept.values()]
        assert looks[0].symbol != looks[1].symbol
        assert looks[0].color != looks[1].color
        on_a_line.refresher.refresh_all()
        assert {"Ana", "Ben"} <= set(on_a_line.picture(DataPlot).names.texts)
        picture = on_a_line.picture(DataPlot)
        guesses_of(on_a_line).move(ben.parameters)  # the grips lie where its name would be
        for grip in hand.grips:
            center = grip.geometry().center()
            disc = QRectF(center.x() - 12, center.y() - 12, 24, 24)
            for text, rect in picture.names.written():
                assert not rect.translated(picture.canvas.viewport().pos()).intersects(disc), text
        point = point_of(on_a_line)
        assert (point.kept[ana].x, point.kept[ana].y) == (3.0, -5990.0)
        loss = on_a_line.picture(LossPlot)
        on_a_line.stage.show_picture(loss)
        assert "my line, Ben, Ana" in loss.end_labels.texts
        expected = np.log10(numpys_loss(on_a_line, ben.parameters))
        assert loss.by_hand[ben].y == pytest.approx(expected)
        for words in (loss.summary(), loss.table().note):
            assert "Ben: w0 2, b −3995; loss 35.31." in words
        on_a_line.session.switches[MY_LINE].setChecked(False)
        assert list(loss.by_hand) == [ana, ben]

    def test_are_renamed_hidden_deleted_and_brought_back_and_are_not_too_many(
        self, on_a_line: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.keep(on_a_line, qtbot, "Ana", [3.0, -5990.0])
        self.keep(on_a_line, qtbot, "", [2.0, -3995.0])
        panel, guesses, hand = panel_of(on_a_line), guesses_of(on_a_line), by_hand(on_a_line)
        ana, other = guesses.kept
        assert other.title == "Guess 2"
        card = panel.cards[other]
        card.name.setFocus()
        card.name.selectAll()
        qtbot.keyClicks(card.name, "Cleo")
        qtbot.keyClick(card.name, Qt.Key.Key_Return)
        assert other.title == "Cleo"
        panel.cards[ana].shown.click()
        assert list(hand.kept) == [other]
        panel.cards[other].close_button.click()
        assert guesses.kept == [ana]
        assert list(hand.kept) == []
        panel.undo.click()
        assert guesses.kept == [ana, other]
        assert panel.cards[other].name.text() == "Cleo"
        assert panel.undo.isHidden()

        panel.cards[ana].take.click()
        assert np.array_equal(line_of(on_a_line), ana.parameters)
        monkeypatch.setattr(guesses_module, "MOST_GUESSES", 3)
        for name in ("Dora", "Emil"):
            self.keep(on_a_line, qtbot, name, [3.0, -5990.0])
        assert [kept.name for kept in guesses.kept] == ["Ana", "Cleo", "Dora"]
        assert not panel.keep.isEnabled()
        assert panel.note.text().endswith("Delete one first.")

    def test_of_other_data_wait_until_it_is_back_and_stay_while_points_are_moved(
        self, on_a_line: MainWindow, qtbot: QtBot, wait_for: WaitFor
    ) -> None:
        self.keep(on_a_line, qtbot, "Ana", [3.0, -5990.0])
        (ana,) = guesses_of(on_a_line).kept
        panel_of(on_a_line).reveal.click()
        controller = on_a_line.controller
        for data in (noisy_line(41), None):
            controller.use_data(data)
            wait_for(lambda: is_prepared(controller))
            assert by_hand(on_a_line).kept == {}
            assert panel_of(on_a_line).cards[ana].facts.text() == "It was drawn for other data."
            assert not guesses_of(on_a_line).is_revealed
        controller.use_data(noisy_line())
        wait_for(lambda: is_prepared(controller))
        assert list(by_hand(on_a_line).kept) == [ana]
        assert "edited" not in panel_of(on_a_line).cards[ana].facts.text()
        assert "edited" not in on_a_line.picture(DataPlot)._title.text()

        guesses_of(on_a_line).move(np.array([2.0, -3995.0]))
        edits = PointEdits(noisy_line())
        edits.move(np.array([39]), Points(np.array([[2009.5]]), np.array([500.0])))
        controller.use_data(edits.dataset())
        wait_for(lambda: is_prepared(controller))
        assert list(by_hand(on_a_line).kept) == [ana]
        assert line_of(on_a_line).tolist() == [2.0, -3995.0]
        loss = significant(numpys_loss(on_a_line, ana.parameters), 4)
        facts = panel_of(on_a_line).cards[ana].facts.text()
        assert facts.startswith(f"loss {loss}")
        assert facts.endswith("points edited since")
        assert on_a_line.picture(DataPlot)._title.text().endswith("edited")
        assert float(loss) > 1000

        # A run that has begun gets a moved point at Reset; the line has its loss at once.
        controller.step()
        wait_for(lambda: controller.run is not None and controller.run.history.step == 1)
        points = on_a_line.session.points
        points.open(wanted=True)
        points.set_value(39, 1, 900.0)
        points.open(wanted=False)
        dataset = points.dataset
        assert dataset is not None
        residuals = dataset.target - 2.0 * dataset.features[:, 0] + 3995.0
        loss = significant(float(np.mean(residuals**2)), 4)
        assert panel_of(on_a_line).fit.text(0, 0) == loss
        assert panel_of(on_a_line).hint.text().startswith("Points were edited.")
        hand = by_hand(on_a_line)
        assert hand.squares.y.reshape(-1, 2)[-1].tolist() == [900.0, 24.0]

    def test_how_close_says_who_is_nearest_in_which_sense(
        self, drawing: MainWindow, qtbot: QtBot
    ) -> None:
        # In the lesson's data the loss is a round bowl: near in one is near in the other.
        self.keep(drawing, qtbot, "Ana", [2.0, -3.4, 4.0])
        self.keep(drawing, qtbot, "Ben", [2.0, -3.0, 4.2])
        panel = panel_of(drawing)
        panel.how_close.click()
        assert guesses_of(drawing).is_revealed
        words = panel.ranking.text()
        assert words.startswith("1. Ana: loss 0.0")
        assert "Nearest in loss: Ana, 0.0" in words
        assert "Nearest in the parameters: Ana, 0.2 away" in words
        assert "alone decides" not in words  # the errors of w1 and b are alike
        assert words.endswith("whoever is nearer in the parameters is nearer in loss, too.")
        panel.reveal.click()
        assert panel.ranking.text() == ""

    def test_how_close_names_a_line_that_is_near_in_one_sense_only(
        self, on_a_line: MainWindow, qtbot: QtBot
    ) -> None:
        # Far from 0 a small error of the slope is a large one of the line, unless the bias makes
        # up for it.
        run = on_a_line.controller.run
        assert run is not None
        slope, bias = run.references.parameters
        self.keep(on_a_line, qtbot, "Ana", [slope + 0.1, bias - 0.1 * 2000])
        self.keep(on_a_line, qtbot, "Ben", [slope + 0.1, bias])
        panel = panel_of(on_a_line)
        panel.how_close.click()
        words = panel.ranking.text()
        assert "Nearest in loss: Ana" in words
        assert "Nearest in the parameters: Ben, 0.1 away" in words
        assert "alone decides" not in words  # Ben's error is in the slope, Ana's in b
        ana, ben = (kept.parameters for kept in guesses_of(on_a_line).kept)
        losses = [significant(numpys_loss(on_a_line, each)) for each in (ana, ben)]
        assert (
            "Near in one is not near in the other: Ben is nearer in the parameters (0.1 against "
            f"200), but Ana has the smaller loss ({losses[0]} against {losses[1]})."
        ) in words

    def test_how_close_names_a_parameter_that_decides_the_distances_alone(
        self, on_a_line: MainWindow, qtbot: QtBot
    ) -> None:
        run = on_a_line.controller.run
        assert run is not None
        slope, bias = run.references.parameters
        self.keep(on_a_line, qtbot, "Ana", [slope + 0.1, bias - 20.0])
        self.keep(on_a_line, qtbot, "Ben", [slope + 0.2, bias + 30.0])
        guesses_of(on_a_line).move(guesses_of(on_a_line).kept[0].parameters)
        panel = panel_of(on_a_line)
        panel.how_close.click()
        words = panel.ranking.text()
        assert "Nearest in the parameters: Ana, 20 away from least squares, in the data's" in words
        assert "b alone decides this distance" in words


def test_kept_lines_of_one_feature_wait_while_the_data_has_two(
    window: MainWindow, wait_for: Callable[[Callable[[], bool]], None], qtbot: QtBot
) -> None:
    data = next(each for each in samples() if each.name == "hubble").read()
    window.controller.use_data(data, learning_rate=0.02)
    wait_for(lambda: is_prepared(window.controller))
    qtbot.keyClick(window, Qt.Key.Key_H)
    window.session.guesses.keep("by eye")
    (kept,) = window.session.guesses.kept
    galaxies = window.controller.run
    window.controller.use_synthetic_data()
    wait_for(lambda: is_prepared(window.controller))
    two_features = window.controller.run
    window.controller.use_data(data, learning_rate=0.02)
    wait_for(lambda: is_prepared(window.controller))
    assert window.session.guesses.fits(kept)
    window.controller.run = two_features  # and the guesses have not heard of it yet
    window.session.guesses.changed.emit()
    assert not window.session.guesses.fits(kept)
    window.controller.run = galaxies
