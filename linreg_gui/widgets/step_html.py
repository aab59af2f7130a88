"""The numbers of one step, its arithmetic and answers to questions, as rich text."""

from collections.abc import Iterator
from html import escape

from linreg_gui.texts import tr
from linreg_gui.training.anatomy import Anatomy, Phase
from linreg_gui.training.arithmetic import (
    write_average,
    write_loss,
    write_prediction,
    write_residual,
    write_update,
)
from linreg_gui.training.numbers import format_whole
from linreg_gui.training.run import Run
from linreg_gui.training.step_tables import MOST_ROWS, Table, minibatch_table, parameter_table
from linreg_gui.widgets.step_words import phase_words
from linreg_gui.widgets.theme import Palette


def step_html(
    anatomy: Anatomy, phase: Phase, example: int, run: Run, palette: Palette, pixels: int
) -> str:
    """Return what stands beside the code once ``phase`` is done, written so many pixels large."""
    names = run.parameter_names()
    minibatch = minibatch_table(anatomy, phase, run.problem.trained.feature_names)
    parts = [_table(minibatch, palette, pixels - 1)]
    if anatomy.size > MOST_ROWS:
        more = tr("… and {more} more examples").format(more=format_whole(anatomy.size - MOST_ROWS))
        parts.append(_paragraph(more, palette.muted, pixels))
    sums = [
        _paragraph(line, palette.text, pixels + 2)
        for line in equations(anatomy, phase, example, names)
    ]
    table = _table(parameter_table(anatomy, phase, names), palette, pixels - 1)
    parts += [*sums, table] if phase < Phase.BACKWARD else [table, *sums]
    parts += [_paragraph(answer, palette.muted, pixels) for answer in phase_words(phase).answers]
    return "".join(parts)


def equations(
    anatomy: Anatomy, phase: Phase, example: int, names: tuple[str, ...]
) -> Iterator[str]:
    """Yield what ``phase`` computes, written out; the prediction is that of ``example``."""
    rate, gradient = anatomy.learning_rate, anatomy.gradient.tolist()
    before, after = anatomy.before.tolist(), anatomy.after.tolist()
    predicted = anatomy.predictions[example].item()
    match phase:
        case Phase.FORWARD:
            x, w = anatomy.features[example], anatomy.before[:-1]
            written = write_prediction(x, w, before[-1], predicted, 4)
            yield f"{_row(anatomy, example)}: ŷ = {written.text}"
        case Phase.LOSS:
            target, residual = anatomy.target[example].item(), anatomy.residuals[example].item()
            difference = write_residual(predicted, target, residual, 4)
            yield f"{_row(anatomy, example)}: ŷ − y = {difference}"
            yield f"{anatomy.names.loss} = {write_loss(anatomy.residuals, anatomy.loss, 4)}"
        case Phase.UPDATE_W | Phase.UPDATE_B:
            last = anatomy.dimension
            for index in range(last) if phase is Phase.UPDATE_W else (last,):
                update = write_update(before[index], rate, gradient[index], after[index])
                yield f"{names[index]} ← {update}"
        case Phase.AVERAGE:
            yield write_average(anatomy.average_before, anatomy.loss, anatomy.average_after)


def _row(anatomy: Anatomy, example: int) -> str:
    return tr("row {row}").format(row=format_whole(anatomy.rows[example].item()))


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
