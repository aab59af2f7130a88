"""Linear regression as the smallest neural network, with one example flowing through it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from linreg_gui.anatomy.network import Contents, Label, contents_of
from linreg_gui.anatomy.step_trace import Phase, StepTrace
from linreg_gui.look.controls import LEFT, RIGHT, fill, text_label
from linreg_gui.look.scale import px, scale_factor
from linreg_gui.look.theme import BASE_PIXELS, GRID, Theme, base_font
from linreg_gui.number_text import whole
from linreg_gui.plots.layer import draw_marker
from linreg_gui.plots.title_row import small_button
from linreg_gui.texts import tr, trc

_DASH_PIXELS = (7.0, 5.0)
_CURVE = 28.0
"""How many pixels before the output the edges begin to come together."""

_NAME_SHARE, _OUTPUT_SHARE = 0.22, 0.32
"""Shares of the width."""

_LEAST_OUTPUT, _WIDEST_OUTPUT = 104.0, 148.0
_WIDE_INPUT, _WIDE_NUMBER = "−0.000", "−0.0000"
"""Nodes and edges have room for these, so nothing moves while ordinary numbers change."""

_HIGHEST_NODE, _OUTPUT_HEIGHT, _BIAS_HEIGHT, _LINE_HEIGHT = 32.0, 36.0, 26.0, 19.0
_HIGHEST_ROW = 64.0
_LINES = 2
"""How many lines are always free for words."""

_LEAST_ROW, _COMMON_ROW = 22, 26
_LEAST_HEIGHT, _COMMON_HEIGHT = 156, 168
_NARROWEST = 296


class NetworkPicture(QFrame):
    """A node for each feature, an edge with its weight, and the output with the bias.

    Attributes
    ----------
    heading, written : QLabel
        Which example is shown, and its computation.
    previous, next : QToolButton
        To the other examples of the minibatch.
    drawing : NetworkDrawing
        The nodes and edges.

    Signals
    -------
    example_chosen(int)
        The user wants to see this example of the minibatch, counted from 0.
    """

    example_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("frame")
        self._target = "y"
        self._example = self._examples = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Network"))
        self.heading = text_label("muted")
        self.previous = small_button("←", tr("Previous example (←)"))
        self.previous.clicked.connect(partial(self._go, -1))
        self.next = small_button("→", tr("Next example (→)"))
        self.next.clicked.connect(partial(self._go, 1))
        self.drawing = NetworkDrawing(theme)
        self.written = text_label("")
        self.written.setAlignment(Qt.AlignmentFlag.AlignTop)
        buttons = (self.previous, self.next)
        row = fill(QHBoxLayout(), self.heading, *buttons, spacing=0, stretch=self.heading)
        margins = (GRID - 1, GRID - 1, GRID - 1, GRID - 1)
        column = fill(QVBoxLayout(self), row, self.drawing, self.written, margins=margins)
        column.setStretchFactor(self.drawing, 1)
        self.show_step(None, Phase.TAKE, 0)

    def set_names(self, names: Sequence[str], target: str) -> None:
        """Call the features ``names``, and the predicted quantity ``target``."""
        self._target = target
        if tuple(names) != self.drawing.names:
            self.drawing.set_names(tuple(names))
            self._reserve(0)

    def show_step(self, trace: StepTrace | None, phase: Phase, example: int) -> None:
        """Show ``example`` of the minibatch, counted from 0, after ``phase``."""
        self._examples = 0 if trace is None else trace.size
        self._example = max(0, min(example, self._examples - 1))
        self.previous.setEnabled(self._example > 0)
        self.next.setEnabled(self._example < self._examples - 1)
        contents = None
        heading = tr("One example of a step will flow through here.")
        if trace is not None:
            contents = contents_of(trace, phase, self._example, self._target)
            heading = tr("Example {number} of {all} · row {row}").format(
                number=self._example + 1,
                all=trace.size,
                row=whole(int(trace.places[self._example])),
            )
        self.heading.setText(heading)
        for widget in (self.previous, self.next, self.written):
            widget.setVisible(trace is not None)
        if contents != self.drawing.contents:
            self.drawing.show_contents(contents)
            written = contents.written if contents else ""
            self.written.setText(_unbroken(written))
            self.setAccessibleDescription(in_words(written))
            self._reserve(self.written.minimumHeight())  # so that the picture does not move

    def _reserve(self, pixels: int) -> None:
        """Keep room for the text, for a text of `_LINES` lines, and at least ``pixels``."""
        needed = self.written.heightForWidth(self.width() - 2 * px(GRID))
        usual = _LINES * self.written.fontMetrics().lineSpacing()
        self.written.setMinimumHeight(max(needed, usual, pixels))

    def _go(self, examples: int) -> None:
        """Choose the example that comes this many later."""
        if 0 <= self._example + examples < self._examples:
            self.example_chosen.emit(self._example + examples)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the minibatch with the arrow keys."""
        match event.key():
            case Qt.Key.Key_Left:
                self._go(-1)
            case Qt.Key.Key_Right:
                self._go(1)
            case _:
                super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Reserve the room for words again."""
        super().resizeEvent(event)
        self._reserve(0)


class NetworkDrawing(QWidget):
    """The nodes and edges.

    Attributes
    ----------
    contents : Contents or None
        What is drawn; None before there is a step.
    names : tuple of str
        The names of the features.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.contents: Contents | None = None
        self.names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.updateGeometry)

    def set_names(self, names: tuple[str, ...]) -> None:
        """Set the names of the features."""
        self.names = names
        self.updateGeometry()
        self.update()

    def show_contents(self, contents: Contents | None) -> None:
        """Draw ``contents``."""
        self.contents = contents
        self.update()

    def _draw_edges(self, painter: QPainter, contents: Contents, places: "Places") -> None:
        palette, dimension = self._theme.palette, len(contents.edges)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for index, edge in enumerate(contents.edges):
            color = palette.parameter(index, dimension).color
            painter.setPen(_edge_pen(color, edge.width * scale_factor(), dashed=edge.negative))
            painter.drawPath(places.way(index))
        painter.setPen(_edge_pen(palette.bias.color, px(2), dashed=contents.bias_negative))
        x = places.output.center().x()
        painter.drawLine(QPointF(x, places.bias.bottom()), QPointF(x, places.output.top()))
        for label, y in zip(places.labels, places.rows, strict=True):
            self._draw_label(painter, places.on_edge(label, y), label)

    def _draw_inputs(self, painter: QPainter, contents: Contents, places: "Places") -> None:
        palette = self._theme.palette
        metrics = QFontMetricsF(_lead_font())
        for name, label, node in zip(self.names, contents.inputs, places.inputs, strict=True):
            rect = QRectF(0, node.top(), places.name_width, node.height())
            painter.setFont(_lead_font())
            painter.setPen(QColor(palette.muted))
            fitting = metrics.elidedText(name, Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(rect, RIGHT, fitting)
            self._draw_label(painter, node, label, palette.muted)

    def _draw_output(self, painter: QPainter, contents: Contents, places: "Places") -> None:
        palette = self._theme.palette
        self._draw_label(painter, places.bias, contents.bias, palette.bias.color)
        self._draw_label(painter, places.output, contents.output, palette.prediction.color)
        for index, label in enumerate(contents.compared):
            rect = places.under_output(label, index)
            self._draw_label(painter, rect, label)
            if not index:
                marker = QPointF(rect.left() - px(GRID / 2), rect.center().y())
                draw_marker(painter, palette.data, marker)

    def _draw_label(self, painter: QPainter, rect: QRectF, label: Label, border: str = "") -> None:
        """Draw ``label``, with a round ``border`` if it is a node."""
        palette = self._theme.palette
        painter.setPen(QPen(QColor(border), 1.5 * scale_factor()) if border else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.accent_soft if label.fresh else palette.surface))
        radius = rect.height() / 2 if border else px(4)
        painter.drawRoundedRect(rect, radius, radius)
        lead = label.lead if _width_of(label.number, label.lead) <= rect.width() else ""
        margin = (rect.width() - _width_of(label.number, lead) + px(GRID)) / 2
        inside = rect.adjusted(margin, 0, -margin, 0)
        painter.setFont(_number_font())
        painter.setPen(QColor(palette.text))
        painter.drawText(inside, RIGHT, label.number)
        painter.setFont(_lead_font())
        painter.setPen(QColor(palette.muted))
        painter.drawText(inside, LEFT, lead)

    def sizeHint(self) -> QSize:
        """Ask for a row for each feature."""
        return QSize(px(480), max(px(_COMMON_HEIGHT), px(_COMMON_ROW) * len(self.names)))

    def minimumSizeHint(self) -> QSize:
        """Keep the numbers apart."""
        return QSize(_NARROWEST, max(px(_LEAST_HEIGHT), px(_LEAST_ROW) * len(self.names)))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the network."""
        if (contents := self.contents) is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        places = Places(contents, self.names, self.width(), self.height())
        self._draw_edges(painter, contents, places)
        self._draw_inputs(painter, contents, places)
        self._draw_output(painter, contents, places)


class Places:
    """Where everything is, in pixels.

    Attributes
    ----------
    rows : list of float
        The heights at which the edges start.
    inputs : list of QRectF
        The nodes of the features.
    bias, output : QRectF
        The other nodes.
    labels : list of Label
        The labels of the edges, without their leads if these have no room.
    name_width : float
        The room for the names of the features.
    """

    def __init__(
        self, contents: Contents, names: tuple[str, ...], width: float, height: float
    ) -> None:
        count, middle = len(contents.edges), height / 2
        row = min(height / count, px(_HIGHEST_ROW))
        self.rows = [middle + row * (index - (count - 1) / 2) for index in range(count)]
        self._right = width - 1
        output = min(max(px(_LEAST_OUTPUT), _OUTPUT_SHARE * width), px(_WIDEST_OUTPUT))
        left = self._right - output
        self.bias = QRectF(left, 1, output, px(_BIAS_HEIGHT))
        self.output = QRectF(left, middle - px(_OUTPUT_HEIGHT) / 2, output, px(_OUTPUT_HEIGHT))
        self._label_right = left - px(_CURVE)
        labels = [edge.label for edge in contents.edges]
        inputs = (_WIDE_INPUT, *(label.number for label in contents.inputs))
        numbers = (_WIDE_NUMBER, *(label.number for label in labels))
        node = QSizeF(max(map(_width_of, inputs)) + px(GRID), min(px(_HIGHEST_NODE), row - 4))
        room = self._label_right - node.width() - px(1.5 * GRID)
        left_over = max(0.0, room - max(map(_width_of, numbers)))
        longest = max(QFontMetricsF(_lead_font()).horizontalAdvance(name) for name in names)
        self.name_width = min(longest, _NAME_SHARE * width, left_over)
        needed = max(_width_of(label.number, label.lead) for label in labels)
        has_leads = needed <= room - self.name_width
        self.labels = labels if has_leads else [replace(label, lead="") for label in labels]
        left = self.name_width + px(GRID)
        self.inputs = [QRectF(QPointF(left, y - node.height() / 2), node) for y in self.rows]

    def on_edge(self, label: Label, y: float) -> QRectF:
        """Return the place of ``label`` on the edge that starts at height ``y``."""
        width, height = _width_of(label.number, label.lead), px(_LINE_HEIGHT)
        return QRectF(self._label_right - width, y - height / 2, width, height)

    def under_output(self, label: Label, index: int) -> QRectF:
        """Return the place of a line under the output."""
        width = _width_of(label.number, label.lead)
        left = min(self.output.center().x() - width / 2, self._right - width)
        top = self.output.bottom() + 2 + index * px(_LINE_HEIGHT)
        return QRectF(left, top, width, px(_LINE_HEIGHT))

    def way(self, index: int) -> QPainterPath:
        """Return an edge: level up to its number, and from there a curve to the output."""
        y, right = self.rows[index], self.output.left()
        spread = (self.rows[-1] - self.rows[0]) or 1.0
        end = self.output.center().y()
        end += (y - end) / spread * self.output.height() / 2
        middle = (self._label_right + right) / 2
        path = QPainterPath(QPointF(self.inputs[index].right(), y))
        path.lineTo(self.on_edge(self.labels[index], y).left(), y)
        path.moveTo(self._label_right, y)
        path.cubicTo(QPointF(middle, y), QPointF(middle, end), QPointF(right, end))
        return path


def _unbroken(text: str) -> str:
    """Return ``text`` so that lines of an equation break only between the terms of a sum."""
    return re.sub("(?<=[=≈→×−+:]) | (?=[=≈→×−])", "\N{NO-BREAK SPACE}", text)


def in_words(written: str) -> str:
    """Return an equation as it is read aloud."""
    times = trc("an equation, read aloud", "times")
    for sign, word in (
        ("·", f" {times} "),
        ("×", times),
        ("(", ""),
        (")", ""),
        ("²", f" {tr('squared')}"),
        ("−", f"{tr('minus')} "),
        ("+", tr("plus")),
        ("=", trc("an equation, read aloud", "is")),
        ("≈", tr("is about")),
        ("→", trc("an equation, read aloud", "to")),
    ):
        written = written.replace(sign, word)
    return written.replace("  ", " ")


def _edge_pen(color: str, width: float, *, dashed: bool) -> QPen:
    pen = QPen(QColor(color), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashed:  # Qt counts dashes in widths of the pen
        pen.setDashPattern([px(pixels) / width for pixels in _DASH_PIXELS])
    return pen


def _width_of(number: str, lead: str = "") -> float:
    """Return the width of a label, margins included."""
    width = QFontMetricsF(_number_font()).horizontalAdvance(number) + px(GRID)
    return width + QFontMetricsF(_lead_font()).horizontalAdvance(f"{lead} ") if lead else width


def _lead_font() -> QFont:
    return base_font(13)


def _number_font() -> QFont:
    return base_font(BASE_PIXELS, QFont.Weight.DemiBold)
