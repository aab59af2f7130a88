"""The data of the settings, and other data to choose: a table of your own, or a classic."""

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.data.classics import Sample, samples
from linreg_gui.data.dataset import counted_examples, counted_features
from linreg_gui.look.controls import area, fill, push_button, scroller, show_text, text_label
from linreg_gui.look.flow import flow
from linreg_gui.look.scale import keep_scaled
from linreg_gui.look.theme import GRID
from linreg_gui.settings import TrainingConfig
from linreg_gui.texts import breakable, in_a_row, quoted, tr, trn
from linreg_gui.threads.controller import TrainingController


class DataPanel(QFrame):
    """Names the data of the settings and offers other data.

    Attributes
    ----------
    name, facts, skipped : QLabel
        The data of the settings.
    open_button, paste_button, lesson_button : QPushButton
        Choose a file, the clipboard, or the lesson's data.
    entries : tuple of SampleEntry
        The classics.

    Signals
    -------
    open_wanted(), paste_wanted()
        The user wants a table from a file, or from the clipboard.
    sample_wanted(Sample)
        The user wants this classic.
    """

    open_wanted = Signal()
    paste_wanted = Signal()
    sample_wanted = Signal(object)

    def __init__(self, controller: TrainingController) -> None:
        super().__init__()
        self.setObjectName("card")
        self._controller = controller
        self.name = text_label("group")
        self.facts = text_label("fact")
        self.skipped = text_label("muted")
        self.open_button = push_button(
            tr("Open a table…"), self.open_wanted, tr("Choose a file (Ctrl+O)")
        )
        self.paste_button = push_button(
            tr("Paste from a spreadsheet"),
            self.paste_wanted,
            tr("Use the cells that you copied (Ctrl+V)"),
        )
        self.lesson_button = push_button(
            tr("Back to the lesson's data"), controller.use_synthetic_data
        )
        self.entries = tuple(SampleEntry(sample) for sample in samples())
        for entry in self.entries:
            entry.clicked.connect(partial(self.sample_wanted.emit, entry.sample))
        self._lay_out()
        controller.settings_changed.connect(self._show_settings)
        self._show_settings()

    def _lay_out(self) -> None:
        head = fill(
            QVBoxLayout(),
            self.name,
            self.facts,
            self.skipped,
            GRID,
            flow(self.open_button, self.paste_button, self.lesson_button),
            text_label("muted", tr("Or drop a file on the window: CSV, TSV, .xlsx, .ods, .gz")),
            GRID,
            text_label("title", tr("Classic data sets")),
            margins=(12, 8, 12, 0),
            spacing=4,
        )
        content = fill(QVBoxLayout(), head, *self.entries, None, margins=(4, 0, 4, 8), spacing=4)
        title = text_label("title", tr("Data"))
        keep_scaled(title, setContentsMargins=(16, 12, 16, 0))
        body = scroller(area(content))
        fill(QVBoxLayout(self), title, body, margins=(1, 1, 1, 4), spacing=0, stretch=body)

    @Slot()
    def _show_settings(self) -> None:
        settings = self._controller.settings
        data = settings.data
        drawn = tr("Synthetic data, drawn as in the lesson")
        name = quoted(str(data)) if data else drawn
        self.name.setText(breakable(name))
        self.facts.setText(breakable(_facts(settings)))
        show_text(self.skipped, data.skipped.sentence if data else "")
        self.lesson_button.setVisible(data is not None)
        for entry in self.entries:
            entry.show_in_use(data is not None and data.sample == entry.sample.name)


class SampleEntry(QToolButton):
    """A classic as one large button, checked while it is the data of the settings.

    Attributes
    ----------
    sample : Sample
        The classic.
    """

    def __init__(self, sample: Sample) -> None:
        super().__init__()
        self.sample = sample
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName(sample.title)
        self.setAccessibleDescription(sample.teaches)
        self._mark = text_label("fact", tr("✓ in use"), wraps=False)
        counted = (counted_examples(sample.rows), counted_features(len(sample.features)))
        facts = (*counted, sample.source, sample.license)
        grid = QGridLayout(self)
        keep_scaled(grid, setContentsMargins=(12, GRID, 12, GRID), setVerticalSpacing=2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(text_label("title", sample.title), 0, 0)
        grid.addWidget(self._mark, 0, 1)
        grid.addWidget(text_label("fact", sample.teaches), 1, 0, 1, 2)
        grid.addWidget(text_label("muted", "\N{NO-BREAK SPACE}· ".join(facts)), 2, 0, 1, 2)
        for label in self.findChildren(QWidget):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_in_use(self, in_use: bool) -> None:
        """Mark the classic as the data of the settings, or not."""
        self.setChecked(in_use)
        self._mark.setVisible(in_use)

    def nextCheckState(self) -> None:
        """Do nothing: a click does not check the button, `show_in_use` does."""


def _facts(settings: TrainingConfig) -> str:
    data = settings.data
    features = data.feature_names if data else [f"x{index}" for index in range(settings.features)]
    named = trn("Feature: {names}", "Features: {names}", len(features))
    target = tr("Target: {name}").format(name=data.target_name if data else "y")
    counted = f"{counted_examples(settings.size)} · {counted_features(settings.features)}"
    return "\n".join((counted, named.format(names=in_a_row(features)), target))
