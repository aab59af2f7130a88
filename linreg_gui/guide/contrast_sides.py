"""The settings of the two runs of a contrast, on the data on screen where they depend on it."""

from dataclasses import dataclass, replace

import numpy as np

from linreg_gui.analysis.influence import standing_out
from linreg_gui.data.classics import samples
from linreg_gui.data.dataset import Dataset
from linreg_gui.guide.contrasts import LESSON, OUTLIER, OWN, Contrast
from linreg_gui.number_text import joined, significant, whole
from linreg_gui.settings import (
    DEFAULTS,
    Engine,
    SettingError,
    TrainingConfig,
    differing_settings,
)
from linreg_gui.texts import clauses, tr

_OUTLIER_DATA = "anscombe_3"
"""This classic stands in where no example of the data on screen stands out."""

_MOST_SEARCHED = 100_000
"""An outlier is searched among no more examples than these: among more, none turns the line."""


@dataclass(frozen=True)
class PosedSide:
    """One half of a contrast, ready to be trained.

    Attributes
    ----------
    words : str
        What is different here.
    config : TrainingConfig
        Its settings.
    is_standardized : bool
        Whether its landscape is in the units of standardized features.
    """

    words: str
    config: TrainingConfig
    is_standardized: bool = False


@dataclass(frozen=True)
class PosedContrast:
    """A contrast on the present data.

    Attributes
    ----------
    contrast : Contrast
        What is compared.
    sides : tuple of PosedSide
        The left half and the right one.
    note : str
        Which example or which data it is about; empty if the words of the sides tell.
    """

    contrast: Contrast
    sides: tuple[PosedSide, PosedSide]
    note: str = ""


def pose(contrast: Contrast, applied: TrainingConfig, settings: TrainingConfig) -> PosedContrast:
    """Return the settings of both runs.

    Parameters
    ----------
    contrast : Contrast
        What is compared.
    applied, settings : TrainingConfig
        The settings of the run on screen, and those that the controls show.

    Raises
    ------
    ValueError
        With a sentence for people, if there is nothing to compare.
    """
    if contrast.data == OWN:
        return _own(contrast, applied, settings)
    if contrast.data == OUTLIER:
        return _with_and_without(contrast, applied)
    data = None if contrast.data == LESSON else _classic(contrast.data).data
    left, right = (
        PosedSide(
            side.words,
            replace(DEFAULTS, engine=Engine.INSTANT, data=data, **side.settings),
            side.is_standardized,
        )
        for side in contrast.sides
    )
    return PosedContrast(contrast, (left, right), "" if data is None else str(data))


def obstacle(contrast: Contrast, applied: TrainingConfig, settings: TrainingConfig) -> str:
    """Say why there is nothing to compare; empty if there is."""
    if contrast.data == OWN and not _differences(applied, settings):
        return tr("Change a setting first: then its effect is compared with the run on screen.")
    return ""


def _differences(config: TrainingConfig, other: TrainingConfig) -> list[str]:
    """Return the settings of ``config`` that ``other`` has not, but for the engine."""
    return differing_settings(replace(config, engine=other.engine), other)


def _own(contrast: Contrast, applied: TrainingConfig, settings: TrainingConfig) -> PosedContrast:
    if not _differences(applied, settings):
        raise ValueError(tr("Change a setting first."))
    sides = (
        PosedSide(
            clauses(_differences(config, other)) or tr("as it was"),
            replace(config, engine=Engine.INSTANT),
        )
        for config, other in ((applied, settings), (settings, applied))
    )
    left, right = sides
    return PosedContrast(contrast, (left, right))


def _classic(name: str) -> TrainingConfig:
    """Return a classic with the settings proposed for it."""
    sample = next((each for each in samples() if each.name == name), None)
    if sample is None:
        raise ValueError(tr("There is no classic “{name}”.").format(name=name))
    return TrainingConfig(
        data=sample.read(),
        standardize=sample.standardize,
        learning_rate=sample.learning_rate,
        epochs=sample.epochs,
        batch_size=sample.batch_size,
        engine=Engine.INSTANT,
    )


def _with_and_without(contrast: Contrast, applied: TrainingConfig) -> PosedContrast:
    """Take the outlier of the data on screen, or of a classic if none stands out there."""
    config, data = replace(applied, engine=Engine.INSTANT, test_share=0.0), applied.data
    row = standing_out(data) if data is not None and data.size <= _MOST_SEARCHED else None
    if row is None or data is None:
        config = _classic(_OUTLIER_DATA)
        data = config.data
        assert data is not None
        row = standing_out(data)
        assert row is not None
    number = whole(int(data.places_of(np.array([row]))[0]))
    rest = data.rows(np.delete(np.arange(data.size), row))
    try:
        without = replace(config, data=rest, batch_size=min(config.batch_size, rest.size))
    except SettingError as error:
        raise ValueError(str(error)) from None
    sides = (
        PosedSide(tr("With row {number}").format(number=number), config),
        PosedSide(tr("Without row {number}").format(number=number), without),
    )
    return PosedContrast(contrast, sides, _outlier_words(data, row, number))


def _outlier_words(data: Dataset, row: int, number: str) -> str:
    values = zip(data.feature_names, data.features[row].tolist(), strict=True)
    named = [*values, (data.target_name, float(data.target[row]))]
    return tr("{data}: row {number} pulls the line most ({values}).").format(
        data=str(data),
        number=number,
        values=joined(f"{name} {significant(value, 4)}" for name, value in named),
    )
