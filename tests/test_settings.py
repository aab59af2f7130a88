"""Settings have the lesson's defaults, refuse bad values in words, and read back as written."""

import dataclasses
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linreg_gui.data.single_precision import SMALLEST
from linreg_gui.settings import (
    DEFAULTS,
    Choice,
    Engine,
    Init,
    SettingError,
    StopRule,
    TrainingConfig,
    format_setting,
    parse_numbers,
    parse_setting,
    setting_of,
    settings,
    value_words,
)

NUMBERS = [name for name, setting in settings() if setting.maximum is not None]
SWITCHES = ["shuffle", "standardize"]
TYPED = [name for name, _ in settings() if name not in [*SWITCHES, "data"]]
TUPLES = ["true_weights", "start_weights"]


def as_value(name: str, number: float) -> float | tuple[float, ...]:
    return (number,) * 2 if name in TUPLES else number


def test_the_defaults_are_the_lessons() -> None:
    assert dataclasses.asdict(DEFAULTS) == {
        "data": None,
        "examples": 10_000,
        "true_weights": (2.0, -3.4),
        "true_bias": 4.2,
        "noise_std": 0.01,
        "standardize": False,
        "test_share": 0.0,
        "seed": 1,
        "init": Init.NORMAL,
        "start_weights": (0.0, 0.0),
        "start_bias": 0.0,
        "batch_size": 4,
        "learning_rate": 0.001,
        "epochs": 2,
        "stop_rule": StopRule.NONE,
        "stop_percent": 1.0,
        "stop_gradient": 0.01,
        "shuffle": True,
        "engine": Engine.AUTOGRAD,
    }


class TestWords:
    def test_every_setting_has_a_label_and_a_help_text(self) -> None:
        for name, setting in settings():
            assert setting.words().label, name
            assert setting.words().help.endswith("."), name

    def test_no_two_settings_share_a_label_or_an_option(self) -> None:
        labels = [setting.words().label for _, setting in settings()]
        options = [setting.option for _, setting in settings() if setting.option]
        assert len(set(labels)) == len(labels)
        assert len(set(options)) == len(options)


class TestLimits:
    @pytest.mark.parametrize("name", NUMBERS)
    def test_the_limits_themselves_are_taken(self, name: str) -> None:
        for limit in (setting_of(name).minimum, setting_of(name).maximum):
            if limit is not None:
                value = as_value(name, limit)
                assert getattr(DEFAULTS.with_value(name, value), name) == value

    @pytest.mark.parametrize("name", NUMBERS)
    @pytest.mark.parametrize("bad", ["low", "high", "nan", "inf"])
    def test_a_value_beyond_the_limits_is_refused_by_name_with_the_limits(
        self, name: str, bad: str
    ) -> None:
        setting = setting_of(name)
        assert setting.maximum is not None
        lowest = setting.minimum if setting.minimum is not None else setting.above
        assert lowest is not None
        value = {
            "low": lowest if setting.above is not None else lowest - max(1, 1e-3 * abs(lowest)),
            "high": setting.maximum + max(1, 1e-3 * setting.maximum),
            "nan": math.nan,
            "inf": math.inf,
        }[bad]
        with pytest.raises(SettingError) as caught:
            DEFAULTS.with_value(name, as_value(name, value))
        assert caught.value.name == name
        assert str(caught.value).startswith(setting.words().label)
        assert setting.limits() in str(caught.value)

    @pytest.mark.parametrize(
        "name", ["learning_rate", "noise_std", "true_bias", "true_weights", "start_bias"]
    )
    @pytest.mark.parametrize("lost", [1e-323, 1e-300, 1.1e-38])
    def test_a_number_that_single_precision_loses_is_refused_with_the_smallest(
        self, name: str, lost: float
    ) -> None:
        sentence = "nearer to 0 than 1.2e−38 are too small for single precision"
        with pytest.raises(SettingError, match=sentence) as caught:
            DEFAULTS.with_value(name, as_value(name, lost))
        assert caught.value.name == name
        DEFAULTS.with_value(name, as_value(name, SMALLEST))

    def test_one_bad_weight_among_good_ones_is_refused(self) -> None:
        with pytest.raises(SettingError, match="True weights"):
            DEFAULTS.with_value("true_weights", (2.0, math.nan))

    @pytest.mark.parametrize("weights", [(), (1.0,) * 11])
    def test_the_number_of_features_is_1_to_10(self, weights: tuple[float, ...]) -> None:
        with pytest.raises(SettingError, match="Give 1 to 10 weights") as caught:
            DEFAULTS.with_value("true_weights", weights)
        assert caught.value.name == "true_weights"

    def test_weights_without_a_typed_start_start_at_0(self) -> None:
        config = TrainingConfig(init=Init.TYPED, start_weights=(1.0,), start_bias=5.0)
        assert config.typed_start(3) == (1.0, 0.0, 0.0, 5.0)
        assert config.typed_start(1) == (1.0, 5.0)


class TestTyping:
    @pytest.mark.parametrize("text", ["0.05", "0,05", "5e-2"])
    def test_a_learning_rate_is_read_in_every_notation(self, text: str) -> None:
        assert parse_setting("learning_rate", text) == 0.05

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("abc", "is not a number"),
            ("nan", "is not a number"),
            ("", "is not a number"),
            ("1e999", "too large to compute with"),
            ("1e-323", "too small for single precision"),
            ("-1", "more than 0, up to 1,000"),
            ("0", "more than 0, up to 1,000"),
            ("1001", "more than 0, up to 1,000"),
        ],
    )
    def test_an_impossible_learning_rate_is_refused_in_words(self, text: str, reason: str) -> None:
        with pytest.raises(SettingError, match=reason) as caught:
            parse_setting("learning_rate", text)
        assert caught.value.name == "learning_rate"
        assert str(caught.value).endswith(".")

    @pytest.mark.parametrize("text", ["10,000", "10.000", "10 000", "1e4", "10000"])
    def test_examples_are_read_with_any_grouping(self, text: str) -> None:
        value = parse_setting("examples", text)
        assert (value, type(value)) == (10_000, int)

    @pytest.mark.parametrize("text", ["0", "-5", "1000001", "2.5", "ten"])
    def test_an_impossible_number_of_examples_is_refused(self, text: str) -> None:
        with pytest.raises(SettingError):
            parse_setting("examples", text)

    @pytest.mark.parametrize(
        "text", ["2,-3.4", "2, -3.4", "2; -3,4", "2;-3.4", "2 -3.4", "2 -3,4", "2,0 -3,4"]
    )
    def test_a_comma_between_weights_differs_from_a_decimal_comma(self, text: str) -> None:
        assert parse_numbers(text) == (2.0, -3.4)

    @pytest.mark.parametrize(
        ("value", "shown", "in_field"),
        [
            ((2.0, -3.4), "2, −3.4", "2, -3.4"),
            (-4.2, "−4.2", "-4.2"),
            (-1e-7, "−1e−7", "-1e-7"),
            (10_000, "10,000", "10,000"),
        ],
    )
    def test_a_number_has_a_true_minus_except_in_a_field(
        self, value: Any, shown: str, in_field: str
    ) -> None:
        assert (value_words(value), format_setting(value)) == (shown, in_field)

    @pytest.mark.parametrize("text", ["", "a,b", "1,,2", "1e999"])
    def test_impossible_weights_are_refused(self, text: str) -> None:
        with pytest.raises(SettingError) as caught:
            parse_setting("true_weights", text)
        assert caught.value.name == "true_weights"

    def test_a_choice_must_be_one_of_the_choices(self) -> None:
        assert parse_setting("init", "zeros") is Init.ZEROS
        with pytest.raises(SettingError, match="Start can be normal, zeros, typed"):
            parse_setting("init", "random")


def values_of(name: str) -> st.SearchStrategy[Any]:
    default, setting = getattr(DEFAULTS, name), setting_of(name)
    if isinstance(default, Choice):
        return st.sampled_from(type(default))
    if isinstance(default, int):
        return st.integers(int(setting.minimum or 0), int(setting.maximum or 0))
    number = st.floats(
        setting.above if setting.minimum is None else setting.minimum,
        setting.maximum,
        exclude_min=setting.above is not None,
    ).filter(lambda value: value == 0 or abs(value) >= SMALLEST)
    if isinstance(default, tuple):
        return st.lists(number, min_size=1, max_size=2).map(tuple)
    return number


@pytest.mark.parametrize("name", TYPED)
@given(data=st.data())
def test_the_text_of_a_setting_reads_back_as_the_same_value(name: str, data: st.DataObject) -> None:
    value = data.draw(values_of(name))
    read = parse_setting(name, format_setting(value))
    assert read == value
    assert type(read) is type(value)
