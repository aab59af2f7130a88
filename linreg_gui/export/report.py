"""A report of a run on one page: what it was, how it ended, and what was predicted, as HTML."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from linreg_gui.analysis.landscape import Landscape
from linreg_gui.data.dataset import FloatArray, counted_features
from linreg_gui.guide.prediction_log import Entry, verdict_words
from linreg_gui.number_text import NOTHING, decimals_for, exact, fixed, significant, whole
from linreg_gui.runs.run import KeptRun, Run, differences
from linreg_gui.runs.states import state_words
from linreg_gui.settings import DEFAULTS, setting_words, used_settings, value_words
from linreg_gui.texts import in_a_row, tr, without_marks

MOST_ROWS = 6
"""Of kept runs and predictions each, the newest: the report has one page."""

_MOST_MESSAGES = 4
_MOST_NAMED = 3
_TO_FILL_IN = "_" * 40


@dataclass(frozen=True)
class Report:
    """All of a report but its pictures, as HTML in which all that others wrote is escaped.

    Attributes
    ----------
    title : str
        What was learned from what, as text.
    head : str
        The title, whose report it is, when it was, and how the run ended.
    left, right : str
        Parameters, fit and settings, in two columns.
    foot : str
        Messages, kept runs and predictions, as far as there are any.
    """

    title: str
    head: str
    left: str
    right: str
    foot: str


def report_of(
    run: Run,
    outcome: str,
    kept_runs: Sequence[KeptRun],
    entries: Sequence[Entry],
    date: str,
    person: str = "",
) -> Report:
    """Return the report of ``run`` as it is now.

    ``outcome`` says how it ended, or where it is. ``entries`` are the predictions to tell of.
    Without a ``person`` there is a line to write the name on.
    """
    dataset, names = run.dataset, run.dataset.feature_names
    title = tr("Linear regression: {target} from {features}").format(
        target=dataset.target_name,
        features=in_a_row(names) if len(names) <= _MOST_NAMED else counted_features(len(names)),
    )
    left, fit = _section(tr("Parameters"), _parameters(run)), _section(tr("Fit"), _fit(run))
    right = _section(tr("Settings"), _settings(run))
    left, right = (left + fit, right) if len(names) <= _MOST_NAMED else (left, fit + right)
    others = any(kept.run.number != run.number for kept in kept_runs)
    foot = (
        (tr("Messages"), _messages(run)),
        (tr("Kept runs"), _kept_runs(kept_runs) if others else ""),
        (tr("Predictions"), _predictions(entries) if entries else ""),
    )
    name = tr("Name: {name}").format(name=person or _TO_FILL_IN)
    lines = (name, f"{date} · {outcome}")
    return Report(
        title=without_marks(title),
        head=f"<h1>{_text(title)}</h1>" + "".join(f"<p>{_text(line)}</p>" for line in lines),
        left=left,
        right=right,
        foot="".join(_section(heading, html) for heading, html in foot if html),
    )


def _messages(run: Run) -> str:
    said = [*dict.fromkeys(run.messages)][:_MOST_MESSAGES]
    for change in run.history.rate_marks[-_MOST_MESSAGES:]:
        words = tr("From step {step} on the learning rate was {rate}.")
        said.append(words.format(step=whole(change.step), rate=exact(change.learning_rate)))
    items = "".join(f"<li>{_text(sentence)}</li>" for sentence in said)
    return f"<ul>{items}</ul>" if said else ""


def _parameters(run: Run) -> str:
    truth, best = run.dataset.true_parameters, run.references.parameters
    start, now = run.parameters_at(0).tolist(), run.current_parameters.tolist()
    headings = ["", tr("start"), tr("now"), tr("least squares")]
    if truth is not None:
        headings.insert(3, tr("true"))
    rows = []
    for index, name in enumerate(run.parameter_names()):
        decimals = decimals_for(max(abs(best[index]), abs(start[index])))
        values = [start[index], now[index], best[index]]
        if truth is not None:
            values.insert(2, truth[index])
        rows.append([name, *(fixed(value, decimals) for value in values)])
    return _table(headings, rows)


def _fit(run: Run) -> str:
    training, testing, now = run.problem.training, run.problem.testing, run.history
    columns = [
        (tr("now"), _fit_texts(training, now.current_parameters)),
        (tr("least squares"), _fit_texts(training, training.optimum)),
    ]
    if testing is not None:
        columns.insert(1, (tr("held out"), _fit_texts(testing, now.current_parameters)))
    names = (tr("examples"), tr("loss"), tr("RMSE"), tr("R²"))
    rows = [[*row] for row in zip(names, *(texts for _, texts in columns), strict=True)]
    last = now.last
    facts = [
        (tr("mean loss of the last epoch"), now.recent_epoch_loss),
        (tr("moving average"), None if last is None else last.moving_loss),
    ]
    for name, value in facts:
        text = NOTHING if value is None else significant(value, 4)
        rows.append([name, text, *([""] * (len(columns) - 1))])
    return _table(["", *(heading for heading, _ in columns)], rows)


def _fit_texts(landscape: Landscape, parameters: FloatArray) -> tuple[str, ...]:
    loss = significant(landscape.loss(parameters), 4)
    return (whole(landscape.size), loss, *landscape.fit_texts(parameters))


def _settings(run: Run) -> str:
    config, lesson = run.config, setting_words(DEFAULTS)
    words = setting_words(config)
    rows = []
    for name, setting in used_settings(config).items():
        value = getattr(config, name)
        label = _text(setting.words().label)
        cell = _text(f"{value_words(value)} {setting.words().unit}")
        if words[name] != lesson.get(name):
            cell = f"<strong>{cell}</strong>"
        rows.append(f'<tr><th scope="row">{label}</th><td>{cell}</td></tr>')
    table = f"<table>{''.join(rows)}</table>"
    if "<strong>" not in table:
        return f"{table}<p>{_text(tr('All of these are the settings of the lesson.'))}</p>"
    return f"{table}<p>{_text(tr('Bold: not as in the lesson.'))}</p>"


def _kept_runs(kept_runs: Sequence[KeptRun]) -> str:
    shown = [*zip(kept_runs, differences(kept_runs), strict=True)][-MOST_ROWS:]
    rows = [
        [
            kept.title,
            words or tr("the same settings"),
            tr("Stopped by its rule") if kept.run.is_stopped else state_words(kept.state),
            whole(kept.run.history.step),
            significant(kept.final_loss, 4),
        ]
        for kept, words in shown
    ]
    headings = [tr("run"), tr("settings"), tr("outcome"), tr("steps"), tr("loss")]
    return _table(headings, rows, numbers=(3, 4)) + _left_out(len(kept_runs))


def _predictions(entries: Sequence[Entry]) -> str:
    rows = [
        [each.about, each.said, each.happened, verdict_words(each.is_right), each.person]
        for each in map(Entry.retold, entries[-MOST_ROWS:])
    ]
    headings = [tr("what"), tr("predicted"), tr("happened"), tr("verdict"), tr("who")]
    if not any(each.person for each in entries):
        headings, rows = headings[:-1], [row[:-1] for row in rows]
    return _table(headings, rows, numbers=()) + _left_out(len(entries))


def _left_out(count: int) -> str:
    if count <= MOST_ROWS:
        return ""
    words = tr("The newest {most} of {count}.").format(most=MOST_ROWS, count=whole(count))
    return f"<p>{_text(words)}</p>"


def _table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] | None = None
) -> str:
    """Return a table whose first column names the rows; by default all others are numbers."""
    columns = range(1, len(headings)) if numbers is None else numbers
    align = dict.fromkeys(columns, ' class="number"')
    head = "".join(
        f'<th scope="col"{align.get(column, "")}>{_text(words)}</th>'
        for column, words in enumerate(headings)
    )
    lines = [
        f'<tr><th scope="row">{_text(row[0])}</th>'
        + "".join(
            f"<td{align.get(column, '')}>{_text(cell)}</td>"
            for column, cell in enumerate(row[1:], 1)
        )
        + "</tr>"
        for row in rows
    ]
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def _text(words: str) -> str:
    return escape(without_marks(words).strip())


_STYLE = """
@page { size: A4; margin: 12mm }
body { font: 13px/1.35 "LinReg Sans", Inter, "Helvetica Neue", Arial, sans-serif; color: #1c1d22;
  background: #fff; max-width: 960px; margin: 24px auto; padding: 0 16px }
h1 { font-size: 22px; margin: 0 } h2 { font-size: 14px; margin: 12px 0 4px }
p, ul { margin: 4px 0 } ul { padding-left: 18px } header p, section p { color: #565a66 }
figure { margin: 0 } figure svg { width: 100%; height: auto; display: block }
.pictures, .columns { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 24px }
.pictures { margin: 12px 0 } section { break-inside: avoid; overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: 1px 8px 1px 0; text-align: left; vertical-align: top; font-weight: normal }
thead th { color: #565a66; border-bottom: 1px solid #c9ccd6 }
.number { text-align: right } strong { font-weight: 650 }
@media (max-width: 640px) { .pictures, .columns { grid-template-columns: 1fr } }
@media print { body { font-size: 9px; margin: 0; padding: 0; max-width: none }
  h1 { font-size: 16px } h2 { font-size: 10px; margin: 6px 0 2px } }
"""


def report_html(report: Report, pictures: Sequence[tuple[str, str]]) -> str:
    """Return the report as a page that needs no other file.

    ``pictures`` are the words for each picture and its SVG.
    """
    figures = "".join(
        f'<figure role="img" aria-label="{_text(words)}">{svg}</figure>' for words, svg in pictures
    )
    return (
        '<!DOCTYPE html>\n<html lang="en" xmlns="http://www.w3.org/1999/xhtml"><head>'
        '<meta charset="utf-8" />'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />'
        f"<title>{_text(report.title)}</title><style>{_STYLE}</style></head>"
        f'<body><header>{report.head}</header><main><div class="pictures">{figures}</div>'
        f'<div class="columns"><div>{report.left}</div><div>{report.right}</div></div>'
        f"{report.foot}</main></body></html>\n"
    )


def _section(heading: str, html: str) -> str:
    return f"<section><h2>{_text(heading)}</h2>{html}</section>"
