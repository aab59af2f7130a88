"""A run as a program of its own: the lesson's code in the lesson's order, with settings and data.

It needs MXNet and NumPy only. `program_files` writes it.
"""

import ast
import base64
import textwrap
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from linreg_gui import __version__
from linreg_gui.anatomy.step_trace import lesson_source
from linreg_gui.data.dataset import Dataset, DoubleArray
from linreg_gui.data.scaling import Scaling
from linreg_gui.number_text import whole
from linreg_gui.resources import locked_packages
from linreg_gui.runs.run import BATCHES_PER_LINE, Run
from linreg_gui.settings import Engine, Init, StopRule, TrainingConfig
from linreg_gui.texts import in_a_row, in_quotes, paragraph, tr, trn, without_marks

PYTHON = ">=3.11,<3.13"
"""The versions of Python for which MXNet can be installed: it asks for NumPy below 2."""

MOST_ROWS = 2_000
"""More rows than these are packed: as text nobody would read them."""

MOST_NUMBERS = 1_000_000
"""More numbers than these make a file that editors and browsers choke on."""

_WIDTH = 88
_RATES_IN_A_LINE = 4


class Section(NamedTuple):
    """A part of the program.

    Attributes
    ----------
    title, words : str
        What it does.
    formula : str
        The same in LaTeX; empty where there is none.
    code : str
        Python.
    """

    title: str
    words: str
    formula: str
    code: str


@dataclass(frozen=True)
class Program:
    """All of it.

    Attributes
    ----------
    title, words : str
        What it is.
    requirements : list of str
        The packages it needs, in versions that can be installed together, as pip takes them.
    sections : list of Section
        Its parts, in order.
    """

    title: str
    words: str
    requirements: list[str]
    sections: list[Section]


def obstacle(run: Run | None) -> str:
    """Say why there is no program of ``run``; empty if there is one."""
    if run is None:
        return tr("There is no run yet; wait until Run can be pressed.")
    if run.diverged_at is not None and not run.history.step:
        return tr("This run diverged at its first step; choose a smaller learning rate.")
    data = run.config.data
    if data is not None and data.size * (data.dimension + 1) > MOST_NUMBERS:
        return tr(
            "This table has more than {most} numbers, which are too many for a program; choose "
            "fewer columns, or a part of the rows."
        ).format(most=whole(MOST_NUMBERS))
    return ""


def snapshot(run: Run) -> Run:
    """Return ``run`` as it is now, for `program_of` on another thread while the run goes on."""
    return replace(run, history=run.history.reduced(0))


def program_of(run: Run) -> Program:
    """Return the program that takes the steps of ``run``. There must be no `obstacle`.

    A run that has begun ends where it is now, others after the planned epochs.
    """
    return Program(
        title=tr("Linear regression from scratch"),
        words=_introduction(run),
        requirements=_requirements(),
        sections=[
            _beginning(run.config),
            _data(run.config),
            *_preparation(run),
            _model(run),
            *_step(),
            _training(run),
            *_ending(run),
        ],
    )


def commented(*paragraphs: str) -> str:
    """Return ``paragraphs`` of any length as lines of comments, with a blank one in between."""
    return "\n#\n".join(
        textwrap.fill(
            words,
            _WIDTH,
            initial_indent="# ",
            subsequent_indent="# ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for words in paragraphs
        if words
    )


def _requirements() -> list[str]:
    versions = {}
    for line in reversed(locked_packages("app")):  # the first NumPy is the one below 2
        # The MXNet for Windows is older, and asks for packages that nobody can install any more.
        if " ; sys_platform == 'win32'" not in line:
            package, version = line.split()[0].split("==")
            versions[package] = version
    return [
        f"mxnet=={versions['mxnet']}",
        f"numpy=={versions['numpy']}",
        f"setuptools=={versions['setuptools']}; python_version >= '3.12'",
    ]


def _compatibility() -> str:
    """Return the code that lets MXNet find what it needs in NumPy."""
    if np.__version__.startswith("1."):
        why = tr("MXNet 1.9.1 still uses this name, which NumPy has given up")
        return f"np.bool = np.bool_  # {why}"
    from linreg_gui.backend import REMOVED_NAMES  # noqa: PLC0415 - by now MXNet is loaded

    names = textwrap.fill(
        " ".join(sorted(REMOVED_NAMES)), _WIDTH, initial_indent="    ", subsequent_indent="    "
    )
    why = tr("MXNet 1.9.1 asks NumPy for names that it has given up. Here nothing uses them.")
    return f'''\
{commented(why)}
names = """
{names}
"""
for name in names.split():
    vars(np).setdefault(name, None)'''


def _introduction(run: Run) -> str:
    words = tr(
        "Minibatch stochastic gradient descent with nothing but NDArray and autograd of Apache "
        "MXNet. LinReg {version} wrote this program, which takes the steps of the run on its "
        "screen: same data, start, minibatches and learning rates."
    ).format(version=__version__)
    end = tr("It ends with the same parameters to the last bit, on a computer of the same kind.")
    if run.config.engine is Engine.INSTANT:
        end = tr(
            "That run was made by the instant engine, in double precision. Here each step is the "
            "lesson's own, in single precision, so the last digits may differ."
        )
    return paragraph(words, end)


def _beginning(config: TrainingConfig) -> Section:
    return Section(
        tr("Libraries and seed"),
        tr(
            "MXNet's generator draws data and start; NumPy's shuffles. The same seed gives the "
            "same numbers, but not on every system: MXNet draws them with the system's C++ "
            "library, so on macOS or Windows they may be others than on Linux. One thread keeps "
            "the order in which long sums are added."
        ),
        "",
        f"""\
import os
from collections.abc import Callable, Iterator, Sequence

import numpy as np

os.environ.setdefault("OMP_NUM_THREADS", "1")  # {tr("MXNet reads it when it is imported")}
{_compatibility()}

import mxnet as mx
from mxnet import autograd, nd
from mxnet.ndarray import NDArray

seed = {config.seed}
mx.random.seed(seed)
np.random.seed(seed)""",
    )


def _data(config: TrainingConfig) -> Section:
    if config.data is not None:
        return _measured(config.data)
    weights = tuple(map(float, config.true_weights))
    return Section(
        tr("Data"),
        trn(
            "Draw {count} example from a line that is known, and add noise.",
            "Draw {count} examples from a line that is known, and add noise.",
            config.examples,
        ).format(count=whole(config.examples)),
        r"y = Xw + b + \varepsilon, \qquad \varepsilon \sim N(0, \sigma^2)",
        f"""\
{_lesson("synthetic_data")}


X, y = synthetic_data(
    n={config.examples:_},
    weights={weights},
    bias={float(config.true_bias)},
    noise_std={float(config.noise_std)},
)""",
    )


def _measured(data: Dataset) -> Section:
    """Return the section with the examples, as text or packed."""
    table = _table(data)
    names = in_a_row(in_quotes(without_marks(name)) for name in data.feature_names)
    target = without_marks(data.target_name)
    words = tr("The examples, a row each.")
    rows = trn("{name}: {count} row.", "{name}: {count} rows.", data.size).format(
        name=without_marks(str(data)), count=whole(data.size)
    )
    columns = tr("The columns are {names}; the last is the target “{target}”.").format(
        names=names, target=target
    )
    about = commented(paragraph(rows, data.skipped.sentence, columns))
    if data.size <= MOST_ROWS:
        lines = "".join(f"        {row},\n" for row in table.tolist())
        code = f"{about}\ndata = np.array(\n    [\n{lines}    ]\n)"
    else:
        packing = tr(
            "More than {most} rows would hide the program, so they are packed: in double "
            "precision, compressed, written as base64. {code} makes a table of them."
        ).format(most=whole(MOST_ROWS), code='np.savetxt("data.csv", data, delimiter=",")')
        words = paragraph(words, packing)
        packed = base64.encodebytes(zlib.compress(table.astype("<f8").tobytes())).decode()
        code = f"""\
import base64
import zlib

packed = \"\"\"
{packed}\"\"\"
numbers = np.frombuffer(zlib.decompress(base64.b64decode(packed)), "<f8")

{about}
data = numbers.reshape(-1, {table.shape[1]})"""
    return Section(tr("Data"), words, "", f"{code}\nX, y = data[:, :-1], data[:, -1]")


def _table(data: Dataset) -> DoubleArray:
    """Return the examples, the target last, shape (n, d + 1)."""
    return np.column_stack([data.features, data.target]).astype(np.float64)


def _preparation(run: Run) -> list[Section]:
    """Return what is done with the examples before training."""
    config, sections, parts = run.config, [], ["X, y = nd.array(X), nd.array(y)"]
    is_drawn = config.data is None
    if is_drawn and not (config.held_out or config.standardize):
        parts = []
    first = "X, y = X.asnumpy(), y.asnumpy()\n" if is_drawn else ""
    if config.held_out:
        sections.append(
            Section(
                tr("Examples that are held out"),
                trn(
                    "{count} of {size} example is kept out of training. The seed draws which.",
                    "{count} of {size} examples are kept out of training. The seed draws which.",
                    config.size,
                ).format(count=whole(config.held_out), size=whole(config.size)),
                "",
                f"""\
{first}order = np.random.default_rng(seed).permutation(len(y))
held_out, training = np.sort(order[:{config.held_out}]), np.sort(order[{config.held_out}:])
X_test, y_test = X[held_out], y[held_out]
X, y = X[training], y[training]""",
            )
        )
        first = ""
    if config.standardize:
        code = f"{first}{_scaling(run)}\nX = (X - center) / scale"
        if config.held_out:
            code += f"\nX_test = (X_test - center) / scale  # {tr('as the training examples')}"
        sections.append(
            Section(
                tr("Standardizing"),
                tr("Each feature in standard deviations from its mean."),
                r"z = \frac{x - \bar{x}}{s}",
                code,
            )
        )
    return [*sections, _minibatches(config, parts)]


def _scaling(run: Run) -> str:
    """Return the code for ``center`` and ``scale``: as numbers, if it would not give these bits.

    While points are dragged, sums are updated and not computed again.
    """
    used, config = run.problem.moments.scaling, run.config
    is_odd = bool(np.any(used.scale == 1.0))
    if config.data is not None:
        numbers = replace(config.data, features=_table(config.data)[:, :-1])
        computed = Scaling.of(numbers.divided(config.held_out, config.seed)[0].features)
        pairs = ((used.center, computed.center), (used.scale, computed.scale))
        if not all(np.array_equal(*pair) for pair in pairs):
            rounded = tr("{code}, but for rounding").format(code="X.mean(axis=0)")
            return (
                f"center = np.array({used.center.tolist()})  # {rounded}\n"
                f"scale = np.array({used.scale.tolist()})  # X.std(axis=0)"
            )
    return "\n".join(
        [
            "center = X.mean(axis=0, dtype=np.float64)",
            *(
                ["constant = X.min(axis=0) == X.max(axis=0)", "center[constant] = X[0, constant]"]
                if is_odd
                else ()
            ),
            "scale = np.sqrt(np.mean((X - center) ** 2, axis=0))",
            *(["scale[constant | (scale == 0)] = 1.0"] if is_odd else ()),
        ]
    )


def _minibatches(config: TrainingConfig, first: Sequence[str]) -> Section:
    words = tr("MXNet's iterator gives the examples in minibatches of {size}.")
    if config.batch_size == 1:
        words = tr("MXNet's iterator gives the examples one by one.")
    sentences = [
        words.format(size=whole(config.batch_size)),
        tr("Their order is new in every epoch.")
        if config.shuffle
        else tr("They keep their order."),
        tr("MXNet computes in single precision."),
    ]
    if config.trained_on % config.batch_size:
        short = tr("The last minibatch of an epoch is shorter and counts by its real size.")
        sentences.append(short)
    parts = [
        *first,
        f"iterator = data_iterator(X, y, batch_size={config.batch_size}, shuffle={config.shuffle})",
    ]
    return Section(
        tr("Minibatches"),
        paragraph(*sentences),
        "",
        "\n\n\n".join(
            [_lesson("data_iterator"), _lesson("minibatches"), "\n".join(parts)],
        ),
    )


def _model(run: Run) -> Section:
    dimension, config = run.dataset.dimension, run.config
    functions = [_lesson("net")]
    if config.init is Init.NORMAL:
        words = tr("The start is drawn from N(0, 1).")
        functions.insert(0, _lesson("random_parameters"))
        start = f"w, b = random_parameters({dimension})"
    elif config.init is Init.ZEROS:
        words = tr("All parameters start at 0.")
        start = f"w, b = nd.zeros(({dimension}, 1)), nd.zeros((1,))"
    else:
        words = tr("The start was typed.")
        numbers = [float(value) for value in config.typed_start(dimension)]
        start = f"start = np.array({numbers})  # {tr('the weights, then the bias')}"
        if config.standardize:
            words = paragraph(words, tr("It is in the units of the data."))
            start += """
to_standardized = np.diag(np.append(scale, 1.0))
to_standardized[-1, :-1] = center
start = to_standardized @ start"""
        start += "\nw, b = nd.array(start[:-1]).reshape((-1, 1)), nd.array(start[-1:])"
    start += "\nw.attach_grad()\nb.attach_grad()"
    return Section(
        tr("Model"),
        paragraph(tr("A linear model."), words),
        r"\hat{y} = Xw + b",
        "\n\n\n".join([*functions, start]),
    )


def _step() -> list[Section]:
    return [
        Section(
            tr("Loss"),
            tr("The mean of the squared differences, over the m examples of a minibatch."),
            r"L(w, b) = \frac{1}{m} \sum_{i=1}^{m} (\hat{y}_i - y_i)^2",
            "\n\n\n".join([_lesson("square_loss"), _lesson("loss_of")]),
        ),
        Section(
            tr("Gradient and update"),
            tr(
                "autograd records the way forward and computes the gradient backward. The update "
                "is one small step down the gradient, with the learning rate η."
            ),
            r"\frac{\partial L}{\partial w} = \frac{2}{m} X^\top (\hat{y} - y), \quad"
            r" \frac{\partial L}{\partial b} = \frac{2}{m} \sum_{i=1}^{m} (\hat{y}_i - y_i),"
            r" \qquad w \leftarrow w - \eta \frac{\partial L}{\partial w}, \quad"
            r" b \leftarrow b - \eta \frac{\partial L}{\partial b}",
            "\n\n\n".join([_lesson("sgd"), _lesson("Forward"), _lesson("train_step")]),
        ),
    ]


def _training(run: Run) -> Section:
    history, config = run.history, run.config
    steps = history.step or run.planned_steps
    epochs = -(-steps // history.steps_per_epoch)
    is_cut = steps < epochs * history.steps_per_epoch
    changes = {change.step: float(change.learning_rate) for change in history.rate_changes}
    settings = [f"learning_rate = {float(config.learning_rate)}"]
    start, end = [], []
    if changes:
        settings.append(f"rates = {_written(changes)}  # {tr('the rate from these steps on')}")
        start = ["        learning_rate = rates.get(len(averages) + 1, learning_rate)\n"]
    settings.append(f"epochs = {epochs:_}")
    if is_cut:
        settings.append(f"steps = {steps:_}")
        end = ["        if len(averages) == steps:\n            break\n"]
    code = f"""\
{_lesson("moving_average")}


{chr(10).join(settings)}

average = 0.0
averages = []
for epoch in range(epochs):
    for batch, (X_batch, y_batch) in enumerate(minibatches(iterator)):
{"".join(start)}\
        loss = train_step(X_batch, y_batch, w, b, learning_rate)
        average = moving_average(average, loss.asnumpy().item())
        averages.append(average)
        if batch % {BATCHES_PER_LINE} == {BATCHES_PER_LINE - 1}:
            print(f"epoch {{epoch}}  batch {{batch}}  average {{average:.6g}}")
{"".join(end)}"""
    return Section(
        tr("Training"),
        paragraph(_epoch_in_words(history.steps_per_epoch), _end_in_words(run)),
        r"\bar{L} \leftarrow 0.99\,\bar{L} + 0.01\,L",
        code.rstrip(),
    )


def _epoch_in_words(steps: int) -> str:
    return trn(
        "An epoch goes once through all examples, in {steps} step. The moving average of the "
        "losses starts at 0, so it rises first.",
        "An epoch goes once through all examples, in {steps} steps. The moving average of the "
        "losses starts at 0, so it rises first.",
        steps,
    ).format(steps=whole(steps))


def _end_in_words(run: Run) -> str:
    """Say why the run ends where it does, unless that is after the epochs of its settings."""
    step = run.history.step
    if run.diverged_at is not None:
        return tr(
            "The run diverges at step {step}: its numbers become too large. The program ends "
            "before."
        ).format(step=whole(run.diverged_at))
    if run.is_stopped:
        return tr("The stop rule was met at step {step}.").format(step=whole(step))
    if not step and run.config.stop_rule is not StopRule.NONE:
        return tr("The stop rule is left out: the program takes all the steps.")
    if step and step != run.configured_steps:
        return tr("The run had come to step {step}.").format(step=whole(step))
    return ""


def _written(changes: dict[int, float]) -> str:
    items = [f"{step}: {rate}" for step, rate in changes.items()]
    if len(items) <= _RATES_IN_A_LINE:
        return f"{{{', '.join(items)}}}"
    lines = [
        f"    {', '.join(items[first : first + _RATES_IN_A_LINE])},\n"
        for first in range(0, len(items), _RATES_IN_A_LINE)
    ]
    return f"{{\n{''.join(lines)}}}"


def _ending(run: Run) -> list[Section]:
    config = run.config
    code = ["trained = np.append(w.asnumpy(), b.asnumpy())"]
    result, words, formula = "trained", tr("The parameters after the last step."), ""
    if config.standardize:
        words = paragraph(words, tr("w and b describe the same line in the units of the data."))
        formula = r"w = \frac{v}{s}, \qquad b = c - \sum_j \frac{v_j \bar{x}_j}{s_j}"
        code += [
            'print("for standardized features:", *trained)',
            "to_measured = np.diag(np.append(1.0 / scale, 1.0))",
            "to_measured[-1, :-1] = -center / scale",
        ]
        result = "to_measured @ trained"
    code += [f"*weights, bias = {result}", 'print("w:", *weights)', 'print("b:", bias)']
    if run.history.step:
        *weights, bias = map(str, run.current_parameters)
        shown = tr("LinReg shows w: {weights} and b: {bias}")
        code += ["", commented(shown.format(weights=" ".join(weights), bias=bias))]
    if config.held_out:
        code += [
            "",
            "test_loss = loss_of(nd.array(X_test), nd.array(y_test).reshape((-1, 1)), w, b)",
            'print("loss of the held-out examples:", test_loss.asnumpy().item())',
        ]
    return [
        Section(tr("Result"), words, formula, "\n".join(code)),
        Section(
            tr("Loss curve"),
            tr("The moving average at ten steps of the way."),
            "",
            """\
steps = len(averages)
print("   step  moving average")
for step in sorted({-(-steps * part // 10) for part in range(1, 11)}):
    print(f"{step:7}  {averages[step - 1]:.6g}")""",
        ),
    ]


def _lesson(name: str) -> str:
    """Return the source of a function of the lesson, or of a name for a type."""
    source = lesson_source()
    for node in ast.parse(source).body:
        names = [node.name] if isinstance(node, ast.FunctionDef) else []
        if isinstance(node, ast.Assign):
            names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        if name in names:
            return ast.get_source_segment(source, node) or ""
    raise LookupError(name)
