"""The controls of the title row of a picture: choices and small buttons."""

import itertools
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolButton, QWidget

from linreg_gui.look.flow import FlowLayout
from linreg_gui.look.inputs import ChoiceBox
from linreg_gui.look.plain import set_tip
from linreg_gui.runs.run import Run
from linreg_gui.texts import in_a_row, shortened_name, tr


class Segments(QWidget):
    """A few choices side by side, one of them checked.

    Attributes
    ----------
    group : QButtonGroup
        Its ``idClicked`` passes the index of the choice.
    """

    def __init__(self, texts: Sequence[str], tips: Sequence[str] = ()) -> None:
        super().__init__()
        self.group = QButtonGroup(self)
        row = FlowLayout(self, spacing=0)
        for index, (text, tip) in enumerate(itertools.zip_longest(texts, tips, fillvalue="")):
            button = small_button(text, tip)
            button.setCheckable(True)
            self.group.addButton(button, index)
            row.addWidget(button)
        self.choose(0)

    def choose(self, index: int | None) -> None:
        """Check choice ``index``, or none. Tab stops at the one that is checked."""
        self.group.setExclusive(index is not None)
        policy = Qt.FocusPolicy
        for each, button in enumerate(self.group.buttons()):
            button.setChecked(each == index)
            stops = index in {None, each}
            button.setFocusPolicy(policy.TabFocus if stops else policy.NoFocus)


class Chooser(ChoiceBox):
    """A drop-down list as wide as its longest text. ``words`` describe the choice."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.setProperty("compact", True)
        self.setSizeAdjustPolicy(Chooser.SizeAdjustPolicy.AdjustToContents)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)
        set_tip(self, words)

    def sizeHint(self) -> QSize:
        """Leave room for the longest text: Qt's own size can be some pixels short of it."""
        hint = super().sizeHint()
        metrics = self.fontMetrics()
        texts = (self.itemText(index) for index in range(self.count()))
        widest = max(map(metrics.horizontalAdvance, texts), default=0)
        return hint + QSize(max(0, widest - self.field_of(hint).width()), 0)


class PairChooser(Chooser):
    """The two parameters on a picture's axes: pairs of indices, the bias last."""

    def __init__(self) -> None:
        super().__init__(tr("The two parameters on the axes"))

    def offer(self, run: Run) -> None:
        """Offer the pairs of the parameters of ``run``; hide if there is only one."""
        names = [shortened_name(name) for name in run.parameter_names()]
        pairs = itertools.combinations(range(len(names)), 2)
        self.set_choices({(i, j): in_a_row([names[i], names[j]]) for i, j in pairs})
        self.setVisible(self.count() > 1)


def small_button(text: str, tip: str = "") -> QToolButton:
    """Return a button for a picture's title row; ``tip`` says what it does."""
    button = QToolButton()
    button.setText(text)
    set_tip(button, tip)
    has_words = any(map(str.isalpha, text))
    button.setAccessibleName(text if has_words else tip)
    button.setAccessibleDescription(tip if has_words else "")
    button.setProperty("compact", True)
    return button
