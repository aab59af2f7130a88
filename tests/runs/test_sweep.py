"""A sweep ends where single runs end, and reads its values as people type them."""

import pytest

from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.run import KeptRun
from linreg_gui.runs.states import RunState
from linreg_gui.runs.sweep import (
    DEFAULT_COUNT,
    SweepPoint,
    parse_values,
    proposed_values,
    sweep,
    sweepable,
)
from linreg_gui.settings import DEFAULTS, Engine, SettingError, TrainingConfig, setting_of
from tests.pseudo_languages import spoken
from tests.support import train

FEW = TrainingConfig(examples=203)


def points_of(*configs: TrainingConfig) -> list[SweepPoint]:
    return [point for point in sweep(configs) if point is not None]


class TestTraining:
    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("learning_rate", (0.001, 0.05, 3.0)),
            ("batch_size", (1, 4, 203, 500)),
            ("epochs", (1, 3)),
            ("examples", (5, 90)),
            ("noise_std", (0.0, 1.0)),
            ("seed", (1, 2)),
            ("true_bias", (-1.0, 7.0)),
        ],
    )
    def test_each_point_is_where_a_run_with_these_settings_ends(
        self, name: str, values: tuple[float, ...]
    ) -> None:
        configs = [FEW.with_value(name, value) for value in values]
        points = points_of(*configs)
        assert [point.index for point in points] == list(range(len(values)))
        for point, config in zip(points, configs, strict=True):
            run, engine = prepare_run(1, config.with_value("engine", Engine.INSTANT))
            run.history.append(train(engine, run.planned_steps))
            kept = KeptRun(run, 1, RunState.COMPLETED, 0)
            assert (point.steps, point.diverged) == (run.history.step, engine.diverged)
            assert point.loss == pytest.approx(kept.final_loss, rel=1e-9)
            assert point.distance == pytest.approx(kept.run.distance, rel=1e-9)
            assert point.least_squares_loss == run.references.loss

    def test_it_ends_where_the_lessons_own_engine_ends(self) -> None:
        (point,) = points_of(DEFAULTS)
        run, engine = prepare_run(1, DEFAULTS)
        run.history.append(train(engine, run.planned_steps))
        assert point.loss == pytest.approx(run.history.recent_epoch_loss, rel=1e-3)

    def test_a_batch_size_larger_than_the_data_is_reduced_with_a_message(self) -> None:
        fits, reduced = points_of(FEW, FEW.with_value("batch_size", 500))
        assert fits.messages == ()
        assert reduced.messages == (
            "Batch size 500 was reduced to 203: there are no more examples.",
        )

    def test_a_long_run_is_cut_into_slices(self) -> None:
        assert len(list(sweep([DEFAULTS.with_value("epochs", 200)]))) > 10


class TestValues:
    @pytest.mark.parametrize(
        ("name", "text", "values"),
        [
            ("learning_rate", "0.001, 0.01, 0.1", (0.001, 0.01, 0.1)),
            ("learning_rate", "0,001; 0,01", (0.001, 0.01)),
            ("learning_rate", "1e-1 0.001", (0.001, 0.1)),
            ("learning_rate", "0.1, 0.1, 0.2", (0.1, 0.2)),
            ("batch_size", "1,2,4", (1, 2, 4)),
            ("examples", "1,000 10,000", (1000, 10_000)),
            ("learning_rate", "0.001 … 1: 4", (0.001, 0.01, 0.1, 1.0)),
            ("learning_rate", "0.001 … 1, 4 values", (0.001, 0.01, 0.1, 1.0)),
            ("learning_rate", "0,001 ... 1, 4", (0.001, 0.01, 0.1, 1.0)),
            ("learning_rate", "1 … 0.001: 4", (0.001, 0.01, 0.1, 1.0)),
            ("learning_rate", "0.1 … 0.9: 5", (0.1, 0.3, 0.5, 0.7, 0.9)),
            ("noise_std", "0 … 100: 3", (0.0, 50.0, 100.0)),
            ("true_bias", "−1 … 1: 3", (-1.0, 0.0, 1.0)),
            ("examples", "100 … 10,000: 3", (100, 1000, 10_000)),
            ("batch_size", "1 … 4: 20", (1, 2, 3, 4)),
            ("learning_rate", "0.0012345 … 0.98765: 2", (0.0012345, 0.98765)),
        ],
    )
    def test_a_list_or_a_range_is_read(
        self, name: str, text: str, values: tuple[float, ...]
    ) -> None:
        parsed = parse_values(name, text)
        assert parsed == values
        assert [type(value) for value in parsed] == [type(value) for value in values]

    @pytest.mark.parametrize(
        ("name", "text", "words"),
        [
            ("learning_rate", "", "“” is not a number"),
            ("learning_rate", "abc", "“abc” is not a number"),
            ("learning_rate", "0.1", "Give 2 to 50 different values."),
            ("learning_rate", "0.1, 0.1", "Give 2 to 50 different values."),
            ("learning_rate", "0.1 … 1: 1", "Give 2 to 50 different values."),
            ("learning_rate", "0.1 … 1: 51", "Give 2 to 50 different values."),
            ("learning_rate", "0.1 … 1: 99999999999", "Give 2 to 50 different values."),
            ("learning_rate", f"0.1 … 1: {'9' * 5000}", "Give 2 to 50 different values."),
            ("learning_rate", "0 … 1", "Learning rate cannot be 0; choose more than 0"),
            ("learning_rate", "… 1", "“” is not a number"),
            ("batch_size", "1, 2.5", "2.5 is not a whole number."),
            ("epochs", "0, 1", "Epochs cannot be 0; choose 1 to 100,000."),
        ],
    )
    def test_unreadable_values_are_refused_in_words(self, name: str, text: str, words: str) -> None:
        with pytest.raises(SettingError) as refused:
            parse_values(name, text)
        assert words in str(refused.value)
        assert refused.value.name == name

    @pytest.mark.parametrize("name", sweepable())
    def test_values_are_proposed_for_every_setting(self, name: str) -> None:
        values = parse_values(name, proposed_values(name, 0.98))
        assert len(values) >= DEFAULT_COUNT
        with spoken("de"):
            assert parse_values(name, proposed_values(name, 0.98)) == values

    @pytest.mark.parametrize(
        ("name", "text", "values"),
        [
            ("learning_rate", "0,001; 0,01", (0.001, 0.01)),
            ("learning_rate", "0,001, 0,01", (0.001, 0.01)),
            ("learning_rate", "0,001 0.01", (0.001, 0.01)),
            ("learning_rate", "0,001 … 0,1; 3 Werte", (0.001, 0.01, 0.1)),
            ("learning_rate", "0.001 … 0.1, 3 Werte", (0.001, 0.01, 0.1)),
            ("learning_rate", "0,001 … 0,1", parse_values("learning_rate", "0.001 … 0.1")),
            ("true_bias", "-0,5 ,5", (-0.5, 0.5)),
            ("batch_size", "1, 2, 4", (1, 2, 4)),
            ("examples", "1\u202f000; 10\u202f000", (1000, 10_000)),
            ("examples", "1\u202f000 10\u202f000", (1000, 10_000)),
        ],
    )
    def test_with_a_decimal_comma_a_list_is_read(
        self, name: str, text: str, values: tuple[float, ...]
    ) -> None:
        with spoken("de"):
            assert parse_values(name, text) == values

    @pytest.mark.parametrize("text", ["0,1", "0,1,0,2", "1,2,4", "1,2"])
    def test_a_decimal_comma_never_separates(self, text: str) -> None:
        with spoken("de"), pytest.raises(SettingError):
            parse_values("learning_rate", text)

    @pytest.mark.parametrize("limit", [1e-37, 1e-9, 0.98, 1e9])
    def test_the_proposed_rates_are_around_the_stable_one(self, limit: float) -> None:
        values = parse_values("learning_rate", proposed_values("learning_rate", limit))
        assert len(values) == DEFAULT_COUNT
        assert values[0] < limit
        assert values[-1] > limit or values[-1] == setting_of("learning_rate").maximum
