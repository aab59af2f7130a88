"""Settings as values in JSON: each field of `TrainingConfig` by its name."""

from typing import Any

from linreg_gui.data.dataset import MAX_FEATURES, Dataset
from linreg_gui.sessions.fields import LARGEST_WHOLE, Fields
from linreg_gui.settings import DEFAULTS, Choice, SettingError, TrainingConfig, settings


def settings_values(config: TrainingConfig, data: int | None) -> dict[str, Any]:
    """Return the values as `read_settings` reads them; ``data`` is the number of the dataset."""
    return {name: getattr(config, name) for name, _ in settings()} | {"data": data}


def read_settings(facts: Fields, data: Dataset | None) -> TrainingConfig:
    """Return the settings, which have passed every check.

    Raises
    ------
    WrongPartError
        If one is missing, of another type, or out of its limits.
    """
    values: dict[str, Any] = {"data": data}
    for name, _ in settings():
        default = getattr(DEFAULTS, name)
        if name == "data":
            continue
        if isinstance(default, Choice):
            values[name] = facts.choice(name, type(default))
        elif isinstance(default, bool):
            values[name] = facts.flag(name)
        elif isinstance(default, int):
            values[name] = facts.count(name, 0, LARGEST_WHOLE)
        elif isinstance(default, float):
            values[name] = facts.number(name)
        else:
            values[name] = tuple(facts.numbers(name, -1).tolist())
            if not 1 <= len(values[name]) <= MAX_FEATURES:
                raise facts.wrong(name)
    try:
        return TrainingConfig(**values)
    except SettingError as error:
        raise facts.wrong(error.name) from None
