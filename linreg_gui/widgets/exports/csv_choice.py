"""How a person wants the numbers of a table: exact, or as their spreadsheet reads them."""

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from linreg_gui.export.csv_file import EXACT, CsvDialect, spreadsheet_dialect
from linreg_gui.look.controls import fill, push_button, text_label
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import GRID, set_style_property
from linreg_gui.texts import tr

_WIDTH = 400


class DialectChoice(QWidget):
    """Offers both ways to write a table, each with what it looks like.

    Attributes
    ----------
    exact, spreadsheet : QRadioButton
        The two ways.
    """

    def __init__(self) -> None:
        super().__init__()
        self._spreadsheet = spreadsheet_dialect(QLocale.system().decimalPoint())
        self.exact = QRadioButton(tr("Exact, for programs"))
        self.exact.setChecked(True)
        self.spreadsheet = QRadioButton(tr("For a spreadsheet here"))
        looks = tr("0,05 with a comma, and semicolons between the cells.")
        if self._spreadsheet.decimal == ".":
            looks = tr("0.05 with a point, commas between the cells, and a mark for Excel.")
        fill(
            QVBoxLayout(self),
            self.exact,
            text_label("muted", tr("0.05 with a point, and commas between the cells.")),
            GRID,
            self.spreadsheet,
            text_label("muted", looks),
            spacing=4,
        )

    @property
    def dialect(self) -> CsvDialect:
        """Return what is chosen."""
        return EXACT if self.exact.isChecked() else self._spreadsheet


class CsvChoiceDialog(QDialog):
    """Asks how the numbers of a file should be written.

    Attributes
    ----------
    choice : DialectChoice
        The two ways.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Export a table"))
        self.choice = DialectChoice()
        go_on = push_button(tr("Choose a file…"), self.accept)
        set_style_property(go_on, "primary", True)
        go_on.setDefault(True)
        fill(
            QVBoxLayout(self),
            text_label("title", tr("How should numbers be written?")),
            self.choice,
            None,
            fill(QHBoxLayout(), None, push_button(tr("Cancel"), self.reject), go_on),
            margins=(24, 16, 24, 16),
            spacing=16,
        )
        keep_scaled(self, setMinimumWidth=_WIDTH)

    def chosen(self) -> CsvDialect | None:
        """Wait for the choice; None if the person gives up."""
        accepted = self.exec() == QDialog.DialogCode.Accepted
        self.deleteLater()
        return self.choice.dialect if accepted else None
