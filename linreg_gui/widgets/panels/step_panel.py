"""The panel that looks inside one step: code, numbers, the network and the gradient check."""

from collections.abc import Sequence
from html import escape
from itertools import accumulate, zip_longest

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent, QTextOption
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
)

from linreg_gui.anatomy.gradient_check import GradientReport, formulas, gradient_table
from linreg_gui.anatomy.step_trace import (
    MOST_ROWS,
    Phase,
    StepTrace,
    Table,
    equations,
    lesson_source,
    minibatch_table,
    parameter_table,
)
from linreg_gui.look.controls import area, fill, text_label
from linreg_gui.look.palette import Palette
from linreg_gui.look.plain import markup
from linreg_gui.look.scale import px
from linreg_gui.look.speech import announce
from linreg_gui.look.theme import BASE_PIXELS, GRID, Theme
from linreg_gui.number_text import whole
from linreg_gui.plots.title_row import Segments, small_button
from linreg_gui.runs.run import Run
from linreg_gui.settings import Engine
from linreg_gui.texts import paragraph, tr, trc
from linreg_gui.threads.brush import Brush
from linreg_gui.threads.controller import TrainingController
from linreg_gui.threads.inspector import Inspector
from linreg_gui.widgets.panels.code_view import CodeView
from linreg_gui.widgets.panels.network_picture import NetworkPicture
from linreg_gui.widgets.panels.phase_words import (
    more_examples,
    phase_notes,
    phase_words,
    picked_sentence,
    place_words,
)


def step_html(
    trace: StepTrace, phase: Phase, example: int, run: Run, picked: npt.NDArray[np.int64]
) -> str:
    """Return the tables, equations and sentences that stand beside the code after ``phase``.

    The examples at the places ``picked`` are marked, and counted.
    """
    names, features = run.parameter_symbols(), run.problem.trained.feature_names
    parts = [_table(minibatch_table(trace, phase, features, picked.tolist()))]
    if words := picked_sentence(trace, picked):
        parts.append(_paragraph("", f"● {words}"))
    if more := more_examples(trace, MOST_ROWS):
        parts.append(_paragraph("muted", more))
    sums = [_paragraph("sum", line) for line in equations(trace, phase, example, names)]
    parameters = _table(parameter_table(trace, phase, names))
    parts += [*sums, parameters] if phase < Phase.BACKWARD else [parameters, *sums]
    parts += [_paragraph("muted", note) for note in phase_notes(trace, phase, run)]
    return "".join(parts)


def check_html(report: GradientReport | None, names: Sequence[str], colors: Sequence[str]) -> str:
    """Return the gradient check, with dashes until there is a report; a color for each name."""
    table = _table(gradient_table(report, names), colors)
    if report is None:
        return _paragraph("title", "–") + table + _paragraph("", formulas("m"))
    return "".join(
        [
            _paragraph("title" if report.agrees else "error", report.verdict(names)),
            table,
            _paragraph("", formulas(whole(report.size))),
            *(_paragraph("muted", sentence) for sentence in report.explanations()),
        ]
    )


def _table(table: Table, colors: Sequence[str] = ()) -> str:
    """Return ``table``; ``colors`` mark its rows."""
    firsts = accumulate((span for _, span in table.groups), initial=0)
    groups = [
        _cell(
            text if span > 1 else _in_two_lines(text),
            fresh=first in table.fresh,
            head=True,
            span=span,
        )
        for first, (text, span) in zip(firsts, table.groups, strict=False)
    ]
    header = [_cell(text, fresh=i in table.fresh, head=True) for i, text in enumerate(table.header)]
    lines = [["<td></td>" if colors else "", *heads] for heads in (groups, header) if heads]
    for row, color in zip_longest(table.rows, colors):
        cells = [_cell(text, fresh=i in table.fresh, head=not i) for i, text in enumerate(row)]
        lines.append([f'<td><font color="{color}">━━</font></td>' if color else "", *cells])
    rows = "".join(f"<tr>{''.join(line)}</tr>" for line in lines)
    return f'<table cellspacing="0" cellpadding="2">{rows}</table>'


def _in_two_lines(head: str) -> str:
    """Return a heading whose second line is a shape or a difference, so that columns are narrow."""
    for sign in (" − ", " ("):
        if sign in head:
            return head.replace(sign, f"\n{sign.lstrip()}")
    return head


def _cell(text: str, *, fresh: bool, head: bool, span: int = 1) -> str:
    kind = ("fresh-head" if fresh else "head") if head else ("fresh" if fresh else "")
    words = "<br>".join(f"&nbsp;{escape(line)}" for line in text.split("\n")).replace(" ", "&nbsp;")
    return f'<td class="{kind}" align="right" valign="bottom" colspan="{span}">{words}</td>'


def _paragraph(role: str, text: str) -> str:
    return f'<p class="{role}">{escape(text)}</p>'.replace("\n", "<br>")


class _Page(QTextBrowser):
    """Tables and sentences that keep their place while the numbers change."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # formulas are, in every language
        self.setWordWrapMode(QTextOption.WrapMode.WordWrap)  # numbers stay whole
        self.setAccessibleName(name)

    def show_html(self, html: str, palette: Palette, pixels: int) -> None:
        """Show ``html`` in these colors; most of its text is ``pixels`` high."""
        bar = self.verticalScrollBar()
        place = bar.value()
        self.document().setDefaultStyleSheet(f"""
            table {{ margin-bottom: {px(8)}px; font-size: {pixels - 1}px; color: {palette.text} }}
            p {{ margin: 0 0 {px(6)}px 0; font-size: {pixels}px; color: {palette.text} }}
            .fresh, .fresh-head {{ background-color: {palette.accent_soft} }}
            .fresh-head, .title {{ font-weight: 600 }}
            .head, .muted {{ color: {palette.muted} }}
            .error {{ color: {palette.error} }}
            .sum {{ font-size: {pixels + 2}px }}
        """)
        self.setHtml(markup(html))
        bar.setValue(place)


_CODE_WIDTH = 480
"""At this width all lines of the lesson fit in the usual size. Wider code is larger."""

_LEAST_PIXELS, _MOST_PIXELS = 13, 22
_NARROWEST = 320
_PICTURES = {
    Phase.TAKE: "data",
    Phase.FORWARD: "data",
    Phase.LOSS: "data",
    Phase.BACKWARD: "landscape",
    Phase.UPDATE_W: "landscape",
    Phase.UPDATE_B: "landscape",
    Phase.AVERAGE: "loss",
}
"""The picture that shows what each phase does."""

_WIDTH_FOR_TWO = 1200
"""From this width on the numbers stand beside the code, else below it."""


class StepPanel(QFrame):
    """The lesson's code with its lines lit, its numbers, the network and the gradient check.

    Shows the inspector's step, and asks the inspector to work while the panel is visible.

    Attributes
    ----------
    phases, pages : Segments
        To choose a phase, and what is shown beside the code.
    place : QLabel
        Which step is shown.
    code : CodeView
    values : QTextBrowser
        The page with the numbers.
    network : NetworkPicture
    check : QTextBrowser
        The page with the gradient check.

    Signals
    -------
    picture_wanted(str)
        The picture of this name shows what a phase does, which a person has gone to.
    """

    picture_wanted = Signal(str)

    def __init__(
        self, controller: TrainingController, inspector: Inspector, brush: Brush, theme: Theme
    ) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setMinimumWidth(_NARROWEST)  # words are broken into lines, so it need not be scaled
        self._controller = controller
        self._inspector = inspector
        self._brush = brush
        self._theme = theme
        self._name, self.place = text_label("title"), text_label("muted")
        words = [phase_words(phase) for phase in Phase]
        self.phases = Segments([each.short for each in words], [each.name for each in words])
        self.phases.group.idClicked.connect(self._on_phase_chosen)
        self.code = CodeView(theme)
        self.code.setAccessibleName(tr("The lesson's code"))
        self.values = _Page(tr("Numbers of this step"))
        self.network = NetworkPicture(theme)
        self.network.example_chosen.connect(inspector.choose_example)
        self.check = _Page(tr("Gradient check"))
        self.pages = Segments([tr("numbers"), tr("network"), tr("gradient check")])
        self.pages.group.idClicked.connect(self._on_page_chosen)
        self._stack = QStackedWidget()
        for page in (self.values, self.network, self.check):
            self._stack.addWidget(page)
        self._halves = QSplitter(Qt.Orientation.Vertical)
        self._lay_out()
        self._page_timer = QTimer(self, singleShot=True)
        self._page_timer.timeout.connect(self._show_page)
        inspector.changed.connect(self._show)
        brush.changed.connect(self._show)
        inspector.phase_chosen.connect(self._on_phase_gone_to)
        theme.changed.connect(self._show)

    def _lay_out(self) -> None:
        back = small_button(tr("Back"), tr("Undo the last phase (Shift+I)"))
        back.clicked.connect(self._inspector.back)
        forward = small_button(
            trc("into the step; the opposite of Back", "In"), tr("Run the next phase (I)")
        )
        forward.clicked.connect(self._inspector.forward)
        small = GRID // 2
        top = fill(QHBoxLayout(), self._name, back, forward, spacing=small, stretch=self._name)
        below = fill(QVBoxLayout(), self.pages, self._stack, spacing=small, stretch=self._stack)
        self._halves.setChildrenCollapsible(False)
        self._halves.setHandleWidth(GRID)
        self._halves.addWidget(self.code)
        self._halves.addWidget(area(below))
        fill(
            QVBoxLayout(self),
            top,
            self.place,
            self.phases,
            self._halves,
            margins=(12, GRID, 12, GRID),
            spacing=small,
            stretch=self._halves,
        )

    @Slot()
    def _show(self) -> None:
        if not self.isVisible():
            return
        trace, phase = self._inspector.trace, self._inspector.phase
        self.place.setText(self._place_words(trace))
        self.phases.choose(None if trace is None else phase)
        self._name.setText(tr("Inside one step") if trace is None else phase_words(phase).name)
        self.code.set_code(lesson_source() if trace is None else trace.source)
        if trace is not None:
            self.code.light(trace.lines[phase].running, trace.lines[phase].calling)
        self._page_timer.start()  # input events that wait come first

    @Slot()
    def _show_page(self) -> None:
        """Bring the visible page up to date."""
        inspector, run = self._inspector, self._controller.current_run
        trace, phase, example = inspector.trace, inspector.phase, inspector.example
        palette, pixels = self._theme.palette, self.code.font().pixelSize()
        page = self._stack.currentWidget()
        if run is not None and page is self.network:
            self.network.set_names(run.problem.trained.feature_names, run.dataset.target_name)
            self.network.show_step(trace, phase, example)
        elif run is not None and page is self.check:
            names = run.parameter_symbols()
            strokes = (palette.parameter(index, len(names) - 1) for index in range(len(names)))
            html = check_html(inspector.report, names, [stroke.color for stroke in strokes])
            self.check.show_html(html, palette, pixels)
        elif run is None or trace is None:
            self.values.clear()
        else:
            html = step_html(trace, phase, example, run, self._brush.places)
            self.values.show_html(html, palette, pixels)
            if trace.dimension > 2 and phase in {Phase.FORWARD, Phase.LOSS}:
                # Their columns are the last ones of a wide table.
                bar = self.values.horizontalScrollBar()
                bar.setValue(bar.maximum())

    def _place_words(self, trace: StepTrace | None) -> str:
        run = self._controller.current_run
        if run is None or trace is None:
            return tr("At the start. “In” takes the first minibatch.")
        words, more = place_words(trace, run), []
        if run.config.engine is Engine.INSTANT:
            more.append(tr("The instant engine trains; here the lesson's code takes its step."))
        pictured = self._inspector.pictured_step
        if run.history.stride > 1 and not 0 <= trace.step - pictured <= 1:
            sentence = tr("The pictures show step {step}, the nearest that is kept.")
            more.append(sentence.format(step=whole(pictured)))
        return paragraph(tr("{words}.").format(words=words), *more) if more else words

    @Slot(int)
    def _on_phase_chosen(self, index: int) -> None:
        self._inspector.go_to_phase(Phase(index))
        self._show()

    @Slot(object)
    def _on_phase_gone_to(self, phase: Phase) -> None:
        """Ask for the picture that shows what the phase does."""
        if self.isVisible():
            announce(self._name, phase_words(phase).name)
            self.picture_wanted.emit(_PICTURES[phase])

    @Slot(int)
    def _on_page_chosen(self, index: int) -> None:
        self._stack.setCurrentIndex(index)
        self._inspector.want_report(wanted=self._stack.currentWidget() is self.check)
        self._show_page()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the numbers beside the code if there is room."""
        super().resizeEvent(event)
        wide = event.size().width() >= px(_WIDTH_FOR_TWO)
        share = event.size().width() / (2 if wide else 1) / px(_CODE_WIDTH)
        self.code.set_pixels(min(max(_LEAST_PIXELS, int(BASE_PIXELS * share)), _MOST_PIXELS))
        self._page_timer.start()
        self._halves.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to watch."""
        super().showEvent(event)
        self._inspector.watch(self, wanted=True)
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        """Watch no longer."""
        super().hideEvent(event)
        self._inspector.watch(self, wanted=False)
