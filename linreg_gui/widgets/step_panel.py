"""Inside one step: the code that runs, and beside it what it computes."""

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.inspector import Inspector
from linreg_gui.training.anatomy import Anatomy, Phase
from linreg_gui.training.config import Engine
from linreg_gui.training.lesson_source import lesson_source
from linreg_gui.training.numbers import format_whole
from linreg_gui.widgets.code_view import CodeView
from linreg_gui.widgets.gradient_check_view import GradientCheckView
from linreg_gui.widgets.network_picture import NetworkPicture
from linreg_gui.widgets.plots.frame import Segments, small_button
from linreg_gui.widgets.step_html import step_html
from linreg_gui.widgets.step_words import phase_words
from linreg_gui.widgets.text_label import text_label
from linreg_gui.widgets.theme import BASE_PIXELS, GRID, Theme

_CODE_WIDTH = 556
"""At this width all of the lesson's lines have room in the usual size; at more they are larger."""

_MOST_PIXELS = 22
_WIDTH_FOR_TWO = 1200
"""From here on the numbers stand beside the code, else below it."""


class StepPanel(QFrame):
    """The lesson's code with its lines lit, its numbers, the network and the gradient check.

    Shows what the inspector has, and asks it to work while it can be seen.
    """

    def __init__(self, controller: TrainingController, inspector: Inspector, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setMinimumWidth(360)
        self._controller = controller
        self._inspector = inspector
        self._theme = theme
        self._name, self._place = text_label("title"), text_label("muted")
        self.phases = Segments([phase_words(phase).short for phase in Phase])
        for phase, button in zip(Phase, self.phases.group.buttons(), strict=True):
            button.setToolTip(phase_words(phase).name)
            button.setAccessibleName(phase_words(phase).name)
        self.phases.group.idClicked.connect(self._on_phase_chosen)
        self.code = CodeView(theme)
        self.code.setAccessibleName(tr("The lesson's code"))
        self.values = QTextBrowser()
        self.values.setWordWrapMode(QTextOption.WrapMode.WordWrap)  # numbers stay whole
        self.values.setAccessibleName(tr("Numbers of this step"))
        self.network = NetworkPicture(theme)
        self.network.example_chosen.connect(inspector.choose_example)
        self.check = GradientCheckView(theme)
        self.pages = Segments([tr("numbers"), tr("network"), tr("gradient check")])
        self.pages.group.idClicked.connect(self._on_page_chosen)
        self._stack = QStackedWidget()
        for page in (self.values, self.network, self.check):
            self._stack.addWidget(page)
        self._lay_out()
        self._page_timer = QTimer(self)
        self._page_timer.setSingleShot(True)
        self._page_timer.timeout.connect(self._show_page)
        inspector.changed.connect(self._show)
        theme.changed.connect(self._show)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID // 2)
        top.addWidget(self._name, 1)
        top.addWidget(self._button(tr("Back"), tr("Undo the last phase (Shift+I)"), back=True))
        top.addWidget(self._button(tr("In"), tr("Run the next phase (I)"), back=False))
        below = QVBoxLayout()
        below.setSpacing(GRID // 2)
        below.addWidget(self.pages, 0, Qt.AlignmentFlag.AlignLeft)
        below.addWidget(self._stack, 1)
        below.setContentsMargins(0, 0, 0, 0)
        lower = QWidget()
        lower.setLayout(below)
        self._halves = QSplitter(Qt.Orientation.Vertical)
        self._halves.setChildrenCollapsible(False)
        self._halves.setHandleWidth(GRID)
        self._halves.addWidget(self.code)
        self._halves.addWidget(lower)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, GRID, 12, GRID)
        column.setSpacing(GRID // 2)
        column.addLayout(top)
        column.addWidget(self._place)
        column.addWidget(self.phases, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._halves, 1)

    def _button(self, words: str, tip: str, *, back: bool) -> QToolButton:
        button = small_button(words)
        button.setToolTip(tip)
        button.clicked.connect(self._inspector.back if back else self._inspector.forward)
        return button

    @Slot()
    def _show(self) -> None:
        if not self.isVisible():
            return
        anatomy, phase = self._inspector.anatomy, self._inspector.phase
        self._place.setText(self._place_words(anatomy))
        self.phases.choose(None if anatomy is None else phase)
        self._name.setText(tr("Inside one step") if anatomy is None else phase_words(phase).name)
        self.code.set_code(lesson_source() if anatomy is None else anatomy.source)
        if anatomy is not None:
            self.code.light(anatomy.lines[phase].running, anatomy.lines[phase].calling)
        self._page_timer.start()  # what the hand does meanwhile comes between

    @Slot()
    def _show_page(self) -> None:
        """Bring the page that can be seen up to date."""
        inspector, run = self._inspector, self._controller.current_run
        anatomy, phase, example = inspector.anatomy, inspector.phase, inspector.example
        page = self._stack.currentWidget()
        if run is None:
            self._show_values("")
        elif page is self.network:
            self.network.set_names(run.problem.trained.feature_names, run.dataset.target_name)
            self.network.show_step(anatomy, phase, example)
        elif page is self.check:
            self.check.show_report(inspector.report, run.parameter_names())
        elif anatomy is None:
            self._show_values("")
        else:
            pixels = self.code.font().pixelSize()
            html = step_html(anatomy, phase, example, run, self._theme.palette, pixels)
            self._show_values(html)
            if anatomy.dimension > 2 and phase in {Phase.FORWARD, Phase.LOSS}:
                # Their columns are the last ones of a wide table.
                bar = self.values.horizontalScrollBar()
                bar.setValue(bar.maximum())

    def _show_values(self, html: str) -> None:
        """Show other numbers in the same place: who has scrolled to some wants to see those."""
        bar = self.values.verticalScrollBar()
        place = bar.value()
        self.values.setHtml(html)
        bar.setValue(place)

    def _place_words(self, anatomy: Anatomy | None) -> str:
        run = self._controller.current_run
        if run is None or anatomy is None:
            return tr("At the start. “In” takes the first minibatch.")
        words = tr("Step {step} · batch {batch} of {batches} · epoch {epoch}").format(
            step=format_whole(anatomy.step),
            batch=format_whole(run.batch_at(anatomy.step)),
            batches=format_whole(run.history.steps_per_epoch),
            epoch=format_whole(run.epoch_at(anatomy.step)),
        )
        if anatomy.is_short:
            words += " · " + tr("short last batch: {size} of {full}").format(
                size=format_whole(anatomy.size), full=format_whole(anatomy.full_size)
            )
        if run.config.engine is Engine.INSTANT:
            words += ". " + tr("The instant engine trains; here the lesson's code takes its step.")
        pictured = self._inspector.pictured_step
        if run.history.stride > 1 and not 0 <= anatomy.step - pictured <= 1:
            words += ". " + tr("The pictures show step {step}, the nearest that is kept.").format(
                step=format_whole(pictured)
            )
        return words

    @Slot(int)
    def _on_phase_chosen(self, index: int) -> None:
        self._inspector.go_to_phase(Phase(index))
        self._show()

    @Slot(int)
    def _on_page_chosen(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self._inspector.want_report(wanted=self._stack.currentWidget() is self.check)
        self._show_page()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the numbers beside the code where there is room."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDTH_FOR_TWO
        share = event.size().width() / (2 if wide else 1) / _CODE_WIDTH
        self.code.set_pixels(min(max(BASE_PIXELS, int(BASE_PIXELS * share)), _MOST_PIXELS))
        self._page_timer.start()
        self._halves.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to watch."""
        super().showEvent(event)
        self._inspector.watch("panel", wanted=True)
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        """Watch no longer."""
        super().hideEvent(event)
        self._inspector.watch("panel", wanted=False)
