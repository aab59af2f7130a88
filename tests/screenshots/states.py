"""What a run can be like when a picture is taken: each state is reached as a person reaches it."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from linreg_gui.data.point_sets import point_sets
from linreg_gui.guide.run_facts import Course
from linreg_gui.guide.run_prediction import Shape
from linreg_gui.runs.states import FINISHED, Action, RunState
from linreg_gui.settings import DEFAULTS, Engine, StopRule
from linreg_gui.threads.predict_first import Phase
from linreg_gui.widgets.panels.registry import DATA, MY_LINE, POINTS, PREDICT_FIRST, RUNS
from linreg_gui.widgets.tables.table_views import FEATURE
from tests.screenshots.pilot import Pilot
from tests.support import is_prepared, wait_until

LONG_NAMES = (
    "Median household income (thousand dollars)", "Illiteracy rate", "Average January temperature",
    "Population density per square kilometer", "Share of graduates", "Frost days", "Area",
    "Distance to the next hospital", "Unemployment rate in the last quarter", "Rainfall (mm)",
)  # fmt: skip
"""Columns as people name them."""

_MIDDLE = 900
_SLOW_STEPS = 4


def loading(_pilot: Pilot) -> None:
    """The window before MXNet has loaded: nobody has asked for it yet."""


def ready(pilot: Pilot) -> None:
    """The lesson's run, not yet begun."""
    controller = pilot.controller
    if controller.state is RunState.LOADING:
        controller.load()
        pilot.wait_for_state(RunState.READY)
    while pilot.window.run_bar.speed.slider.value() < pilot.window.run_bar.speed.slider.maximum():
        pilot.press(Qt.Key.Key_Period)
    if controller.state is RunState.RUNNING:
        pilot.press(Qt.Key.Key_Space)
    if controller.settings != DEFAULTS:
        controller.change_settings(**(vars(DEFAULTS) | {"data": controller.settings.data}))
        controller.use_synthetic_data()
    if controller.allows(Action.RESET):
        pilot.press(Qt.Key.Key_R)
    wait_until(lambda: controller.state is RunState.READY and is_prepared(controller))


def running(pilot: Pilot) -> None:
    """A run in its middle, at a low speed, while the loss falls."""
    ready(pilot)
    pilot.press(Qt.Key.Key_Space)
    pilot.wait_for_step(_MIDDLE)
    for _ in range(_SLOW_STEPS):
        pilot.press(Qt.Key.Key_Comma)


def paused(pilot: Pilot) -> None:
    """A run in its middle, while the loss falls."""
    ready(pilot)
    pilot.press(Qt.Key.Key_Space)
    pilot.wait_for_step(_MIDDLE)
    pilot.press(Qt.Key.Key_Space)
    pilot.wait_for_state(RunState.PAUSED)


def completed(pilot: Pilot) -> None:
    """A run that has come to its end."""
    ready(pilot)
    _finish(pilot)


def stopped_by_rule(pilot: Pilot) -> None:
    """A run that its stop rule has completed."""
    ready(pilot)
    pilot.controller.change_setting("stop_rule", StopRule.LOSS)
    _finish(pilot)
    wait_until(lambda: pilot.window.session.going_on.is_known)


def kept(pilot: Pilot) -> None:
    """Three runs with other rates, drawn over this one."""
    switch = pilot.window.session.switches[RUNS]
    switch.setChecked(True)
    for rate in ("0.003", "0.0004"):
        ready(pilot)
        _choose_rate(pilot, rate)
        _finish(pilot)
    switch.setChecked(False)
    paused(pilot)


def diverged(pilot: Pilot) -> None:
    """A run with a rate that is far too large."""
    _forget_kept_runs(pilot)
    ready(pilot)
    _choose_rate(pilot, "1.2")
    _finish(pilot)


def what_if(pilot: Pilot) -> None:
    """A run in its middle, and what another rate would have given."""
    _forget_kept_runs(pilot)
    paused(pilot)
    _choose_rate(pilot, "0.01")
    wait_until(lambda: _what_if_is_whole(pilot))


def diverging_what_if(pilot: Pilot) -> None:
    """A run in its middle, and a rate with which it would have diverged."""
    paused(pilot)
    _choose_rate(pilot, "1.2")
    wait_until(lambda: _what_if_has_diverged(pilot))


def one_feature(pilot: Pilot) -> None:
    """A classic with one feature, trained to the end."""
    _use_classic(pilot, "hubble")
    _finish(pilot)


def three_features(pilot: Pilot) -> None:
    """A classic with several features, trained to the end."""
    _use_classic(pilot, "us_states")
    _finish(pilot)


def ten_features(pilot: Pilot) -> None:
    """A table of a person's own with ten columns of long names, opened and trained."""
    _forget_kept_runs(pilot)
    ready(pilot)
    open_wide_table(pilot)
    dialog = pilot.window.session.tables.dialog
    for row in range(1, len(LONG_NAMES)):
        cell = dialog.chooser.model().index(row, FEATURE)
        if cell.data(Qt.ItemDataRole.CheckStateRole) != Qt.CheckState.Checked:
            dialog.chooser.setCurrentIndex(cell)
            QTest.keyClick(dialog.chooser, Qt.Key.Key_Space)
    wait_until(dialog.use.isEnabled)
    pilot.click(dialog.use)
    wait_until(lambda: pilot.controller.settings.data and is_prepared(pilot.controller))
    _finish(pilot)


def held_out(pilot: Pilot) -> None:
    """A classic of which a third of the examples only tests the line."""
    _use_classic(pilot, "us_states")
    pilot.controller.change_setting("test_share", 0.3)
    pilot.press(Qt.Key.Key_R)
    wait_until(lambda: is_prepared(pilot.controller))
    _finish(pilot)


def edited(pilot: Pilot) -> None:
    """A set of points, trained to the end, of which a person has then changed some by hand."""
    _forget_kept_runs(pilot)
    ready(pilot)
    switch, points = pilot.window.session.switches[POINTS], pilot.window.session.points
    switch.setChecked(True)
    points.use_set(point_sets()[1])
    wait_until(lambda: pilot.controller.settings.data and is_prepared(pilot.controller))
    _finish(pilot)
    points.move(np.array([24]), (-2.0, 1.0))
    points.remove(np.array([2, 3]))
    points.add((0.5,), -1.5)
    switch.setChecked(False)
    pilot.settle()


def picked(pilot: Pilot) -> None:
    """A classic trained half way, with some of its examples picked."""
    _use_classic(pilot, "hubble")
    pilot.controller.change_setting("test_share", 0.2)
    wait_until(lambda: is_prepared(pilot.controller))
    for _ in range(60):
        pilot.press(Qt.Key.Key_S)
    pilot.settle()
    pilot.window.session.pick(np.array([3, 8, 20, 23]), extends=False)


def guessing(pilot: Pilot) -> None:
    """The lesson's data, and a line drawn by hand with squares; the answer is hidden."""
    ready(pilot)
    _draw_line(pilot, [1.2, -2.5, 2.0])


def guessed(pilot: Pilot) -> None:
    """A classic with one feature, three kept guesses, and who is nearest."""
    _use_classic(pilot, "hubble")
    _draw_line(pilot, [380.0, 20.0])
    guesses = pilot.window.session.guesses
    panel = pilot.window.side.panel(MY_LINE)
    for name, line in (("Ana", (500.0, -40.0)), ("Ben", (350.0, 110.0)), ("Cleo", (450.0, 60.0))):
        guesses.move(np.array(line))
        panel.name.setText(name)
        pilot.click(panel.keep)
    guesses.move(np.array([410.0, 10.0]))
    pilot.click(panel.how_close)
    _finish(pilot)


def predicted(pilot: Pilot) -> None:
    """A run that was predicted, wrongly in part, and has come to its end."""
    _forget_kept_runs(pilot)
    ready(pilot)
    switch = pilot.window.session.switches[PREDICT_FIRST]
    switch.setChecked(True)
    give_prediction(pilot)
    pilot.click(pilot.window.side.panel(PREDICT_FIRST).run_page.lock)
    switch.setChecked(False)
    _finish(pilot)


STATES: dict[str, Callable[[Pilot], None]] = {
    state.__name__.replace("_", "-"): state
    for state in (
        loading, ready, running, paused, completed, stopped_by_rule, kept, diverged, what_if,
        diverging_what_if, one_feature, three_features, ten_features, held_out, picked, edited,
        guessing, guessed, predicted,
    )
}  # fmt: skip
"""Brings a window into a state, from any other one; `loading` only a new window."""


def give_prediction(pilot: Pilot) -> None:
    """Predict the end of the bias, the number of steps, the course and a shape of the loss."""
    model = pilot.window.session.predict_first
    model.change(end=3.0, step=1000, course=Course.SLOW)
    shape = pilot.window.side.panel(PREDICT_FIRST).run_page.shape
    if model.phase is Phase.MAKING and model.prediction.sketch is None:
        shape.set_value(Shape.EVEN)
        shape.committed.emit(Shape.EVEN)


def open_wide_table(pilot: Pilot) -> None:
    """Open a table with `LONG_NAMES` in the import dialog."""
    generator = np.random.default_rng(3)
    columns = generator.normal(size=(60, len(LONG_NAMES))).round(3)
    target = (columns @ np.arange(1.0, 11.0) + 5).round(3)
    header = ",".join((*LONG_NAMES, "Price of a house"))
    rows = (",".join(map(str, row)) for row in np.column_stack([columns, target]).tolist())
    open_table(pilot, "\n".join((header, *rows)))


def open_table(pilot: Pilot, content: str) -> None:
    """Open a file with ``content`` in the import dialog."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "A table with a long name, houses 2024.csv")
        file.write_text(content, encoding="utf-8")
        tables = pilot.window.session.tables
        tables.open(file)
        wait_until(lambda: not tables.dialog.bar.isVisible())
        wait_until(lambda: tables.dialog.words.text() or tables.dialog.refusal.text())


def _choose_rate(pilot: Pilot, rate: str) -> None:
    pilot.enter(pilot.window.run_bar.rate.field, rate)
    pilot.settle()


def _finish(pilot: Pilot) -> None:
    """Train to the end with the engine that takes little time."""
    pilot.controller.change_setting("engine", Engine.INSTANT)
    wait_until(lambda: is_prepared(pilot.controller))
    pilot.press(Qt.Key.Key_Space)
    pilot.wait_for_state(*FINISHED)
    pilot.settle()


def _draw_line(pilot: Pilot, line: list[float]) -> None:
    """Draw ``line`` by hand, with its squares and its gradient."""
    switch = pilot.window.session.switches[MY_LINE]
    switch.setChecked(True)
    guesses, panel = pilot.window.session.guesses, pilot.window.side.panel(MY_LINE)
    for box in (panel.squares, panel.gradient):
        if not box.isChecked():
            pilot.click(box)
    guesses.move(np.array(line))
    switch.setChecked(False)


def _what_if_is_whole(pilot: Pilot) -> bool:
    run = pilot.window.session.what_if.run
    return run is not None and run.history.step >= run.planned_steps


def _what_if_has_diverged(pilot: Pilot) -> bool:
    run = pilot.window.session.what_if.run
    return run is not None and run.diverged_at is not None


def _use_classic(pilot: Pilot, name: str) -> None:
    _forget_kept_runs(pilot)
    ready(pilot)
    switch = pilot.window.session.switches[DATA]
    switch.setChecked(True)
    entries = pilot.window.side.panel(DATA).entries
    pilot.click(next(entry for entry in entries if entry.sample.name == name))
    switch.setChecked(False)
    wait_until(lambda: pilot.controller.settings.data and is_prepared(pilot.controller))


def _forget_kept_runs(pilot: Pilot) -> None:
    kept_runs = pilot.window.session.kept_runs
    for each in list(kept_runs.runs):
        kept_runs.delete(each)
    kept_runs.is_comparing = False
