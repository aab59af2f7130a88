"""What is trained on, and what else can be: a table of one's own, or a classic."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.data.classics import Sample, samples
from linreg_gui.look.controls import scroller, text_label
from linreg_gui.look.theme import GRID
from linreg_gui.number_text import whole
from linreg_gui.settings import TrainingConfig
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController


class DataPanel(QFrame):
    """Names the data of the settings, and offers others; whoever listens gets them.

    Attributes
    ----------
    name, facts, skipped : QLabel
        What is trained on.
    open_button, paste_button, lesson_button : QPushButton
        Each has its signal.
    entries : tuple of SampleEntry
        One for each classic.

    Signals
    -------
    open_wanted(), paste_wanted()
        A person wants a table from a file, or from the clipboard.
    lesson_wanted()
        The lesson's own recipe is wanted.
    sample_wanted(Sample)
        A classic is wanted.
    """

    open_wanted = Signal()
    paste_wanted = Signal()
    lesson_wanted = Signal()
    sample_wanted = Signal(object)

    def __init__(self, controller: TrainingController) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self.name = text_label("group")
        self.facts = text_label("fact")
        self.skipped = text_label("muted")
        self.open_button = QPushButton(tr("Open a table…"))
        self.open_button.setToolTip(tr("Choose a file (Ctrl+O)"))
        self.open_button.clicked.connect(self.open_wanted)
        self.paste_button = QPushButton(tr("Paste from a spreadsheet"))
        self.paste_button.setToolTip(tr("Take the cells that were copied (Ctrl+V)"))
        self.paste_button.clicked.connect(self.paste_wanted)
        self.lesson_button = QPushButton(tr("Back to the lesson's data"))
        self.lesson_button.clicked.connect(self.lesson_wanted)
        self.entries = tuple(SampleEntry(sample) for sample in samples())
        for entry in self.entries:
            entry.clicked.connect(self._on_entry_clicked)
        self._lay_out()
        controller.settings_changed.connect(self._show_settings)
        self._show_settings()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 12, 1, 4)
        column.setSpacing(GRID)
        column.addLayout(self._head())
        column.addWidget(self._list(), 1)

    def _head(self) -> QVBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.paste_button)
        buttons.addStretch(1)
        head = QVBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.setSpacing(4)
        head.addWidget(text_label("title", tr("Data")))
        head.addSpacing(4)
        head.addWidget(self.name)
        head.addWidget(self.facts)
        head.addWidget(self.skipped)
        head.addSpacing(GRID)
        head.addLayout(buttons)
        head.addWidget(self.lesson_button, 0, Qt.AlignmentFlag.AlignLeft)
        head.addWidget(
            text_label("muted", tr("or drop a file on the window; CSV, TSV, .xlsx, .gz"))
        )
        head.addSpacing(GRID)
        head.addWidget(text_label("title", tr("Classic data sets")))
        return head

    def _list(self) -> QScrollArea:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(4, 0, 4, GRID)
        column.setSpacing(4)
        for entry in self.entries:
            column.addWidget(entry)
        column.addStretch(1)
        return scroller(content)

    @Slot()
    def _show_settings(self) -> None:
        settings = self._controller.settings
        data = settings.data
        self.name.setText(data.name if data else tr("Synthetic: the lesson's own recipe"))
        self.facts.setText(_facts(settings))
        self.skipped.setText(data.skipped.sentence if data else "")
        self.skipped.setVisible(bool(self.skipped.text()))
        self.lesson_button.setVisible(data is not None)
        for entry in self.entries:
            entry.show_in_use(data is not None and data.sample == entry.sample.name)

    @Slot()
    def _on_entry_clicked(self) -> None:
        entry = self.sender()
        assert isinstance(entry, SampleEntry)
        self.sample_wanted.emit(entry.sample)


class SampleEntry(QToolButton):
    """One classic; all of it is a button, checked while the classic is trained on.

    Attributes
    ----------
    sample : Sample
        What it offers.
    """

    def __init__(self, sample: Sample) -> None:
        super().__init__()
        self.sample = sample
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(sample.title)
        self.setAccessibleDescription(sample.teaches)
        self._mark = text_label("fact", tr("✓ in use"))
        self._mark.setWordWrap(False)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, GRID, 12, GRID)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        facts = (
            _counted(sample.rows, len(sample.features)),
            sample.source,
            sample.license,
        )
        grid.addWidget(text_label("title", sample.title), 0, 0)
        grid.addWidget(self._mark, 0, 1)
        grid.addWidget(text_label("fact", sample.teaches), 1, 0, 1, 2)
        grid.addWidget(text_label("muted", "\N{NO-BREAK SPACE}· ".join(facts)), 2, 0, 1, 2)
        for label in self.findChildren(QWidget):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_in_use(self, in_use: bool) -> None:
        """Mark it as what is trained on, or not."""
        self.setChecked(in_use)
        self._mark.setVisible(in_use)

    def nextCheckState(self) -> None:
        """Leave the mark to `show_in_use`: a click is only a wish."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press it, as the space bar does."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)


def _facts(settings: TrainingConfig) -> str:
    data = settings.data
    features = data.feature_names if data else [f"x{index}" for index in range(settings.features)]
    named = tr("Feature: {names}") if len(features) == 1 else tr("Features: {names}")
    return "\n".join(
        (
            _counted(settings.size, settings.features),
            named.format(names=", ".join(features)),
            tr("Target: {name}").format(name=data.target_name if data else "y"),
        )
    )


def _counted(examples: int, features: int) -> str:
    rows = tr("1 example") if examples == 1 else tr("{count} examples")
    columns = tr("1 feature") if features == 1 else tr("{count} features")
    return " · ".join((rows.format(count=whole(examples)), columns.format(count=features)))
