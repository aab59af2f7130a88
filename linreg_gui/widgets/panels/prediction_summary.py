"""What was predicted, what happened, how often it was right, and which ideas came up."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from linreg_gui.guide.prediction_log import as_csv, as_text, headings, rows, summary
from linreg_gui.look.controls import fill, push_button, show_text, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.inputs import NameField
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import GRID
from linreg_gui.plots.picture_table import PictureTable, TableColumn
from linreg_gui.texts import tr, without_marks
from linreg_gui.threads.predict_first import PredictFirst
from linreg_gui.widgets.panels.picture_table_page import PictureTableView

_TABLE_HEIGHT = 240


class PredictionSummary(QWidget):
    """Shows the log of all predictions that are kept.

    Attributes
    ----------
    person : NameField
        Who predicts from now on; may stay empty.
    words : QLabel
        How often each person was right, and which ideas came up.
    table : PictureTableView
        All predictions, the newest first.
    copy_text, copy_csv, forget : QPushButton
        Copy all of it, and forget it or bring it back.
    """

    def __init__(self, model: PredictFirst) -> None:
        super().__init__()
        self._model = model
        self.person = NameField(model.person)
        self.person.setPlaceholderText(tr("your name, if you like"))
        self.person.setAccessibleName(tr("Who predicts"))
        keep_scaled(self.person, setMaximumWidth=240)
        self.person.editingFinished.connect(self._on_named)
        self.words = text_label("")
        self.table = PictureTableView()
        self.table.setAccessibleName(tr("All predictions"))
        keep_scaled(self.table, setMinimumHeight=_TABLE_HEIGHT)
        self.copy_text = push_button(tr("Copy as text"), partial(self._copy, as_text))
        self.copy_csv = push_button(
            tr("Copy as CSV"), partial(self._copy, as_csv), tr("A table for a spreadsheet")
        )
        self.forget = push_button("", self._on_forget_clicked)
        self._copied = text_label("muted")
        fill(
            QVBoxLayout(self),
            text_label("muted", tr("Predictions from now on are kept under this name:")),
            self.person,
            self.words,
            self.table,
            flow(self.copy_text, self.copy_csv, self.forget),
            self._copied,
            None,
            margins=(16, GRID, 16, GRID),
            stretch=self.table,
        )
        model.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show the log while it can be seen."""
        if not self.isVisible():
            return
        entries = self._model.entries
        self.words.setText("\n".join(summary(entries)))
        cells = list(zip(*rows(reversed(entries)), strict=True))
        columns = [TableColumn(*pair) for pair in zip(headings(), cells, strict=False)]
        self.table.show_table(PictureTable(columns=tuple(columns)))
        self.table.setVisible(bool(entries))
        for button in (self.copy_text, self.copy_csv):
            button.setEnabled(bool(entries))
        can_restore = self._model.is_restorable
        self.forget.setText(tr("Bring back") if can_restore else tr("Forget all"))
        self.forget.setEnabled(bool(entries) or can_restore)
        show_text(self._copied, "")

    def _copy(self, written: Callable[..., str]) -> None:
        QGuiApplication.clipboard().setText(without_marks(written(self._model.entries)))
        show_text(self._copied, tr("Copied."))

    @Slot()
    def _on_named(self) -> None:
        self._model.set_person(self.person.text())

    @Slot()
    def _on_forget_clicked(self) -> None:
        if self._model.is_restorable:
            self._model.bring_back()
        else:
            self._model.forget()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the log as it is now."""
        super().showEvent(event)
        self.refresh()
