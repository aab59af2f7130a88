"""What of the window is open when a picture is taken."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QMenu

from linreg_gui.runs.states import RunState
from linreg_gui.widgets.exports.csv_choice import CsvChoiceDialog
from linreg_gui.widgets.exports.new_examples_dialog import NewExamplesDialog
from linreg_gui.widgets.exports.picture_choice import PictureDialog
from linreg_gui.widgets.exports.pictures import FilmWish, PictureWish
from linreg_gui.widgets.panels.numbers_panel import NOW, PICTURE
from linreg_gui.widgets.panels.registry import (
    CONTRASTS,
    GUIDE,
    MY_LINE,
    NUMBERS,
    PANELS,
    PREDICT,
    PREDICT_FIRST,
    SCALING,
    STEP,
    SWEEP,
    PanelSpec,
)
from tests.screenshots.pilot import Pilot
from tests.screenshots.states import give_prediction, open_table, open_wide_table
from tests.support import is_prepared, wait_until

View = Callable[[Pilot], AbstractContextManager[None]]

_BROKEN = "name;place\nAnna;Bern\nBen;Basel\n"
"""A table without numbers."""

_NEW_EXAMPLES = "house;x0;x1\nA;1,234;5,678\nB;2,345;\nC;3,456;999\n"
"""A table for the lesson's run in which the commas may mean two things."""


@contextmanager
def _picture(index: int, pilot: Pilot) -> Iterator[None]:
    pilot.press(Qt.Key(Qt.Key.Key_1 + index))
    yield
    pilot.press(Qt.Key.Key_1)


@contextmanager
def _with_key(key: Qt.Key, pilot: Pilot) -> Iterator[None]:
    pilot.press(key)
    yield
    pilot.press(key)


@contextmanager
def _switched_on(action_of: Callable[[Pilot], QAction], pilot: Pilot) -> Iterator[None]:
    """Show what an action switches on and off, in the size that the window has now."""
    size, action = pilot.window.size(), action_of(pilot)
    action.trigger()
    pilot.resize(size.width(), size.height())
    yield
    if action.isChecked():  # a picture without room beside a panel has closed it
        action.trigger()
    pilot.resize(size.width(), size.height())


def _switch_of(spec: PanelSpec[Any], pilot: Pilot) -> QAction:
    return pilot.window.session.switches[spec]


@contextmanager
def _panel(spec: PanelSpec[Any], pilot: Pilot) -> Iterator[None]:
    with _switched_on(partial(_switch_of, spec), pilot):
        if spec is STEP:
            wait_until(lambda: pilot.window.session.minibatch)
        if spec is GUIDE:
            pilot.settle()
        yield


@contextmanager
def _sweep(pilot: Pilot) -> Iterator[None]:
    with _panel(SWEEP, pilot):
        panel = pilot.window.side.panel(SWEEP)
        if not panel.sweeper.points:
            pilot.click(panel.run)
        wait_until(lambda: panel.sweeper.points and not panel.sweeper.is_running)
        yield


@contextmanager
def _contrast(index: int, pilot: Pilot) -> Iterator[None]:
    with _panel(CONTRASTS, pilot):
        window, contrasts = pilot.window, pilot.window.session.contrasts
        panel = window.side.panel(CONTRASTS)
        panel.entries[index].button.click()
        wait_until(lambda: contrasts.state is RunState.COMPLETED)
        contrasts.playhead.go_live()
        panel.page.answer_button.click()
        pilot.settle()
        yield
        pilot.click(panel.page.close_button)


@contextmanager
def _page_of_code(page: int, pilot: Pilot) -> Iterator[None]:
    with _panel(STEP, pilot):
        buttons = pilot.window.side.panel(STEP).pages.group.buttons()
        pilot.click(buttons[page])
        yield
        pilot.click(buttons[0])


@contextmanager
def _stop(index: int, pilot: Pilot) -> Iterator[None]:
    with _panel(GUIDE, pilot):
        guide = pilot.window.side.panel(GUIDE).guide
        guide.go_to(index)
        yield
        guide.go_to(0)


@contextmanager
def _table_of_picture(pilot: Pilot) -> Iterator[None]:
    with _panel(NUMBERS, pilot):
        panel = pilot.window.side.panel(NUMBERS)
        panel.show_page(PICTURE)
        yield
        panel.show_page(NOW)


@contextmanager
def _beside_my_line(view: View, pilot: Pilot) -> Iterator[None]:
    with _panel(MY_LINE, pilot), view(pilot):
        yield


@contextmanager
def _predicting(index: int, pilot: Pilot) -> Iterator[None]:
    """Show a picture beside the prediction of its run."""
    with _panel(PREDICT_FIRST, pilot), _picture(index, pilot):
        give_prediction(pilot)
        yield


@contextmanager
def _page_of_predictions(page: int, pilot: Pilot) -> Iterator[None]:
    """Show the second question, wrongly answered and locked, or the summary."""
    with _panel(PREDICT_FIRST, pilot):
        panel = pilot.window.side.panel(PREDICT_FIRST)
        panel.show_page(page)
        if page == 1:
            questions = pilot.window.session.predict_questions
            questions.ask(1)
            questions.lock(1)
        yield
        panel.show_page(0)


@contextmanager
def _menu(index: int, pilot: Pilot) -> Iterator[None]:
    bar = pilot.window.menuBar()
    action = bar.actions()[index]
    menu = action.menu()
    assert isinstance(menu, QMenu)
    menu.popup(bar.mapToGlobal(bar.actionGeometry(action).bottomLeft()))
    yield
    menu.close()


@contextmanager
def _menu_of_a_picture(pilot: Pilot) -> Iterator[None]:
    picture = pilot.window.stage.current
    pilot.window.picture_menus.show_menu(picture, picture.mapToGlobal(QPoint(120, 80)))
    yield
    _close_extra_windows(pilot)


@contextmanager
def _menu_of_more_panels(pilot: Pilot) -> Iterator[None]:
    button = pilot.window.run_bar.more
    menu = button.menu()
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))
    yield
    menu.close()


@contextmanager
def _help_page(name: str, pilot: Pilot) -> Iterator[None]:
    getattr(pilot.window.help, name).present()
    QApplication.processEvents()
    yield
    _close_extra_windows(pilot)


@contextmanager
def _lesson_page(pilot: Pilot) -> Iterator[None]:
    """A page of a lesson as a teacher sees it, with an answer that is wrong."""
    desk, run = pilot.window.session.lessons, pilot.window.session.lesson_run
    desk.open("why-scale")
    wait_until(lambda: run.lesson is not None)
    run.say(1)
    run.show_as_teacher(True)
    pilot.settle()
    yield
    desk.leave()
    exchange = pilot.window.document.exchange
    wait_until(lambda: exchange.aside is None and is_prepared(pilot.controller))


@contextmanager
def _composer(pilot: Pilot) -> Iterator[None]:
    desk = pilot.window.session.lessons
    desk.open("an-outlier", desk.composer.edit)
    wait_until(desk.composer.title.text)
    desk.compose()
    desk.composer.pages.setCurrentRow(3)
    QApplication.processEvents()
    yield
    _close_extra_windows(pilot)


@contextmanager
def _start_page(pilot: Pilot) -> Iterator[None]:
    pilot.window.welcome.greet()
    QApplication.processEvents()
    yield
    pilot.window.welcome.leave()


@contextmanager
def _import_dialog(open_it: Callable[[Pilot], None], pilot: Pilot) -> Iterator[None]:
    open_it(pilot)
    yield
    pilot.window.session.tables.dialog.reject()


@contextmanager
def _new_examples(pilot: Pilot) -> Iterator[None]:
    """Predict for a table of which not everything is certain."""
    with TemporaryDirectory() as folder, _dialog(NewExamplesDialog, pilot):
        file = Path(folder, "houses of next year.csv")
        file.write_text(_NEW_EXAMPLES, encoding="utf-8")
        dialog = pilot.window.findChildren(NewExamplesDialog)[-1]
        dialog.read(file)
        wait_until(dialog.go_on.isEnabled)
        yield


@contextmanager
def _dialog(make: Callable[[Any], QDialog], pilot: Pilot) -> Iterator[None]:
    dialog = make(pilot.window)
    dialog.open()
    QApplication.processEvents()
    yield
    dialog.close()
    dialog.deleteLater()


def _close_extra_windows(pilot: Pilot) -> None:
    for each in pilot.extra_windows():
        each.close()
    QApplication.processEvents()


_SHORT = {spec: spec.title().lower().split()[0] for spec in PANELS} | {
    SCALING: "scaling",
    MY_LINE: "my-line",
    PREDICT: "example",
    PREDICT_FIRST: "predict-first",
}

VIEWS: dict[str, View] = {
    "data": partial(_picture, 0),
    "loss": partial(_picture, 1),
    "parameters": partial(_picture, 2),
    "landscape": partial(_picture, 3),
    "residuals": partial(_picture, 4),
    "grid": partial(_with_key, Qt.Key.Key_Return),
    "maximized": partial(_with_key, Qt.Key.Key_X),
    "legend": partial(_with_key, Qt.Key.Key_K),
    "full-screen": partial(_switched_on, lambda pilot: pilot.window.actions_of.full_screen),
    "presentation": partial(_switched_on, lambda pilot: pilot.window.actions_of.presentation),
    "panel-settings": partial(_switched_on, lambda pilot: pilot.window.actions_of.settings),
    **{f"panel-{_SHORT[spec]}": partial(_panel, spec) for spec in PANELS},
    "panel-sweep-run": _sweep,
    "contrast-rates": partial(_contrast, 0),
    "contrast-scales": partial(_contrast, 2),
    "contrast-outlier": partial(_contrast, 3),
    "panel-predict-first-question": partial(_page_of_predictions, 1),
    "panel-predict-first-summary": partial(_page_of_predictions, 2),
    "prediction-loss": partial(_predicting, 1),
    "prediction-parameters": partial(_predicting, 2),
    "panel-code-network": partial(_page_of_code, 1),
    "panel-code-gradient": partial(_page_of_code, 2),
    "panel-tour-loop": partial(_stop, 7),
    "panel-numbers-table": _table_of_picture,
    "my-line-landscape": partial(_beside_my_line, partial(_picture, 3)),
    **{
        f"menu-{name}": partial(_menu, index)
        for index, name in enumerate(("file", "run", "view", "lesson", "help"))
    },
    "menu-picture": _menu_of_a_picture,
    "menu-more": _menu_of_more_panels,
    "start-page": _start_page,
    "help-first-steps": partial(_help_page, "first_steps"),
    "help-keys": partial(_help_page, "keys"),
    "help-about": partial(_help_page, "about"),
    "help-self-test": partial(_help_page, "self_test"),
    "export-table": partial(_dialog, CsvChoiceDialog),
    "export-new-examples": _new_examples,
    "export-picture": partial(_dialog, lambda window: PictureDialog(window, PictureWish())),
    "export-animation": partial(_dialog, lambda window: PictureDialog(window, FilmWish())),
    "lesson-page": _lesson_page,
    "lesson-composer": _composer,
    "import": partial(_import_dialog, open_wide_table),
    "import-refused": partial(_import_dialog, partial(open_table, content=_BROKEN)),
}
"""Opens a part of the window, and closes it again."""
