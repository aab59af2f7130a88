"""The panel that looks inside one step: code, numbers and words, phase by phase."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

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

from linreg_gui.anatomy.arithmetic import (
    write_average,
    write_loss,
    write_prediction,
    write_residual,
    write_update,
)
from linreg_gui.anatomy.step_trace import Phase, StepTrace, lesson_source
from linreg_gui.anatomy.tables import MOST_ROWS, Table, minibatch_table, parameter_table
from linreg_gui.look.controls import text_label
from linreg_gui.look.palette import Palette
from linreg_gui.look.theme import BASE_PIXELS, GRID, Theme
from linreg_gui.number_text import whole
from linreg_gui.plots.card import Segments, small_button
from linreg_gui.runs.run import Run
from linreg_gui.settings import Engine
from linreg_gui.texts import tr
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.inspector import Inspector
from linreg_gui.widgets.panels.code_view import CodeView
from linreg_gui.widgets.panels.gradient_check_view import GradientCheckView
from linreg_gui.widgets.panels.network_picture import NetworkPicture


@dataclass(frozen=True)
class PhaseWords:
    """What a phase is called in little room, and at length, and what is to be said about it."""

    short: str
    name: str
    answers: tuple[str, ...]


def phase_words(phase: Phase) -> PhaseWords:
    """Return the words for ``phase``, in the user's language."""
    return {
        Phase.TAKE: PhaseWords(
            tr("batch"),
            tr("Take a minibatch"),
            (
                tr(
                    "“Stochastic” means just this: a few examples, drawn at random, stand for all "
                    "of them."
                ),
                tr(
                    "reset() deals the examples anew, once an epoch. Without it the iterator stays "
                    "at its end and gives no further batch."
                ),
                tr(
                    "reshape((-1, 1)) makes y a column like ŷ. A flat y would broadcast: m × m "
                    "differences instead of m, and the model would only learn the mean."
                ),
            ),
        ),
        Phase.FORWARD: PhaseWords(
            tr("ŷ"),
            tr("Forward: predict"),
            (
                tr(
                    "One product predicts all the rows at once, while autograd writes down each "
                    "operation for the way back."
                ),
            ),
        ),
        Phase.LOSS: PhaseWords(
            tr("loss"),
            tr("Forward: the loss"),
            (
                tr(
                    "Squares do not cancel one another, and their mean does not grow with the "
                    "batch. A sum would make the gradient m times as long; a half in front, as "
                    "some books have it, half as long."
                ),
                tr(
                    "Even the true parameters leave the noise: the loss ends near its variance, "
                    "the square of its standard deviation, and not at 0."
                ),
            ),
        ),
        Phase.BACKWARD: PhaseWords(
            tr("grad"),
            tr("Backward: the gradients"),
            (
                tr(
                    "backward() goes back through what was written down, and leaves in w.grad and "
                    "b.grad how fast the loss rises as each parameter grows."
                ),
            ),
        ),
        Phase.UPDATE_W: PhaseWords(
            tr("w"),
            tr("Update the weights"),
            (
                tr("Each weight goes against its slope: by the gradient, times the learning rate."),
                tr(
                    "It is overwritten in place, by -= or w[:] = …: a new array under the old name "
                    "would have no gradient attached, and the next backward() would miss it."
                ),
            ),
        ),
        Phase.UPDATE_B: PhaseWords(
            tr("b"),
            tr("Update the bias"),
            (tr("The same for the bias, whose slope is twice the mean of the residuals."),),
        ),
        Phase.AVERAGE: PhaseWords(
            tr("avg"),
            tr("Smooth the loss"),
            (
                tr(
                    "Reading the loss as a number, with asscalar() or asnumpy(), waits until MXNet "
                    "has computed it. Everything before was only asked for."
                ),
                tr(
                    "The moving average starts at 0. So it rises at first, even while the loss "
                    "falls."
                ),
            ),
        ),
    }[phase]


def step_html(
    trace: StepTrace, phase: Phase, example: int, run: Run, palette: Palette, pixels: int
) -> str:
    """Return what stands beside the code once ``phase`` is done, written so many pixels large."""
    names = run.parameter_names()
    minibatch = minibatch_table(trace, phase, run.problem.trained.feature_names)
    parts = [_table(minibatch, palette, pixels - 1)]
    if trace.size > MOST_ROWS:
        more = tr("… and {more} more examples").format(more=whole(trace.size - MOST_ROWS))
        parts.append(_paragraph(more, palette.muted, pixels))
    sums = [
        _paragraph(line, palette.text, pixels + 2)
        for line in equations(trace, phase, example, names)
    ]
    table = _table(parameter_table(trace, phase, names), palette, pixels - 1)
    parts += [*sums, table] if phase < Phase.BACKWARD else [table, *sums]
    parts += [_paragraph(answer, palette.muted, pixels) for answer in phase_words(phase).answers]
    return "".join(parts)


def equations(
    trace: StepTrace, phase: Phase, example: int, names: tuple[str, ...]
) -> Iterator[str]:
    """Yield what ``phase`` computes, written out; the prediction is that of ``example``."""
    rate, gradient = trace.learning_rate, trace.gradient.tolist()
    before, after = trace.before.tolist(), trace.after.tolist()
    predicted = trace.predictions[example].item()
    match phase:
        case Phase.FORWARD:
            x, w = trace.features[example], trace.before[:-1]
            written = write_prediction(x, w, before[-1], predicted, 4)
            yield f"{_row(trace, example)}: ŷ = {written.text}"
        case Phase.LOSS:
            target, residual = trace.target[example].item(), trace.residuals[example].item()
            difference = write_residual(predicted, target, residual, 4)
            yield f"{_row(trace, example)}: ŷ − y = {difference}"
            yield f"{trace.names.loss} = {write_loss(trace.residuals, trace.loss, 4)}"
        case Phase.UPDATE_W | Phase.UPDATE_B:
            last = trace.dimension
            for index in range(last) if phase is Phase.UPDATE_W else (last,):
                update = write_update(before[index], rate, gradient[index], after[index])
                yield f"{names[index]} ← {update}"
        case Phase.AVERAGE:
            yield write_average(trace.average_before, trace.loss, trace.average_after)


def _row(trace: StepTrace, example: int) -> str:
    return tr("row {row}").format(row=whole(trace.rows[example].item()))


def _table(table: Table, palette: Palette, pixels: int) -> str:
    groups, first = "", 0
    for text, span in table.groups:
        groups += _cell(text, palette, span=span, fresh=first in table.fresh, head=True)
        first += span
    header = "".join(
        _cell(text, palette, fresh=index in table.fresh, head=True)
        for index, text in enumerate(table.header)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            _cell(text, palette, fresh=index in table.fresh, head=index == 0)
            for index, text in enumerate(row)
        )
        + "</tr>"
        for row in table.rows
    )
    return (
        f'<table cellspacing="0" cellpadding="2" style="margin-bottom: 8px; font-size: {pixels}px">'
        f"<tr>{groups}</tr>{f'<tr>{header}</tr>' if header else ''}{rows}</table>"
    )


def _cell(
    text: str, palette: Palette, *, span: int = 1, fresh: bool = False, head: bool = False
) -> str:
    """Return a cell; what is fresh stands out, and what it is called is less bright."""
    color = palette.muted if head and not fresh else palette.text
    ground = f' bgcolor="{palette.accent_soft}"' if fresh else ""
    weight = ' style="font-weight: 600"' if fresh and head else ""
    return (
        f'<td align="right" colspan="{span}"{ground}>'
        f'<font color="{color}"{weight}>&nbsp;{_unbroken(escape(text))}</font></td>'
    )


def _unbroken(text: str) -> str:
    return text.replace(" ", "&nbsp;")


def _paragraph(text: str, color: str, pixels: int) -> str:
    return f'<p style="color: {color}; font-size: {pixels}px; margin: 0 0 6px 0">{escape(text)}</p>'


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
        trace, phase = self._inspector.trace, self._inspector.phase
        self._place.setText(self._place_words(trace))
        self.phases.choose(None if trace is None else phase)
        self._name.setText(tr("Inside one step") if trace is None else phase_words(phase).name)
        self.code.set_code(lesson_source() if trace is None else trace.source)
        if trace is not None:
            self.code.light(trace.lines[phase].running, trace.lines[phase].calling)
        self._page_timer.start()  # what the hand does meanwhile comes between

    @Slot()
    def _show_page(self) -> None:
        """Bring the page that can be seen up to date."""
        inspector, run = self._inspector, self._controller.current_run
        trace, phase, example = inspector.trace, inspector.phase, inspector.example
        page = self._stack.currentWidget()
        if run is None:
            self._show_values("")
        elif page is self.network:
            self.network.set_names(run.problem.trained.feature_names, run.dataset.target_name)
            self.network.show_step(trace, phase, example)
        elif page is self.check:
            self.check.show_report(inspector.report, run.parameter_names())
        elif trace is None:
            self._show_values("")
        else:
            pixels = self.code.font().pixelSize()
            html = step_html(trace, phase, example, run, self._theme.palette, pixels)
            self._show_values(html)
            if trace.dimension > 2 and phase in {Phase.FORWARD, Phase.LOSS}:
                # Their columns are the last ones of a wide table.
                bar = self.values.horizontalScrollBar()
                bar.setValue(bar.maximum())

    def _show_values(self, html: str) -> None:
        """Show other numbers in the same place: who has scrolled to some wants to see those."""
        bar = self.values.verticalScrollBar()
        place = bar.value()
        self.values.setHtml(html)
        bar.setValue(place)

    def _place_words(self, trace: StepTrace | None) -> str:
        run = self._controller.current_run
        if run is None or trace is None:
            return tr("At the start. “In” takes the first minibatch.")
        words = tr("Step {step} · batch {batch} of {batches} · epoch {epoch}").format(
            step=whole(trace.step),
            batch=whole(run.batch_at(trace.step)),
            batches=whole(run.history.steps_per_epoch),
            epoch=whole(run.epoch_at(trace.step)),
        )
        if trace.is_short:
            words += " · " + tr("short last batch: {size} of {full}").format(
                size=whole(trace.size), full=whole(trace.full_size)
            )
        if run.config.engine is Engine.INSTANT:
            words += ". " + tr("The instant engine trains; here the lesson's code takes its step.")
        pictured = self._inspector.pictured_step
        if run.history.stride > 1 and not 0 <= trace.step - pictured <= 1:
            words += ". " + tr("The pictures show step {step}, the nearest that is kept.").format(
                step=whole(pictured)
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
