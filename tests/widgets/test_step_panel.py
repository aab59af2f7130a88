"""A teacher stops inside of a step and shows what each line does."""

import math
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from linreg_gui import lesson
from linreg_gui.anatomy.gradient_check import GradientReport, gradient_table
from linreg_gui.anatomy.step_trace import (
    MOST_ROWS,
    Phase,
    StepTrace,
    lesson_source,
    minibatch_table,
    parameter_table,
)
from linreg_gui.look.theme import BASE_PIXELS
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.states import RunState
from linreg_gui.settings import TrainingConfig
from linreg_gui.widgets.panels.phase_words import more_examples, phase_notes, place_words
from linreg_gui.widgets.panels.registry import STEP
from linreg_gui.widgets.panels.step_panel import check_html
from linreg_gui.widgets.window.main_window import MainWindow
from tests.anatomy.test_line_tracing import copied_lesson
from tests.support import line_data, looked_into, settle, train

pytestmark = pytest.mark.usefixtures("shared_window")

Wait = Callable[[Callable[[], bool]], None]


def press(window: MainWindow, qtbot: QtBot, key: Qt.Key, *, shift: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(window, key, modifier)


def step_in(window: MainWindow, qtbot: QtBot, wait_for: Wait, count: int = 1) -> StepTrace:
    inspector = window.session.inspector
    for _ in range(count):
        press(window, qtbot, Qt.Key.Key_I)
        wait_for(lambda: inspector.trace is not None and inspector.trace.step == inspector.step)
    assert inspector.trace is not None
    return inspector.trace


@pytest.fixture
def inside(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """Return the window with the panel open."""
    press(window, qtbot, Qt.Key.Key_D)
    panel = window.side.panel(STEP)
    assert panel.isVisible()
    panel.pages.group.button(0).click()  # whichever page was open before
    return window


def lit(window: MainWindow) -> list[str]:
    code = window.side.panel(STEP).code
    lines = code.toPlainText().splitlines()
    return [lines[line - 1].strip() for line in sorted(code.running)]


def shown_text(window: MainWindow) -> str:
    QApplication.processEvents()
    return window.side.panel(STEP).values.toPlainText()


def test_the_code_on_screen_is_the_modules_text(inside: MainWindow) -> None:
    assert lesson_source() == Path(lesson.__file__).read_text()
    assert inside.side.panel(STEP).code.toPlainText() == lesson_source().rstrip("\n") + "\n"
    assert lit(inside) == []


def test_the_first_press_opens_the_panel_and_later_ones_go_in(
    window: MainWindow, qtbot: QtBot, wait_for: Wait
) -> None:
    press(window, qtbot, Qt.Key.Key_I)
    assert window.side.panel(STEP).isVisible()
    assert window.session.lens.isChecked()
    assert window.session.inspector.step == 0
    step_in(window, qtbot, wait_for)
    assert window.session.inspector.step == 1


def test_keys_alone_go_through_a_step_and_back(
    inside: MainWindow, qtbot: QtBot, wait_for: Wait
) -> None:
    start = inside.controller.run.history.start.copy()  # type: ignore[union-attr]
    seen = []
    for _ in Phase:
        step_in(inside, qtbot, wait_for)
        seen.append(lit(inside)[-1])
    assert seen == [
        "yield X[rows], y[rows]",
        "return nd.dot(X, w) + b",
        "return nd.mean((y_hat - y) ** 2)",
        "loss.backward()",
        "p -= learning_rate * p.grad",
        "p -= learning_rate * p.grad",
        "return 0.99 * average + 0.01 * loss",
    ]
    history = inside.controller.run.history  # type: ignore[union-attr]
    wait_for(lambda: history.step == 1)
    for _ in Phase:
        press(inside, qtbot, Qt.Key.Key_I, shift=True)
    assert inside.session.playhead.shown_step == 0
    assert history.parameters_at(inside.session.playhead.shown_step).tobytes() == start.tobytes()


def test_every_number_of_the_tables_stands_beside_the_code(
    inside: MainWindow, qtbot: QtBot, wait_for: Wait
) -> None:
    run = inside.controller.run
    assert run is not None
    for phase in Phase:
        trace = step_in(inside, qtbot, wait_for)
        text = shown_text(inside)
        text = " ".join(text.split())  # headings are in two lines
        for table in (
            minibatch_table(trace, phase, run.dataset.feature_names),
            parameter_table(trace, phase, run.parameter_names()),
        ):
            for cell in [*(name for name, _ in table.groups), *table.header, *sum(table.rows, ())]:
                assert cell in text


def test_the_update_is_written_out_with_the_numbers_that_are_used(
    inside: MainWindow, qtbot: QtBot, wait_for: Wait
) -> None:
    trace = step_in(inside, qtbot, wait_for, int(Phase.UPDATE_W) + 1)
    equations = re.findall(r"w(\d) ← (.*)", shown_text(inside))
    assert [int(index) for index, _ in equations] == [0, 1]
    for index, equation in equations:
        plain = equation.replace("−", "-").replace("×", "*")
        left, right = plain.split(" = ")
        decimals = len(right.partition(".")[2])
        assert round(eval(left), decimals) == float(right)
        assert float(right) == pytest.approx(trace.after[int(index)], abs=0.6 * 10**-decimals)


def test_the_segments_are_reached_by_mouse_too(
    inside: MainWindow, qtbot: QtBot, wait_for: Wait
) -> None:
    step_in(inside, qtbot, wait_for)
    inside.side.panel(STEP).phases.group.button(Phase.BACKWARD).click()
    assert inside.session.inspector.phase is Phase.BACKWARD
    assert lit(inside) == ["loss.backward()"]
    assert inside.side.panel(STEP).phases.group.checkedId() == Phase.BACKWARD


def test_the_panel_follows_an_edited_lesson(
    inside: MainWindow, qtbot: QtBot, wait_for: Wait, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    module = copied_lesson(
        tmp_path,
        ("return nd.dot(X, w) + b", "product = nd.dot(X, w)\n    return product + b"),
    )
    monkeypatch.setattr("linreg_gui.lesson", module)
    step_in(inside, qtbot, wait_for, 2)
    assert inside.side.panel(STEP).code.toPlainText() == Path(str(module.__file__)).read_text()
    assert lit(inside) == ["product = nd.dot(X, w)", "return product + b"]


def test_the_short_last_batch_is_named(window: MainWindow, qtbot: QtBot, wait_for: Wait) -> None:
    controller = window.controller
    former = controller.run
    controller.change_settings(examples=10, batch_size=4)
    wait_for(lambda: controller.run is not former and controller.current_run is not None)
    controller.finish_epoch()
    wait_for(lambda: controller.state is RunState.PAUSED)
    press(window, qtbot, Qt.Key.Key_D)
    wait_for(lambda: window.session.inspector.trace is not None)
    text = window.side.panel(STEP).place.text()
    assert "batch 3 of 3" in text
    assert "short last batch: 2 of 4" in text


def test_closing_the_panel_ends_the_inspection(
    inside: MainWindow, qtbot: QtBot, wait_for: Wait
) -> None:
    step_in(inside, qtbot, wait_for)
    press(inside, qtbot, Qt.Key.Key_D)
    assert not inside.side.panel(STEP).isVisible()
    assert not inside.session.lens.isChecked()
    assert inside.session.inspector.trace is None


def test_colors_follow_the_theme(inside: MainWindow, qtbot: QtBot, wait_for: Wait) -> None:
    from linreg_gui.look.theme import Mode

    inside.session.theme.set_mode(Mode.LIGHT)  # the system may be dark
    step_in(inside, qtbot, wait_for, 3)
    page, color = inside.side.panel(STEP).values, inside.session.theme.palette.text
    wait_for(lambda: color in page.toHtml())
    inside.session.theme.set_mode(Mode.DARK)
    assert inside.session.theme.palette.text != color
    wait_for(lambda: inside.session.theme.palette.text in page.toHtml())
    assert color not in page.toHtml()
    inside.session.theme.set_mode(Mode.LIGHT)


def test_the_gradient_check_is_a_table_with_a_verdict(
    inside: MainWindow, qtbot: QtBot, wait_for: Wait
) -> None:
    step_in(inside, qtbot, wait_for)
    inside.side.panel(STEP).pages.group.button(2).click()
    run, page = inside.controller.run, inside.side.panel(STEP).check
    assert run is not None
    assert "–" in page.toPlainText()
    wait_for(lambda: "✓ They agree" in page.toPlainText())
    report = inside.session.inspector.report
    assert report is not None
    for cell in sum(gradient_table(report, run.parameter_names()).rows, ()):
        assert cell in page.toPlainText().replace("\N{NO-BREAK SPACE}", " ")
    assert "2/4 · Σ (ŷ − y)" in page.toPlainText()
    for sentence in report.explanations():
        assert sentence.split(":")[0] in page.toPlainText()


@pytest.mark.usefixtures("own_window")  # the page keeps its width
@pytest.mark.parametrize("scale", [1e-9, 1e-4, 1.0, 1e5, 1e12])
def test_the_gradient_check_of_ten_features_fits_a_narrow_panel(
    inside: MainWindow, scale: float
) -> None:
    numbers = -scale * (1.2345678 + np.arange(11))
    roundings = np.full(11, 2.0**-19)
    report = GradientReport(4, numbers, numbers, numbers, roundings, roundings)
    names = (*(f"w{index}" for index in range(10)), "b")
    page = inside.side.panel(STEP).check
    inside.side.panel(STEP).pages.group.button(2).click()
    html = check_html(report, names, ["#ff0000"] * 11)
    page.show_html(html, inside.session.theme.palette, BASE_PIXELS)
    page.setFixedWidth(336)
    QApplication.processEvents()
    assert page.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("page", [1, 2])
def test_the_other_pages_show_the_same_step(
    inside: MainWindow, qtbot: QtBot, wait_for: Wait, page: int
) -> None:
    trace = step_in(inside, qtbot, wait_for, 4)
    inside.side.panel(STEP).pages.group.button(page).click()
    if page == 1:
        assert inside.side.panel(STEP).network.isVisible()
    else:
        wait_for(lambda: inside.session.inspector.report is not None)
        assert inside.side.panel(STEP).check.isVisible()
    assert np.array_equal(inside.session.inspector.trace.rows, trace.rows)  # type: ignore[union-attr]


def test_a_lens_that_was_on_before_the_code_came_stays_when_it_goes(
    window: MainWindow, qtbot: QtBot
) -> None:
    for keys, lit_after in (("D", True), ("D", False), ("M", True), ("D", True), ("D", True)):
        press(window, qtbot, getattr(Qt.Key, f"Key_{keys}"))
        assert window.session.lens.isChecked() is lit_after


def test_the_panel_names_the_step_that_a_thinned_run_shows(
    window: MainWindow, qtbot: QtBot, wait_for: Wait
) -> None:
    controller = window.controller
    former = controller.run
    controller.change_settings(examples=40, batch_size=4)
    wait_for(lambda: controller.run is not former and controller.current_run is not None)
    controller.start()
    wait_for(lambda: controller.state is RunState.COMPLETED)
    run = controller.run
    assert run is not None
    run.history = run.history.reduced(100)
    assert run.history.stride == 8
    press(window, qtbot, Qt.Key.Key_D)
    inspector, place = window.session.inspector, window.side.panel(STEP).place
    said = []
    for _ in range(len(Phase) * 4):
        wait_for(lambda: inspector.trace is not None)
        settle(controller)
        said.append((inspector.step, window.session.playhead.shown_step, place.text()))
        press(window, qtbot, Qt.Key.Key_I, shift=True)
    for step, pictured, text in said:
        if step - pictured in {0, 1}:
            assert "The pictures show" not in text
        else:
            assert f"The pictures show step {pictured}," in text
    assert any("The pictures show" in text for *_, text in said)


def notes(config: TrainingConfig, step: int, phase: Phase) -> str:
    run, engine = prepare_run(1, config)
    run.history.append(train(engine, run.history.steps_per_epoch))
    return " ".join(phase_notes(looked_into(run, step), phase, run))


class TestWords:
    """They are true of the step on screen."""

    def test_of_a_usual_minibatch(self) -> None:
        config = TrainingConfig(examples=40)
        assert "a few examples, drawn at random" in notes(config, 1, Phase.TAKE)
        assert "4 × 4 differences instead of 4" in notes(config, 1, Phase.TAKE)
        assert "predicts all 4 rows" in notes(config, 1, Phase.FORWARD)
        assert "4 times as long" in notes(config, 1, Phase.LOSS)
        assert "gradient of one minibatch" in notes(config, 1, Phase.BACKWARD)
        assert "Each weight moves" in notes(config, 1, Phase.UPDATE_W)
        assert "mean of the residuals" in notes(config, 1, Phase.UPDATE_B)

    def test_of_a_batch_that_has_all_the_examples(self) -> None:
        config = TrainingConfig(examples=40, batch_size=40)
        assert "nothing is left to chance" in notes(config, 1, Phase.TAKE)
        assert "Stochastic" not in notes(config, 1, Phase.TAKE)
        assert "gradient of the whole loss" in notes(config, 1, Phase.BACKWARD)
        assert "minibatch" not in notes(config, 1, Phase.BACKWARD)

    def test_of_a_single_example(self) -> None:
        config = TrainingConfig(examples=40, batch_size=1)
        assert "one example, drawn at random, stands for all" in notes(config, 1, Phase.TAKE)
        assert "differences" not in notes(config, 1, Phase.TAKE)
        assert "predicts the one row" in notes(config, 1, Phase.FORWARD)
        assert "mean of one square" in notes(config, 1, Phase.LOSS)
        assert "for one example" in notes(config, 1, Phase.BACKWARD)
        assert "twice the residual" in notes(config, 1, Phase.UPDATE_B)

    def test_of_a_short_last_minibatch(self) -> None:
        config = TrainingConfig(examples=42, batch_size=4)
        assert "2 × 2 differences instead of 2" in notes(config, 11, Phase.TAKE)
        assert "predicts all 2 rows" in notes(config, 11, Phase.FORWARD)
        config = TrainingConfig(examples=41, batch_size=4)
        assert "predicts the one row" in notes(config, 11, Phase.FORWARD)

    def test_without_shuffling(self) -> None:
        words = notes(TrainingConfig(examples=40, shuffle=False), 1, Phase.TAKE)
        assert "the same in every epoch" in words
        assert "random" not in words
        assert "shuffles" not in words

    def test_of_one_feature(self) -> None:
        config = TrainingConfig(examples=40, true_weights=(2.0,))
        assert "The weight moves" in notes(config, 1, Phase.UPDATE_W)

    def test_of_where_the_loss_ends(self) -> None:
        config = TrainingConfig(examples=40)
        assert "near the variance of the noise" in notes(config, 1, Phase.LOSS)
        assert "near to 0" in notes(config.with_value("noise_std", 0.0), 1, Phase.LOSS)
        few = config.with_value("examples", 4)
        measured = config.with_value("data", line_data(1, 40))
        for each in (few, measured):
            assert "smaller than that of least squares" in notes(each, 1, Phase.LOSS)
            assert "noise" not in notes(each, 1, Phase.LOSS)

    @pytest.mark.parametrize(
        ("examples", "batch_size", "words"),
        [
            (40, 4, "Step 1 · batch 1 of 10 · epoch 1"),
            (40, 40, "Step 1 · epoch 1 · one batch with all 40 examples"),
            (1, 1, "Step 1 · epoch 1 · one batch with the only example"),
        ],
    )
    def test_of_the_place(self, examples: int, batch_size: int, words: str) -> None:
        run, engine = prepare_run(1, TrainingConfig(examples=examples, batch_size=batch_size))
        run.history.append(train(engine, 1))
        assert place_words(looked_into(run, 1), run) == words

    def test_of_a_table_that_leaves_examples_out(self) -> None:
        for size, words in ((8, ""), (9, "… and 1 more example"), (10, "… and 2 more examples")):
            run, engine = prepare_run(1, TrainingConfig(examples=40, batch_size=size))
            run.history.append(train(engine, 1))
            assert more_examples(looked_into(run, 1), MOST_ROWS) == words


class TestTheStage:
    @pytest.fixture
    def asked(self, inside: MainWindow) -> list[str]:
        asked: list[str] = []
        inside.session.picture_wanted.connect(asked.append)
        return asked

    def test_shows_what_a_phase_does(
        self, inside: MainWindow, qtbot: QtBot, wait_for: Wait, asked: list[str]
    ) -> None:
        step_in(inside, qtbot, wait_for, len(Phase))
        assert asked == ["data"] * 3 + ["landscape"] * 3 + ["loss"]
        press(inside, qtbot, Qt.Key.Key_I, shift=True)
        inside.side.panel(STEP).phases.group.button(Phase.LOSS).click()
        assert asked[len(Phase) :] == ["landscape", "data"]
        assert inside.stage.current.name == "data"

    def test_is_left_alone_while_the_run_moves(
        self, inside: MainWindow, wait_for: Wait, asked: list[str]
    ) -> None:
        inside.controller.set_pace(5)
        inside.controller.start()
        inspector = inside.session.inspector
        wait_for(lambda: inspector.trace is not None and inspector.phase is Phase.LOSS)
        inside.controller.pause()
        inside.controller.set_pace(math.inf)
        assert asked == []


@pytest.mark.usefixtures("own_window")  # the panel keeps its width
def test_the_code_is_neither_broken_nor_scrolled_sideways(inside: MainWindow) -> None:
    panel = inside.side.panel(STEP)
    for width in (440, 480, 560):
        panel.setFixedWidth(width)
        for _ in range(3):
            QApplication.processEvents()
        assert panel.code.horizontalScrollBar().maximum() == 0, width
        assert panel.code.document().lineCount() == panel.code.blockCount(), width


@pytest.mark.usefixtures("own_window", "painted")  # the panel keeps its width
def test_large_code_is_broken_into_lines_that_stay_lit(
    inside: MainWindow, qtbot: QtBot, wait_for: Wait
) -> None:
    step_in(inside, qtbot, wait_for, 2)
    panel = inside.side.panel(STEP)
    inside.session.theme.set_scale(2.5)
    panel.setFixedWidth(440)
    for _ in range(3):
        QApplication.processEvents()
    assert panel.code.horizontalScrollBar().maximum() <= 1
    block = panel.code.document().findBlockByNumber(max(panel.code.running) - 1)
    assert block.lineCount() > 1
    assert len(panel.code.extraSelections()) >= block.lineCount()
