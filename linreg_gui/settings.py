"""The settings of a run: each field's default, limits, words and batch-mode option, in one place.

Widgets, batch mode and the documents all read a setting from here, so that no limit and no
sentence exists twice.
"""

import dataclasses
import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import repeat
from typing import Any, Self

from linreg_gui.data.dataset import MAX_FEATURES, Dataset
from linreg_gui.data.single_precision import SMALLEST
from linreg_gui.number_text import (
    as_typed,
    exact,
    joined,
    parse_real,
    parse_whole,
    percent,
    shortest,
    typed,
    whole,
)
from linreg_gui.texts import in_a_row, tellable, tr


class Choice(StrEnum):
    """The values of a setting that is chosen from a list."""


class Init(Choice):
    """Where the parameters start."""

    NORMAL = "normal"
    ZEROS = "zeros"
    TYPED = "typed"


class Engine(Choice):
    """Which engine takes the steps."""

    AUTOGRAD = "autograd"
    INSTANT = "instant"


class StopRule(Choice):
    """What completes a run before its last epoch."""

    NONE = "none"
    LOSS = "loss"
    GRADIENT = "gradient"


def choice_words(choice: Choice) -> str:
    """Return the value of a setting as the list of choices shows it."""
    return {
        Init.NORMAL: tr("drawn"),
        Init.ZEROS: tr("zeros"),
        Init.TYPED: tr("typed"),
        Engine.AUTOGRAD: tr("autograd"),
        Engine.INSTANT: tr("instant"),
        StopRule.NONE: tr("none"),
        StopRule.LOSS: tr("loss"),
        StopRule.GRADIENT: tr("gradient"),
    }[choice]


class SettingError(ValueError):
    """A value that a setting cannot take, with a sentence for the user.

    Attributes
    ----------
    name : str
        The field of `TrainingConfig` it was meant for.
    """

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(sentence)
        self.name = name


Step = Callable[[float, int], float]
"""From a number and a direction, 1 or -1, to the next number."""


def step_by(size: float) -> Step:
    """Return steps of ``size``."""

    def step(value: float, direction: int) -> float:
        return round(value + size * direction, 10)

    return step


def step_geometric(smallest: float = 0.0) -> Step:
    """Return steps through 1, 2, 5, 10, 20, … and their fractions; 0 comes below ``smallest``."""

    def step(value: float, direction: int) -> float:
        if value <= smallest and (direction < 0 or value == 0):
            return 0.0 if direction < 0 else smallest
        exponent = math.floor(math.log10(value))
        ladder = [
            float(f"{mantissa}e{power}")
            for power in (exponent - 1, exponent, exponent + 1)
            for mantissa in (1, 2, 5)
        ]
        if direction > 0:
            return next(rung for rung in ladder if rung > value * (1 + 1e-9))
        return next(rung for rung in reversed(ladder) if rung < value * (1 - 1e-9))

    return step


@dataclass(frozen=True)
class Words:
    """The texts of a setting.

    Attributes
    ----------
    label, help : str
        Its name, and what it does.
    unit : str
        A word after the number.
    heading : str
        The title of the group on screen that begins with this setting; empty inside a group.
    element : str
        The label of the number ``{index}`` of a tuple.
    """

    label: str
    help: str
    unit: str = ""
    heading: str = ""
    element: str = ""


@dataclass(frozen=True)
class Setting:
    """The texts, limits and options of one field of `TrainingConfig`.

    Attributes
    ----------
    words : callable
        Returns the texts for the screen, in the user's language.
    minimum, maximum : float or None
        Inclusive limits of a number, or of each number of a tuple.
    above : float or None
        Exclusive lower limit.
    step : callable
        The arrow keys change the number with it.
    sweep : str
        The values that a sweep proposes; empty if the setting cannot be swept.
    option : str
        The batch-mode option without its dashes; empty if there is none.
    """

    words: Callable[[], Words]
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    step: Step = step_by(1)
    sweep: str = ""
    option: str = ""

    def limits(self) -> str:
        """Return the limits in words; empty where there are none."""
        if self.maximum is None:
            return ""
        words, low = tr("{low} to {high}"), self.minimum
        if self.above is not None:
            words, low = tr("more than {low}, up to {high}"), self.above
        return words.format(low=_format_limit(low), high=_format_limit(self.maximum))

    def nearest(self, value: float) -> float:
        """Return the number nearest to ``value`` that passes `check`; it needs both limits."""
        assert self.minimum is not None
        assert self.maximum is not None
        if abs(value) < SMALLEST:
            return 0.0
        return min(max(value, self.minimum), self.maximum)

    def check(self, value: float) -> None:
        """Raise ``ValueError`` with a sentence if a number is out of limits, or lost in MXNet."""
        if 0 < abs(value) < SMALLEST:
            raise ValueError(
                tr(
                    "{label} cannot be {value}: numbers nearer to 0 than {least} are too small for "
                    "single precision."
                ).format(label=self.words().label, value=exact(value), least=exact(SMALLEST))
            )
        fits = (
            (self.minimum is None or value >= self.minimum)
            and (self.above is None or value > self.above)
            and (self.maximum is None or value <= self.maximum)
        )
        if not fits:
            raise ValueError(
                tr("{label} cannot be {value}; choose {limits}.").format(
                    label=self.words().label, value=exact(value), limits=self.limits()
                )
            )


def _format_limit(limit: float | None) -> str:
    if limit is None:
        return "∞"
    return whole(int(limit)) if limit == int(limit) and abs(limit) < 1e15 else exact(limit)


def _setting(default: Any, words: Callable[[], Words], **facts: Any) -> Any:
    return dataclasses.field(default=default, metadata={"setting": Setting(words, **facts)})


@dataclass(frozen=True)
class TrainingConfig:
    """One run's settings. The defaults are the lesson's.

    Raises
    ------
    SettingError
        If a value is out of its limits.
    """

    data: Dataset | None = _setting(
        None,
        lambda: Words(
            tr("Source"),
            tr("The examples: your own table, a classic, or examples that the lesson draws."),
            heading=tr("Data"),
        ),
    )
    examples: int = _setting(
        10_000,
        lambda: Words(tr("Examples"), tr("How many examples to draw: the rows of the dataset.")),
        minimum=1,
        maximum=1_000_000,
        step=step_geometric(),
        sweep="100 … 10000",
        option="examples",
    )
    true_weights: tuple[float, ...] = _setting(
        (2.0, -3.4),
        lambda: Words(
            tr("True weights"),
            tr("The weights used to make the data, one per feature. Training should find them."),
            element=tr("True w{index}"),
        ),
        minimum=-1e6,
        maximum=1e6,
        step=step_by(0.1),
        option="weights",
    )
    true_bias: float = _setting(
        4.2,
        lambda: Words(
            tr("True bias"),
            tr("The bias used to make the data: the target where all features are 0."),
        ),
        minimum=-1e6,
        maximum=1e6,
        step=step_by(0.1),
        sweep="-10 … 10: 11",
        option="bias",
    )
    noise_std: float = _setting(
        0.01,
        lambda: Words(
            tr("Noise std. σ"),
            tr(
                "The standard deviation of the Gaussian noise added to each target. Its square "
                "is the variance, and the loss cannot stay below it."
            ),
        ),
        minimum=0.0,
        maximum=1e6,
        step=step_geometric(smallest=1e-4),
        sweep="0.001 … 10",
        option="noise",
    )
    seed: int = _setting(
        1,
        lambda: Words(
            tr("Seed"),
            tr(
                "Where the random numbers start. The same seed gives the same data, start and "
                "batches, bit for bit."
            ),
        ),
        minimum=0,
        maximum=2**31 - 1,
        sweep="1 … 8",
        option="seed",
    )
    init: Init = _setting(
        Init.NORMAL,
        lambda: Words(
            tr("Start"),
            tr("Where w and b start: drawn from N(0, 1) by the seed, all zeros, or typed."),
            heading=tr("Model"),
        ),
        option="init",
    )
    start_weights: tuple[float, ...] = _setting(
        (0.0, 0.0),
        lambda: Words(
            tr("Start weights"),
            tr("Where each weight starts if you type the start."),
            element=tr("Start w{index}"),
        ),
        minimum=-1e30,
        maximum=1e30,
        step=step_by(0.1),
    )
    start_bias: float = _setting(
        0.0,
        lambda: Words(tr("Start bias"), tr("Where the bias starts if you type the start.")),
        minimum=-1e30,
        maximum=1e30,
        step=step_by(0.1),
    )
    learning_rate: float = _setting(
        0.001,
        lambda: Words(
            tr("Learning rate"),
            tr("How far each step goes down the gradient. You can change it during training."),
            heading=tr("Training"),
        ),
        above=0.0,
        maximum=1000.0,
        step=step_geometric(),
        sweep="0.01 … 2",
        option="learning-rate",
    )
    batch_size: int = _setting(
        4,
        lambda: Words(
            tr("Batch size"),
            tr(
                "How many examples each step uses. A few random ones stand for all, which is why "
                "the method is called “stochastic”. A batch larger than the data is reduced to it. "
                "A short last batch counts by its real size."
            ),
            unit=tr("examples"),
        ),
        minimum=1,
        maximum=1_000_000,
        step=step_geometric(),
        sweep="1, 2, 4, 8, 16, 32, 64, 128",
        option="batch-size",
    )
    epochs: int = _setting(
        2,
        lambda: Words(
            tr("Epochs"),
            tr("How many times training goes through all the examples."),
            unit=tr("passes"),
        ),
        minimum=1,
        maximum=100_000,
        sweep="1 … 8",
        option="epochs",
    )
    standardize: bool = _setting(
        False,
        lambda: Words(
            tr("Standardize"),
            tr(
                "Train on each feature in standard deviations from its mean. Features of very "
                "different sizes can then learn at one rate. Screen and files still use the "
                "units of the data."
            ),
        ),
        option="standardize",
    )
    test_share: float = _setting(
        0.0,
        lambda: Words(
            tr("Held-out share"),
            tr(
                "The share of the examples that is kept out of training. It shows how well the "
                "model predicts examples that it has not seen. The seed decides which ones."
            ),
        ),
        minimum=0.0,
        maximum=0.9,
        step=step_by(0.05),
        sweep="0 … 0.7",
        option="test-share",
    )
    shuffle: bool = _setting(
        True,
        lambda: Words(
            tr("Shuffle"),
            tr(
                "Shuffle the examples into new minibatches in every epoch, at the iterator's "
                "reset()."
            ),
        ),
    )
    stop_rule: StopRule = _setting(
        StopRule.NONE,
        lambda: Words(
            tr("Stop rule"),
            tr(
                "Complete the run before its last epoch: once the loss of all training examples is "
                "near that of least squares, or once its gradient is short. It is checked after "
                "every step."
            ),
        ),
        option="stop-rule",
    )
    stop_percent: float = _setting(
        1.0,
        lambda: Words(
            tr("Loss within"),
            tr(
                "Stop once at most this share of the best improvement is missing: of how far "
                "least squares lowers the loss below that of the mean. At 1%, R² is within 1% of "
                "its best."
            ),
            unit=tr("% of the best improvement"),
        ),
        above=0.0,
        maximum=100.0,
        step=step_geometric(),
        sweep="0.001 … 10",
        option="stop-percent",
    )
    stop_gradient: float = _setting(
        0.01,
        lambda: Words(
            tr("Gradient below"),
            tr(
                "Stop once the gradient of the loss of all training examples is no longer than "
                "this, in the units that are trained in."
            ),
        ),
        above=0.0,
        maximum=1e6,
        step=step_geometric(),
        sweep="0.001 … 10",
        option="stop-gradient",
    )
    engine: Engine = _setting(
        Engine.AUTOGRAD,
        lambda: Words(
            tr("Engine"),
            tr(
                "Autograd runs the lesson's own code, one minibatch at a time. Instant takes the "
                "same steps a thousand times as fast, as products of matrices."
            ),
        ),
        option="engine",
    )

    def __post_init__(self) -> None:
        for name, setting in settings():
            value = getattr(self, name)
            if value is None or isinstance(value, bool | str | Dataset):
                continue
            try:
                for number in value if isinstance(value, tuple) else (value,):
                    setting.check(number)
            except ValueError as error:
                raise SettingError(name, str(error)) from None
        if not 1 <= len(self.true_weights) <= MAX_FEATURES:
            raise SettingError(
                "true_weights",
                tr("Give 1 to {most} weights, one for each feature.").format(most=MAX_FEATURES),
            )

    @property
    def origin(self) -> Dataset | None:
        """Return `data` as it was before a person edited it; None for what the lesson draws."""
        if self.data is None or self.data.edited is None:
            return self.data
        original = self.data.edited.original
        return original if original.noise_std is None else None

    @property
    def features(self) -> int:
        """Return the number of features, d."""
        return self.data.dimension if self.data else len(self.true_weights)

    @property
    def size(self) -> int:
        """Return the number of examples, held out or not."""
        return self.data.size if self.data else self.examples

    @property
    def held_out(self) -> int:
        """Return how many examples are not trained on; at least one is."""
        return min(round(self.test_share * self.size), self.size - 1)

    @property
    def trained_on(self) -> int:
        """Return the number of examples that are trained on, n."""
        return self.size - self.held_out

    @property
    def minibatch_settings(self) -> Self:
        """Return the settings that the minibatches' features depend on; all others are constant.

        Two runs for which they are equal go through the same features in the same order. The target
        of drawn data is its noise alone, with a standard deviation of 1: that of any other true
        parameters and noise follows from it.
        """
        if self.data:
            return self.with_defaults(*STEP_SETTINGS, *SYNTHETIC_SETTINGS)
        return dataclasses.replace(
            self.with_defaults(*STEP_SETTINGS),
            true_weights=(0.0,) * self.features,
            true_bias=0.0,
            noise_std=1.0,
        )

    def typed_start(self, dimension: int) -> tuple[float, ...]:
        """Return ``dimension`` start weights, 0 where none is typed, then the bias."""
        weights = (*self.start_weights, *repeat(0.0, dimension))
        return (*weights[:dimension], self.start_bias)

    def with_defaults(self, *names: str) -> Self:
        """Return a copy in which the fields ``names`` have their default values."""
        return dataclasses.replace(self, **{name: getattr(DEFAULTS, name) for name in names})

    def with_value(self, name: str, value: Any) -> Self:
        """Return a copy in which one field has another value; raise `SettingError` as above."""
        return dataclasses.replace(self, **{name: value})


FEATURES = Setting(
    words=lambda: Words(
        tr("Features"), tr("How many numbers describe an example. Each feature has its own weight.")
    ),
    minimum=1,
    maximum=MAX_FEATURES,
)
"""Not a field: it is the number of true weights."""

FURTHER_WEIGHTS = {
    "true_weights": (2.0, -3.4, 1.2, -0.7, 2.6, -1.9, 0.5, -2.8, 3.1, -1.4),
    "start_weights": (0.0,) * MAX_FEATURES,
}
"""What a feature's weights are when it is added: the lesson's, and others of their size."""


def settings() -> Iterator[tuple[str, Setting]]:
    """Yield each field's name and its setting, in the order of the fields."""
    for field in dataclasses.fields(TrainingConfig):
        yield field.name, field.metadata["setting"]


def setting_of(name: str) -> Setting:
    """Return the setting of the field ``name``."""
    setting: Setting = TrainingConfig.__dataclass_fields__[name].metadata["setting"]
    return setting


DEFAULTS = TrainingConfig()
"""The lesson's settings."""


def parse_setting(name: str, text: str) -> Any:
    """Read a field's value from text, as a person types it or an option carries it.

    Raises
    ------
    SettingError
        With a sentence for the user, if the text does not fit the field.
    """
    default = getattr(DEFAULTS, name)
    if isinstance(default, Choice):
        choices = [choice.value for choice in type(default)]
        if text in choices:
            return type(default)(text)
        raise SettingError(
            name,
            tr("{label} can be {choices}.").format(
                label=setting_of(name).words().label, choices=in_a_row(choices)
            ),
        )
    try:
        if isinstance(default, tuple):
            return parse_numbers(text)
        return parse_number(text, setting_of(name), whole=isinstance(default, int))
    except ValueError as error:
        raise SettingError(name, str(error)) from None


def parse_number(text: str, setting: Setting, *, whole: bool) -> float:
    """Read one number and check it against its limits.

    Raises
    ------
    ValueError
        With a sentence for the user.
    """
    number = parse_whole(text) if whole else parse_real(text)
    setting.check(number)
    return number


def parse_numbers(text: str) -> tuple[float, ...]:
    """Read ``2,-3.4``, ``2; -3,4`` or ``2 -3.4``: a list whose separator may not be a decimal mark.

    A comma separates unless a semicolon or a blank does.
    """
    return tuple(parse_real(part) for part in split_numbers(text))


_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")
"""Those that do not group the digits of a number."""

_EAST_ASIAN_SEPARATORS = re.compile("[、\uff0c\uff1b]")


def split_numbers(text: str, decimal: str = ".") -> list[str]:
    """Return the numbers of a list, each as it is written; see `parse_numbers`.

    Where the ``decimal`` mark is a comma, one between two digits never separates.
    """
    text = _EAST_ASIAN_SEPARATORS.sub(";", text)
    if ";" in text:
        return text.rstrip("; ").split(";")
    parts = _BLANKS.split(text.strip())
    if decimal == ",":
        return [part.rstrip(",") for part in parts]
    return [part.strip(",") for part in parts] if len(parts) > 1 else text.split(",")


def format_setting(value: Any) -> str:
    """Return ``value`` as a field shows it."""
    if isinstance(value, tuple):
        return as_typed(", ".join(map(shortest, value)))
    if value is None:
        return tr("synthetic")
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    if isinstance(value, str | Dataset):
        return str(value)
    return whole(value) if isinstance(value, int) else typed(value)


def value_words(value: Any) -> str:
    """Return the value of a setting for people to read: not in a field."""
    if isinstance(value, Choice):
        return choice_words(value)
    if isinstance(value, tuple):
        return joined(map(exact, value))
    return exact(value) if isinstance(value, float) else format_setting(value)


STEP_SETTINGS = (
    "learning_rate",
    "epochs",
    "stop_rule",
    "stop_percent",
    "stop_gradient",
    "engine",
    "init",
    "start_weights",
    "start_bias",
)
"""The fields on which neither the data nor the order of the minibatches depends."""

STOP_NUMBERS = {"stop_percent": StopRule.LOSS, "stop_gradient": StopRule.GRADIENT}
"""The fields that only matter with one stop rule, and the rule."""

CONTROLLED_WITH = {
    **dict.fromkeys(STOP_NUMBERS, "stop_rule"),
    **dict.fromkeys(("start_weights", "start_bias"), "init"),
}
"""The fields that are shown and hidden together with another one."""

SYNTHETIC_SETTINGS = ("examples", "true_weights", "true_bias", "noise_std")
"""The fields that only matter where the data is drawn."""

SUITED_SETTINGS = ("standardize", "test_share", "batch_size", "learning_rate", "epochs")
"""The fields whose values suit some data, and no other."""


def used_settings(config: TrainingConfig) -> dict[str, Setting]:
    """Return the fields that have an effect in ``config``, by name."""
    unused = set(SYNTHETIC_SETTINGS if config.data else ())
    if config.init is not Init.TYPED:
        unused |= {"start_weights", "start_bias"}
    unused |= {name for name, rule in STOP_NUMBERS.items() if rule is not config.stop_rule}
    return {name: setting for name, setting in settings() if name not in unused}


def setting_words(config: TrainingConfig) -> dict[str, str]:
    """Return the label and the value of each field that has an effect, by its name."""
    return {name: _in_words(config, name) for name in used_settings(config)}


def _in_words(config: TrainingConfig, name: str) -> str:
    words, value = setting_of(name).words(), value_words(getattr(config, name))
    return _labeled(words.label, percent(value) if words.unit.startswith("%") else value)


@tellable
def _labeled(label: str, value: str) -> str:
    # The settings of a list have such signs between them, too.
    return f"{label} ({value})" if re.search("[;、]", value) else f"{label} {value}"


def differing_settings(config: TrainingConfig, other: TrainingConfig) -> list[str]:
    """Return what `setting_words` has of ``config`` and not of ``other``."""
    others = used_settings(other)
    differing = [
        name
        for name in used_settings(config)
        if name not in others or getattr(config, name) != getattr(other, name)
    ]
    words = {name: _in_words(config, name) for name in differing}
    return [
        text for name, text in words.items() if name not in others or text != _in_words(other, name)
    ]
