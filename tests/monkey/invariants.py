"""What holds in a window at every moment; in a moment, where the event loop has to come round."""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation

from PySide6.QtWidgets import QLineEdit

from linreg_gui.look.inputs import ChoiceBox, NumberField
from linreg_gui.number_text import NOTHING, fixed, parse_shown, significant, whole
from linreg_gui.plots.card import Form
from linreg_gui.plots.run_plot import Overlay
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import Action, RunState
from linreg_gui.settings import format_setting
from linreg_gui.widgets.panels.registry import NUMBERS
from linreg_gui.widgets.settings.row import Switch
from linreg_gui.widgets.window.main_window import MainWindow
from linreg_gui.widgets.window.stage import Layout


def complaints(window: MainWindow) -> list[str]:
    """Return what does not hold in ``window`` now."""
    return [f"{check.__name__}: {words}" for check in CHECKS for words in check(window)]


def buttons_match_the_state(window: MainWindow) -> Iterator[str]:
    state = window.controller.state
    for name, action in window.actions_of.run.items():
        if action.isEnabled() != window.controller.allows(name):
            yield f"{name} is enabled: {action.isEnabled()}, in state {state}"
    shown = window.run_bar.run_button.defaultAction()
    if (shown is window.actions_of.run[Action.PAUSE]) != (state is RunState.RUNNING):
        yield f"the button says {shown.text()!r} in state {state}"


def the_stage_has_its_picture(window: MainWindow) -> Iterator[str]:
    stage = window.stage
    if window.session.picture is not stage.current:
        yield "the session knows another picture"
    if stage.current.isHidden() != (stage.cover is not None):
        yield f"{stage.current.name} is on the stage, with {stage.cover}, and is hidden or not"
    if not window.actions_of.pictures[stage.current].isChecked():
        yield f"the menu does not mark {stage.current.name}"
    if window.body.is_panel_alone:  # then the stage keeps its old size, out of sight
        return
    if stage.current.form is not Form.LARGE and stage.layout_now is not Layout.GRID:
        yield f"{stage.current.name} is on the stage, but is {stage.current.form}"
    for picture in stage.visible_pictures:
        if not stage.rect().contains(picture.geometry()):
            yield f"{picture.name} at {picture.geometry().getRect()} in {stage.size().toTuple()}"


def two_runs_are_side_by_side(window: MainWindow) -> Iterator[str]:
    session, stage = window.session, window.stage
    if session.shows_contrast != (stage.cover is not None):
        yield f"the stage is covered by {stage.cover}, the contrast is {session.shows_contrast}"
    if stage.cover is None:
        return
    halves = window.contrast.side_by_side.halves
    for half, run in zip(halves, session.contrasts.runs, strict=True):
        if half.picture is None or half.picture.name != stage.current.name:
            yield f"a half shows {half.picture}, and {stage.current.name} is on the stage"
        elif half.picture.run is not run:
            yield f"the half {half.words.text()!r} shows another run"


def pictures_show_the_run(window: MainWindow) -> Iterator[str]:
    run, step = window.controller.run, window.session.playhead.step
    for picture in window.pictures:
        if picture.run is not run:
            yield f"{picture.name} shows another run"
    for picture in window.stage.visible_pictures:
        if picture.shown_step != step and not window.session.playhead.is_playing:
            yield f"{picture.name} shows step {picture.shown_step}, the playhead is at {step}"


def overlays_are_of_the_same_problem(window: MainWindow) -> Iterator[str]:
    run, overlays = window.controller.run, window.refresher.overlays
    for overlay in overlays.values():
        if run is None or not _can_be_compared(overlay, run):
            yield f"{overlay.name!r} is drawn over a run of another problem"
    for picture in window.stage.visible_pictures:
        drawn: list[Overlay] = list(getattr(picture, "_overlays", ()))
        for each in drawn:
            if each.run not in overlays:
                yield f"{picture.name} draws {each.name!r}, which is none of the overlays"


def _can_be_compared(overlay: Overlay, run: Run) -> bool:
    """Return whether both runs have the same data; a what-if run may change how it is drawn."""
    other, own = overlay.run.config, run.config
    if overlay.is_what_if:
        return other.origin is own.origin and other.features == own.features
    if other.data is not None and own.data is not None:
        return other.data.is_like(own.data)
    is_drawn_alike = (other.true_weights, other.true_bias) == (own.true_weights, own.true_bias)
    same_size = other.features == own.features
    return other.data is own.data and same_size and (overlay.is_what_if or is_drawn_alike)


def settings_are_those_of_the_controller(window: MainWindow) -> Iterator[str]:
    settings = window.controller.settings
    rate = window.run_bar.rate.field
    if rate.value != settings.learning_rate:
        yield f"the bar has rate {rate.value}, the controller {settings.learning_rate}"
    if not window.actions_of.settings.isChecked():
        return
    for row in window.panel.rows:
        editor, value = row.editor, row.read(settings)
        match editor:
            case _ if row.isHidden():
                continue
            case NumberField() | ChoiceBox():
                shown: object = editor.value
            case Switch():
                shown = editor.isChecked()
            case _:
                continue
        if shown != value:
            yield f"{row.label!r} shows {shown}, the controller has {value}"
        if isinstance(editor, QLineEdit) and not editor.isModified():
            yield from _unlike(row.label, editor.text(), format_setting(value))


def numbers_are_those_of_the_step(window: MainWindow) -> Iterator[str]:
    """Compare every number with the history, unless they change all the time."""
    controller, playhead = window.controller, window.session.playhead
    run = controller.run
    if run is None or controller.state is RunState.RUNNING or playhead.is_playing:
        return
    step = playhead.shown_step
    record = run.history.nearest(step) if step else None
    parameters = run.problem.original.parameters(run.history.parameters_at(step))
    if f"step {whole(step)}" not in window.timeline.step.text():
        yield f"the timeline says {window.timeline.step.text()!r} at step {step}"
    readout = window.readout
    loss = significant(record.loss, 4) if record else NOTHING
    yield from _unlike("loss", readout.loss.number.text(), loss)
    if [cell.name for cell in readout.parameters] != list(run.parameter_names()):
        yield "the row of numbers has other parameters"
        return
    for cell, value in zip(readout.parameters, parameters.tolist(), strict=True):
        yield from _near(cell.name, cell.number.text(), value)
    if not window.session.switches[NUMBERS].isChecked():
        return
    panel = window.side.panel(NUMBERS)
    if not panel.facts.isVisible():
        return
    facts = {
        "step": f"{whole(step)} / {whole(run.planned_steps)}",
        "batch loss": fixed(record.loss) if record else NOTHING,
        "moving average": fixed(record.moving_loss) if record else NOTHING,
    }
    for name, text in facts.items():
        yield from _unlike(name, panel.facts.number(name), text)
    for index, value in enumerate(parameters.tolist()):
        yield from _near(f"parameter {index}", panel.table.cell(index, 0), value)


def _unlike(what: str, shown: str, wanted: str) -> Iterator[str]:
    if shown != wanted:
        yield f"{what} is {shown!r}, not {wanted!r}"


def _near(what: str, shown: str, wanted: float) -> Iterator[str]:
    """Complain if ``shown`` is not ``wanted`` rounded to the last digit of ``shown``."""
    try:
        number = parse_shown(shown)
    except InvalidOperation:  # words for a number that is too large
        return
    last_digit = Decimal(1).scaleb(int(number.as_tuple().exponent))
    if abs(number - Decimal(wanted)) > last_digit * Decimal("0.51"):
        yield f"{what} is {shown!r}, not {wanted!r}"


CHECKS: tuple[Callable[[MainWindow], Iterator[str]], ...] = (
    buttons_match_the_state,
    the_stage_has_its_picture,
    two_runs_are_side_by_side,
    pictures_show_the_run,
    overlays_are_of_the_same_problem,
    settings_are_those_of_the_controller,
    numbers_are_those_of_the_step,
)
