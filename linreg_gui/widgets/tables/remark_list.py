"""What is not certain about a table, each with a button for the other way to read it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from linreg_gui.look.controls import area, fill, push_button, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.scale import px
from linreg_gui.tables.columns import Remark
from linreg_gui.texts import tr

_HIGHEST = 116
"""Three remarks; more are scrolled."""


class RemarkList(QScrollArea):
    """Shows remarks below one another; takes no room without any.

    Attributes
    ----------
    sentences : list of str
        What is said.
    buttons : list of QPushButton
        The other ways to read the table.

    Signals
    -------
    corrected(dict)
        A person wants the table to be read with these fields of the `Dialect`.
    """

    corrected = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bare")
        self.setAccessibleName(tr("What is not certain"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rows = fill(QVBoxLayout(), spacing=4)
        self.setWidget(area(self._rows))
        self._shown: list[Remark] = []
        self._widgets: list[QWidget] = []
        self.buttons: list[QPushButton] = []
        self.hide()

    @property
    def sentences(self) -> list[str]:
        """Return what is said."""
        return [remark.sentence for remark in self._shown]

    def show_remarks(self, remarks: Sequence[Remark]) -> None:
        """Show these and no others."""
        if list(remarks) == self._shown:
            return
        self._shown = list(remarks)
        for widget in self._widgets:
            self._rows.removeWidget(widget)
            widget.deleteLater()
        self.buttons = []
        self._widgets = [self._row(remark) for remark in remarks]
        for widget in self._widgets:
            self._rows.addWidget(widget)
        self.setVisible(bool(remarks))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that the sentences need at this width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        needed = self._rows.totalHeightForWidth(self.viewport().width())
        self.setFixedHeight(max(0, min(needed, px(_HIGHEST))))

    def _row(self, remark: Remark) -> QWidget:
        label = text_label("pending", remark.sentence)
        buttons = [
            push_button(words, partial(self._on_clicked, dict(fields)))
            for words, fields in remark.offers
        ]
        self.buttons += buttons
        if len(buttons) > 1:
            return area(fill(QVBoxLayout(), label, flow(*buttons), spacing=4))
        row = fill(QHBoxLayout(), label, stretch=label)
        for button in buttons:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return area(row)

    def _on_clicked(self, correction: dict[str, object], _checked: bool = False) -> None:
        self.corrected.emit(correction)
