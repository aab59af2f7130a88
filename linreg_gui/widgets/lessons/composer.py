"""Make a lesson: its pages, the present one, and how it reads.

Narrow, they are one column beside the window that pages take over from; wide, side by side.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QVBoxLayout,
)

from linreg_gui.lessons.drafts import LessonDraft, PageDraft, changes_between, draft_of
from linreg_gui.lessons.lesson_files import SUFFIX, writing_lesson
from linreg_gui.lessons.pages import Lesson
from linreg_gui.look.controls import area, fill, push_button, scroller, show_text, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.inputs import NameField
from linreg_gui.look.scale import keep_scaled, px
from linreg_gui.look.speech import announce
from linreg_gui.look.theme import GRID, set_style_property
from linreg_gui.plots.examples_plot import ExamplesPlot
from linreg_gui.settings import DEFAULTS, setting_words
from linreg_gui.texts import clauses, cleaned, tr
from linreg_gui.widgets.exports.kinds import ExportKind, Writing
from linreg_gui.widgets.lessons.page_form import PageForm
from linreg_gui.widgets.panels.stop_page import prose, rendered

if TYPE_CHECKING:
    from linreg_gui.widgets.window.main_window import MainWindow

_WIDTH = 424
_LEAST_SIZE = (320, 320)
_LIST_WIDTH, _FORM_WIDTH = 208, 200
_MINUTES_WIDTH = 56
_UNLIMITED = 16777215
"""Qt's ``QWIDGETSIZE_MAX``, which PySide6 lacks."""
_LIST_HEIGHT, _LIST_SHARE, _LEAST_LIST_HEIGHT = 104, 0.15, 56
_WIDTH_FOR_COLUMNS = 800


class Composer(QDialog):
    """Lets a teacher write a lesson, page by page. The window stays free: pages take over from it.

    What has been typed stays while the program runs, also if the dialog is closed.

    Attributes
    ----------
    draft : LessonDraft
        What has been typed.
    pages : QListWidget
        The pages.
    form : PageForm
        The present page.
    title, minutes : NameField
        Of the lesson.
    add, up, down, delete, bring_back, save, attempt : QPushButton
        What can be done.
    reads : QPushButton
        Shows how the page reads instead of its form, where both have no room.
    refusal : QLabel
        What the lesson still lacks.

    Signals
    -------
    changed()
        Something may have been typed or saved.
    """

    changed = Signal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.setWindowTitle(tr("Make a lesson"))
        self._window = window
        self._session = window.session
        self.draft = LessonDraft()
        self._saved = self.draft.copy()
        self._deleted: PageDraft | None = None
        self.title, self.minutes = NameField(), NameField()
        self.title.setPlaceholderText(tr("Title"))
        self.title.setAccessibleName(tr("Title"))
        self.minutes.setAccessibleName(tr("Minutes"))
        self.minutes.setText(self.draft.minutes)
        for field in (self.title, self.minutes):
            field.textEdited.connect(self._on_head_edited)
        self.pages = QListWidget()
        self.pages.setAccessibleName(tr("Pages"))
        self.pages.currentRowChanged.connect(self._show_page)
        self.form = PageForm()
        self.form.edited.connect(self._refresh)
        self.form.take_over.connect(self._take_over)
        self.add = push_button(tr("Add a page"), self._on_add_clicked, tr(
            "It takes its picture and its settings from the window"
        ))  # fmt: skip
        self.up = push_button(tr("Up"), partial(self._move, -1))
        self.down = push_button(tr("Down"), partial(self._move, 1))
        self.delete = push_button(tr("Delete"), self._delete)
        self.bring_back = push_button(tr("Bring back"), self._bring_back)
        self.refusal = text_label("error")
        self._outcome = text_label("muted")
        window.exporter.ended.connect(self._show_outcome)
        self.attempt = push_button(tr("Try it"), self._try)
        self.save = push_button(tr("Save…"), self._save)
        set_style_property(self.save, "primary", True)
        self.reads = push_button(tr("How it reads"), self._arrange)
        self.reads.setCheckable(True)
        self._has_place = False
        self._preview = prose(" ")
        self._lay_out()
        self.add_page()
        self._saved = self.draft.copy()

    def begin(self) -> None:
        """Appear beside the window, or over its right side if the screen has no more room."""
        window = self._window
        screen, frame = window.screen().availableGeometry(), window.frameGeometry()
        room = screen.size() - QSize(32, 64)
        self.setMinimumSize(QSize(*map(px, _LEAST_SIZE)).boundedTo(room))
        if not self._has_place:  # else a person may have chosen another one
            self._has_place = True
            self.resize(QSize(px(_WIDTH), window.height()).boundedTo(room))
            height = self.height() + frame.height() - window.height()  # as if it had that frame
            left = min(frame.right() + px(GRID), screen.right() - self.width() - px(GRID))
            top = min(frame.top(), screen.bottom() + 1 - height)
            self.move(max(left, screen.left()), max(top, screen.top()))
        self.show()
        self.activateWindow()

    @property
    def is_saved(self) -> bool:
        """Return whether everything that has been typed is in a file."""
        return self.draft == self._saved

    def edit(self, lesson: Lesson) -> None:
        """Go on writing a lesson that was saved, unless another one is not."""
        if self.take(draft_of(lesson)):
            self._saved = self.draft.copy()

    def take(self, draft: LessonDraft) -> bool:
        """Go on writing ``draft``, unless another one is not saved; return whether that went."""
        if not self.is_saved and self.draft != draft:
            self._refuse(tr("Save this lesson first: another one would take its place."))
            return False
        self.draft = draft
        self._saved, self._deleted = LessonDraft(), None
        self._show_draft(0)
        return True

    def take_over(self, former: "Composer") -> None:
        """Be what ``former`` is, whose window goes."""
        for name in ("draft", "_saved", "_deleted", "_has_place"):
            vars(self)[name] = vars(former)[name]
        self._show_draft(former.pages.currentRow())
        self.reads.setChecked(former.reads.isChecked())
        if self._has_place:
            self.restoreGeometry(former.saveGeometry())
        if former.isVisible():
            self.begin()

    def _show_draft(self, chosen: int) -> None:
        self.title.setText(self.draft.title)
        self.minutes.setText(self.draft.minutes)
        self._list_pages(chosen)

    @Slot()
    def add_page(self) -> None:
        """Add a page after the present one, with the picture and the settings of the window."""
        place = self.pages.currentRow() + 1
        self.draft.pages.insert(place, PageDraft(title=tr("Page {number}").format(
            number=len(self.draft.pages) + 1
        )))  # fmt: skip
        self._list_pages(place)
        self._take_over()

    def _lay_out(self) -> None:
        order = flow(self.add, self.up, self.down, self.delete, self.bring_back)
        keep_scaled(self.pages, setMinimumHeight=_LEAST_LIST_HEIGHT)
        keep_scaled(self.minutes, setFixedWidth=_MINUTES_WIDTH)
        minutes = text_label("muted", tr("minutes"), wraps=False)
        head = fill(QHBoxLayout(), self.title, self.minutes, minutes)
        left = fill(QVBoxLayout(), self.pages, order, stretch=self.pages)
        self._side = side = area(left)
        reads = fill(
            QVBoxLayout(), text_label("title", tr("How it reads"), wraps=False), self._preview,
            None, margins=(12, 12, 12, 12),
        )  # fmt: skip
        self._reads = preview = scroller(area(reads), takes_focus=True)
        preview.setAccessibleName(tr("How it reads"))
        self._form_area = form = scroller(self.form)
        keep_scaled(form, setMinimumWidth=_FORM_WIDTH)
        self._body = body = fill(QHBoxLayout(), side, form, preview, spacing=12)
        body.setStretchFactor(form, 3)
        body.setStretchFactor(preview, 2)
        opened = push_button(tr("Open…"), self._open)
        foot = flow(opened, self.reads, self.attempt, self.save)
        place = area(body)
        fill(
            QVBoxLayout(self), area(head), place, self.refusal, self._outcome, foot,
            margins=(16, 16, 16, 16), spacing=GRID, stretch=place,
        )  # fmt: skip

    def _list_pages(self, chosen: int) -> None:
        self.pages.blockSignals(True)
        self.pages.clear()
        self.pages.addItems([_shown_title(page, i) for i, page in enumerate(self.draft.pages, 1)])
        self.pages.setCurrentRow(chosen)
        self.pages.blockSignals(False)
        self._show_page(chosen)

    @Slot(int)
    def _show_page(self, row: int) -> None:
        count = len(self.draft.pages)
        is_there = row in range(count)
        self.form.setEnabled(is_there)
        self.form.show_page(self.draft.pages[row] if is_there else PageDraft())
        self.up.setEnabled(row > 0)
        self.down.setEnabled(is_there and row < count - 1)
        self.delete.setEnabled(is_there)
        self.bring_back.setVisible(self._deleted is not None)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Show how the present page reads."""
        self.changed.emit()
        row = self.pages.currentRow()
        self._say_nothing()
        if row not in range(len(self.draft.pages)):
            self._preview.setText("")
            return
        page = self.draft.pages[row]
        self.pages.item(row).setText(_shown_title(page, row + 1))
        parts = [f"### {page.title}", page.text]
        if page.asks == "choice":
            parts += [f"- {option}" for option in page.shown_options()]
        if page.note.strip():
            parts += ["---", "**" + tr("For the teacher") + "**", page.note]
        self._preview.setText(rendered("\n\n".join(parts)))
        self._preview.show()
        self.form.show_changes(self._change_words(page))

    def _change_words(self, page: PageDraft) -> str:
        values = dict(self.draft.settings) if page is self.draft.pages[0] else {}
        values |= page.changes
        if not values:
            return tr("The settings stay as they are.")
        words = setting_words(replace(DEFAULTS, **values))
        return clauses(words[name] for name in values if name in words)

    @Slot()
    def _take_over(self) -> None:
        """Take the picture and the settings of the window over into the present page."""
        row = self.pages.currentRow()
        page, picture = self.draft.pages[row], self._session.picture
        if picture is not None:
            view = picture.views(picture.view).name if isinstance(picture, ExamplesPlot) else ""
            page.stage = f"{picture.name} {view.lower()}".rstrip()
        before = dict(self.draft.settings) if row else {}
        for each in self.draft.pages[1:row]:
            before |= each.changes
        now = self._session.controller.settings
        changes = changes_between(replace(DEFAULTS, **before), now)
        if row:
            page.changes = changes
        else:
            self.draft.settings, page.changes = changes, {}
        self._show_page(row)

    @Slot()
    def _on_add_clicked(self) -> None:
        self.add_page()
        self.form.type_heading()

    @Slot()
    def _on_head_edited(self) -> None:
        self.draft.title, self.draft.minutes = self.title.text(), self.minutes.text()
        self._say_nothing()
        self.changed.emit()

    def _move(self, by: int) -> None:
        row, pages = self.pages.currentRow(), self.draft.pages
        if row + by in range(len(pages)):
            pages[row], pages[row + by] = pages[row + by], pages[row]
            self._list_pages(row + by)

    @Slot()
    def _delete(self) -> None:
        row = self.pages.currentRow()
        self._deleted = self.draft.pages.pop(row)
        self._list_pages(min(row, len(self.draft.pages) - 1))

    @Slot()
    def _bring_back(self) -> None:
        if self._deleted is not None:
            place = self.pages.currentRow() + 1
            self.draft.pages.insert(place, self._deleted)
            self._deleted = None
            self._list_pages(place)

    def _finished(self) -> Lesson | None:
        """Return the lesson; None if it lacks something, which is said."""
        try:
            return self.draft.lesson()
        except ValueError as error:
            self._refuse(str(error))
            return None

    def _say_nothing(self) -> None:
        for label in (self.refusal, self._outcome):
            show_text(label, "")

    def _refuse(self, sentence: str) -> None:
        if not sentence.endswith("."):
            sentence += "."
        self._say_nothing()
        self.reads.setChecked(False)  # the form shows what is wrong
        self._arrange()
        show_text(self.refusal, sentence)
        announce(self.refusal, sentence)

    @Slot(object, bool)
    def _show_outcome(self, sentence: str, is_good: bool) -> None:
        """Say what the window says of the file: the dialog may lie over it."""
        self._say_nothing()
        show_text(self._outcome if is_good else self.refusal, sentence)

    @Slot()
    def _try(self) -> None:
        lesson = self._finished()
        if lesson is not None:
            self.hide()  # it lies over the window
            self._session.lessons.begin(lesson, is_trial=True)

    @Slot()
    def _save(self) -> None:
        lesson = self._finished()
        if lesson is None:
            return
        draft = self.draft.copy()

        def write(_window: "MainWindow", file: Path, _options: object, _suffix: str) -> Writing:
            yield from writing_lesson(file, lesson)
            return None

        def keep() -> None:
            self._saved = draft
            self.changed.emit()

        self._window.exporter.choose(
            ExportKind(lesson.title, lambda: tr("Save the lesson"), (SUFFIX,), write), then=keep
        )

    @Slot()
    def _open(self) -> None:
        self._session.lessons.choose_file(self.edit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the parts below one another, or side by side if there is room."""
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        is_wide = self.width() >= px(_WIDTH_FOR_COLUMNS)
        direction = QBoxLayout.Direction
        self._body.setDirection(direction.LeftToRight if is_wide else direction.TopToBottom)
        low = min(px(_LIST_HEIGHT), round(_LIST_SHARE * self.height()))
        self.pages.setMaximumHeight(_UNLIMITED if is_wide else low)
        if is_wide:
            self._side.setFixedWidth(px(_LIST_WIDTH))
        else:
            self._side.setMinimumWidth(0)
            self._side.setMaximumWidth(_UNLIMITED)
        self.reads.setVisible(not is_wide)
        shows_only_preview = not is_wide and self.reads.isChecked()
        self._form_area.setHidden(shows_only_preview)
        self._reads.setVisible(is_wide or shows_only_preview)


def _shown_title(page: PageDraft, number: int) -> str:
    return f"{number}. {cleaned(page.title)}"
