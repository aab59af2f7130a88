"""The report of a run as one page of HTML or PDF, with its pictures as lines and letters."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QTextDocument

from linreg_gui.export.report import Report, report_html, report_of
from linreg_gui.look.palette import LIGHT
from linreg_gui.look.plain import markup
from linreg_gui.look.scale import at_full_scale
from linreg_gui.look.theme import base_font
from linreg_gui.number_text import whole
from linreg_gui.pieces import told
from linreg_gui.plots.figure import Figure
from linreg_gui.runs.run import Run
from linreg_gui.runs.states import state_words
from linreg_gui.texts import tr
from linreg_gui.widgets.exports.drawing import drawing_pdf, inner_svg, svg_of
from linreg_gui.widgets.exports.svg_fonts import adding_fonts

if TYPE_CHECKING:
    from linreg_gui.widgets.exports.kinds import Writing
    from linreg_gui.widgets.window.main_window import MainWindow

PICTURES = ("data", "loss", "parameters", "landscape")

_IN_HTML = QSize(460, 350)
_WIDTH, _LOWEST, _HIGHEST = 460, 240, 460
"""Of the pictures in a PDF, in their own pixels. They take the height that the text leaves."""

_PAGE, _MARGIN, _GAP = QSize(794, 1123), 44, 20
"""A4 in pixels at 100 %."""
_CENTIMETERS = 21.0
_LARGEST_TEXT, _SMALLEST_TEXT = 12, 4
_STYLE = (
    "* {{ color: #1c1d22 }} .title {{ font-size: {title}px; font-weight: 600; margin: 0 }}"
    ".heading {{ font-size: {heading}px; font-weight: 600; margin: 8px 0 2px 0 }}"
    "p, li, ul {{ margin: 0 }} th {{ font-weight: normal; text-align: left; color: #565a66 }}"
)


def write_report(window: "MainWindow", file: Path, person: str | None, suffix: str) -> "Writing":
    """Write the report of ``person`` on the run on screen, in the format of ``suffix``."""
    run = window.controller.run
    assert run is not None
    yield 0.0
    report = _report(window, run, person or "")
    yield 0.0
    page = _Page(report) if suffix == ".pdf" else None
    yield 0.1
    with ExitStack() as open_figures:
        figures: dict[str, Figure] = {}
        for name in PICTURES:
            picture = next(each for each in window.pictures if each.name == name)
            size = _IN_HTML if page is None else page.picture
            figure = Figure(picture, size, LIGHT, has_caption=False)
            open_figures.enter_context(closing(figure))
            figures[picture.title] = figure
            for _ in figure.preparing:
                yield 0.1 + 0.1 * len(figures)
            if figure.copy.shown_step is not None:  # the report is about the newest
                figure.show_step(run.history.step)
                yield 0.1 + 0.1 * len(figures)
        if page is not None:
            draw = partial(page.drawing, figures=[*figures.values()])
            drawing = drawing_pdf(draw, _PAGE, _CENTIMETERS, report.title)
            content = yield from told(drawing, 0.8)
        else:
            pictures: list[tuple[str, str]] = []
            for title, figure in figures.items():
                svg = svg_of(figure.paint, _IN_HTML, _IN_HTML, title)
                yield 0.5 + 0.1 * len(pictures)
                pictures.append((title, inner_svg(svg, f"p{len(pictures)}-")))
                yield 0.5 + 0.1 * len(pictures)
            html = report_html(report, pictures).encode()
            content = yield from told(adding_fonts(html), 0.9)
    file.write_bytes(content)
    return ""


def _report(window: "MainWindow", run: Run, person: str) -> Report:
    controller, session = window.controller, window.session
    outcome = controller.outcome or tr("{state} at step {step} of {steps}.").format(
        state=state_words(controller.state),
        step=whole(run.history.step),
        steps=whole(run.planned_steps),
    )
    entries = session.predict_first.entries_now if session.is_predicting else []
    now = dt.datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    return report_of(run, outcome, session.kept_runs.runs, entries, now, person)


class _Page:
    """A heading, four pictures and the tables, as large as there is room for.

    Attributes
    ----------
    picture : QSize
        How large the pictures are, before they are made smaller to fit beside one another.
    """

    def __init__(self, report: Report) -> None:
        self._width = _PAGE.width() - 2 * _MARGIN
        self._half = (self._width - _GAP) / 2
        self._scale = self._half / _WIDTH
        for pixels in range(_LARGEST_TEXT, _SMALLEST_TEXT - 1, -1):
            self._head = _document(report.head, pixels, self._width)
            self._left = _document(report.left, pixels, self._half)
            self._right = _document(report.right, pixels, self._half)
            self._foot = _document(report.foot, pixels, self._width)
            text = _height(self._head) + self._columns + _height(self._foot)
            room = (_PAGE.height() - 2 * _MARGIN - text) / 2 / self._scale
            if room >= _LOWEST:
                break
        self.picture = QSize(_WIDTH, min(max(_LOWEST, math.floor(room)), _HIGHEST))

    @property
    def _columns(self) -> float:
        return max(_height(self._left), _height(self._right))

    def drawing(self, painter: QPainter, figures: Sequence[Figure]) -> Iterator[None]:
        """Draw the page, a picture in each piece."""
        top = float(_MARGIN)
        _draw(painter, self._head, _MARGIN, top)
        top += _height(self._head)
        height = self._scale * self.picture.height()
        for index, figure in enumerate(figures):
            row, column = divmod(index, 2)
            painter.save()
            painter.translate(_MARGIN + column * (self._half + _GAP), top + row * height)
            painter.scale(self._scale, self._scale)
            figure.paint(painter)
            painter.restore()
            yield
        top += 2 * height
        _draw(painter, self._left, _MARGIN, top)
        _draw(painter, self._right, _MARGIN + self._half + _GAP, top)
        _draw(painter, self._foot, _MARGIN, top + self._columns)


def _document(html: str, pixels: int, width: float) -> QTextDocument:
    """Return a document with letters of this size, in so wide a column."""
    document = QTextDocument()
    document.setDocumentMargin(0)
    with at_full_scale():
        document.setDefaultFont(base_font(pixels))
    document.setDefaultStyleSheet(_STYLE.format(title=round(1.6 * pixels), heading=pixels + 1))
    for tag, instead in _INSTEAD.items():
        html = html.replace(tag, instead)
    document.setHtml(markup(html))
    document.setTextWidth(width)
    return document


_INSTEAD = {
    "<h1>": '<p class="title">',
    "</h1>": "</p>",
    "<h2>": '<p class="heading">',
    "</h2>": "</p>",
    "<table>": '<table width="100%" cellspacing="3" cellpadding="1">',
    'class="number"': 'align="right"',
}
"""Qt enlarges headings on its own, and knows these attributes but not their properties."""


def _height(document: QTextDocument) -> float:
    return document.size().height() if not document.isEmpty() else 0.0


def _draw(painter: QPainter, document: QTextDocument, left: float, top: float) -> None:
    painter.save()
    painter.translate(left, top)
    document.drawContents(painter)
    painter.restore()
