"""The lesson that a person has opened, page by page; before that, the lessons to choose from."""

from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.lessons.bundled import bundled
from linreg_gui.lessons.pages import FromBank, Lesson, Page, WaitFor
from linreg_gui.look.controls import (
    area,
    fill,
    mini_button,
    push_button,
    scroller,
    show_text,
    text_label,
)
from linreg_gui.look.flow import FlowLayout
from linreg_gui.look.inputs import NameField
from linreg_gui.look.plain import set_tip
from linreg_gui.look.theme import GRID, set_style_property
from linreg_gui.texts import tr, trn
from linreg_gui.threads.lesson_run import wait_words
from linreg_gui.widgets.panels.lesson_page import LessonPage
from linreg_gui.widgets.panels.registry import GUIDE, PREDICT_FIRST
from linreg_gui.widgets.panels.stop_dots import StopDots
from linreg_gui.widgets.panels.stop_in_window import StopInWindow
from linreg_gui.widgets.session import Session

_NARROWEST = 320


class LessonPanel(QFrame):
    """Walks a person through a lesson, as a student or as a teacher.

    Attributes
    ----------
    choices : dict of str to QPushButton
        Open the bundled lessons, by their names.
    view : LessonPage or None
        The present page.
    teacher : QCheckBox
        Shows notes and answers, or hides them.
    person : NameField
        The name of the student.
    back, next, export, leave : QAbstractButton
        To the pages before and after, and the ways out.

    Signals
    -------
    entered(Page)
        A page has come into view.
    left()
        No page is in view any more.
    """

    entered = Signal(object)
    left = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setMinimumWidth(_NARROWEST)  # words are broken into lines, so it need not be scaled
        self._session = session
        self._run = session.lesson_run
        self._shown: Lesson | None = None
        self.view: LessonPage | None = None
        self.dots: StopDots | None = None
        desk = session.lessons
        self.choices = {
            name: push_button(title, partial(desk.open, name)) for name, title in bundled().items()
        }
        self._open = push_button(tr("Open a lesson file…"), lambda *_: desk.choose_file())
        self._stops = push_button(
            tr("Tour of the code, stop by stop (G)"),
            partial(session.switches[GUIDE].setChecked, True),
        )
        self._make = push_button(tr("Make a lesson of this…"), desk.compose)
        self.go_on = push_button(tr("Go on making it…"), desk.compose)
        self.teacher = QCheckBox(tr("Teacher view"))
        set_tip(self.teacher, tr("Notes and answers, all controls, and no waiting"))
        self.teacher.clicked.connect(self._run.show_as_teacher)
        self.leave = mini_button(tr("Leave the lesson, and get everything back"))
        self.leave.clicked.connect(desk.leave)
        self.person = NameField()
        self.person.setPlaceholderText(tr("Your name"))
        self.person.setAccessibleName(tr("Your name"))
        self.person.editingFinished.connect(self._on_named)
        self._hint = text_label("muted")
        self.back = push_button(tr("Back"), partial(self._run.go_by, -1))
        self.next = push_button(tr("Next"), partial(self._run.go_by, 1))
        self.export = push_button(tr("Export my answers…"), desk.export_answers)
        set_style_property(self.next, "primary", True)
        self._lay_out()
        in_window = StopInWindow(session, self)
        self.entered.connect(in_window.enter)
        self.left.connect(in_window.leave)
        self._run.changed.connect(self._refresh)
        self._run.page_entered.connect(self._show_page)
        self._run.questions.changed.connect(self._refresh)
        session.theme.changed.connect(self._show_icons)
        self._show_icons()
        self._show_page(self._run.page)
        self._refresh()

    def _lay_out(self) -> None:
        choice = fill(
            QVBoxLayout(),
            text_label("title", tr("Lessons")),
            text_label("muted", tr(
                "A lesson leads through the window page by page. Your own settings come back when "
                "you leave it."
            )),
            *self.choices.values(),
            GRID,
            self._stops,
            self._open,
            self._make,
            None,
            margins=(16, 12, 16, 16),
        )  # fmt: skip
        self._dots_place = fill(QHBoxLayout())
        head = fill(
            QHBoxLayout(), self._dots_place, None, self.teacher, self.leave,
            margins=(GRID, GRID, GRID, 0),
        )  # fmt: skip
        self._title = text_label("muted")
        names = fill(QVBoxLayout(), self._title, self.person, margins=(16, 4, 16, 0), spacing=4)
        self._text = scroller(QWidget(), takes_focus=True)
        buttons = QWidget()
        row = FlowLayout(buttons)
        for button in (self.back, self.next, self.export, self.go_on):
            row.addWidget(button)
        foot = fill(QVBoxLayout(), self._hint, buttons, margins=(12, GRID, 12, GRID), spacing=4)
        lesson = fill(QVBoxLayout(), head, names, self._text, foot, spacing=0, stretch=self._text)
        self._choice, self._lesson = scroller(area(choice)), area(lesson)
        fill(QVBoxLayout(self), self._choice, self._lesson, margins=(1, 1, 1, 1), spacing=0)

    @Slot(object)
    def _show_page(self, page: Page | None) -> None:
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self._choice.setVisible(page is None)
        self._lesson.setVisible(page is not None)
        lesson = self._run.lesson
        if lesson is not self._shown:
            self._show_lesson(lesson)
        if page is None:
            self.view = None
            self._text.setWidget(QWidget())
            self.left.emit()
            return
        switches = self._session.switches
        opens = next((switches[spec] for spec in switches if spec.name == page.panel), None)
        self.view = LessonPage(self._run, page, self._session.theme, opens)
        self.view.prediction_wanted.connect(partial(switches[PREDICT_FIRST].setChecked, True))
        self._text.setWidget(self.view)
        for each in (self.view, self._text):
            each.setAccessibleName(page.title)
        if had_focus:
            self.view.setFocus()  # which shows no frame, and leaves the window its keys
        if self.isVisible():
            self.entered.emit(page)

    def _show_lesson(self, lesson: Lesson | None) -> None:
        self._shown = lesson
        if self.dots is not None:
            self.dots.hide()
            self.dots.deleteLater()
            self.dots = None
        if lesson is None:
            return
        self.dots = StopDots(
            [page.title for page in lesson.pages],
            self._session.theme,
            tr("The pages of the lesson"),
            tr("Page {number} of {all}"),
        )
        self.dots.chosen.connect(self._on_dot_chosen)
        self._dots_place.addWidget(self.dots)
        title = lesson.title
        if minutes := lesson.minutes:
            words = trn("{title} ({minutes} minute)", "{title} ({minutes} minutes)", minutes)
            title = words.format(title=title, minutes=minutes)
        self._title.setText(title)
        self.person.setText(self._run.person)
        self.person.setVisible(any(page.is_asking for page in lesson.pages))

    @Slot()
    def _refresh(self) -> None:
        run, view = self._run, self.view
        if run.lesson is None or view is None or run.page is not view.page:
            return
        view.refresh()
        if not self.person.hasFocus():
            self.person.setText(run.person)
        self.teacher.setChecked(run.is_teacher)
        show_text(self._hint, self._hint_words())
        self.back.setEnabled(run.index > 0)
        self.next.setVisible(not run.is_last)
        self.next.setEnabled(run.can_go_on)
        self.export.setVisible(run.has_answers and not run.is_trial)
        self.go_on.setVisible(run.is_trial)
        set_style_property(self.export, "primary", run.is_finished)
        if self.dots is not None:
            count = len(run.lesson.pages)
            self.dots.show_progress(run.index, [run.is_done(index) for index in range(count)])

    def _hint_words(self) -> str:
        run = self._run
        if run.page is None or run.is_teacher:
            return ""
        if run.is_finished:
            return tr("That was the last page.")
        is_locked = isinstance(run.page.asks, FromBank) and run.questions.said is not None
        kind = WaitFor.RUN if is_locked else run.page.wait.kind
        return "" if run.can_go_on else wait_words(kind, is_last=run.is_last)

    @Slot()
    def _show_icons(self) -> None:
        self.leave.setIcon(self._session.theme.icon("close"))

    @Slot(int)
    def _on_dot_chosen(self, index: int) -> None:
        self._run.go_to(index)
        self._refresh()  # a dot that cannot be reached yet is not the present one

    @Slot()
    def _on_named(self) -> None:
        self._run.set_person(self.person.text())

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what the page wants to be in sight."""
        super().showEvent(event)
        if not event.spontaneous() and self._run.page is not None:
            self.entered.emit(self._run.page)

    def hideEvent(self, event: QHideEvent) -> None:
        """Leave the pictures as they were."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.left.emit()
