"""What ties a row of the panel to a setting."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from linreg_gui.texts import tr
from linreg_gui.training.config import (
    DEFAULTS,
    FEATURES,
    FURTHER_WEIGHTS,
    Setting,
    TrainingConfig,
    format_setting,
    parse_number,
    setting_of,
)


@dataclass(frozen=True)
class Binding:
    """Reads and writes one number or choice of a `TrainingConfig`.

    Attributes
    ----------
    label : str
        In the user's language.
    setting : Setting
        Limits, unit and help.
    fields : tuple of str
        The fields of the config that it writes.
    read : callable
        From a config to the value.
    changes : callable
        From a config and a value to the fields that must change.
    """

    label: str
    setting: Setting
    fields: tuple[str, ...]
    read: Callable[[TrainingConfig], Any]
    changes: Callable[[TrainingConfig, Any], dict[str, Any]]

    @property
    def default(self) -> Any:
        """Return the lesson's value."""
        return self.read(DEFAULTS)

    def parse(self, text: str) -> float:
        """Read a typed number; raise ``ValueError`` with a sentence for the user."""
        return parse_number(text, self.setting, whole=isinstance(self.default, int))

    def format(self, value: float) -> str:
        """Return the text that `parse` reads back as ``value``."""
        return format_setting(value)


def field_binding(name: str) -> Binding:
    """Bind the field ``name``."""
    return Binding(
        label=tr(setting_of(name).label),
        setting=setting_of(name),
        fields=(name,),
        read=lambda config: getattr(config, name),
        changes=lambda _, value: {name: value},
    )


def element_binding(name: str, index: int, label: str) -> Binding:
    """Bind one number of the tuple field ``name``; `FURTHER_WEIGHTS` where it is shorter."""

    def read(config: TrainingConfig) -> float:
        values: tuple[float, ...] = getattr(config, name)
        return (*values, *FURTHER_WEIGHTS[name][len(values) :])[index]

    def changes(config: TrainingConfig, value: float) -> dict[str, Any]:
        values = list(getattr(config, name))
        values += FURTHER_WEIGHTS[name][len(values) : index + 1]
        values[index] = value
        return {name: tuple(values)}

    return Binding(label, setting_of(name), (name,), read, changes)


def features_binding(spare_weight: Callable[[int], float]) -> Binding:
    """Bind the number of features; a feature that comes back takes the weight it had."""

    def changes(config: TrainingConfig, features: int) -> dict[str, Any]:
        weights = config.true_weights
        return {
            "true_weights": tuple(
                weights[index] if index < len(weights) else spare_weight(index)
                for index in range(features)
            )
        }

    return Binding(
        tr(FEATURES.label), FEATURES, ("true_weights",), lambda config: config.features, changes
    )
