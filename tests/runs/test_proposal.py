"""With the settings that the program proposes, a run ends near least squares."""

from contextlib import suppress

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from linreg_gui.analysis.moments import moments_of
from linreg_gui.data.classics import Sample, samples
from linreg_gui.data.dataset import Dataset
from linreg_gui.pieces import at_once
from linreg_gui.runs.forecast import forecast
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.runs.proposal import MOST_STEPS, Proposal, proposing
from linreg_gui.runs.run import Run
from linreg_gui.settings import Engine, TrainingConfig
from linreg_gui.tables.reading import propose, read_table, select
from linreg_gui.tables.source import TableError
from tests.support import line_data, made_data, train

EDGES = st.sampled_from(
    [
        *("0", "1", "2", "-1", "-999", "0.1", "16777217", "1600000060", "inf", "-inf", "nan"),
        *("1e-10", "1e-30", "1e-38", "1e-45", "1e-300", "-1e-310", "5e-324"),
        *("1e19", "1e38", "-3e38", "3.4e38", "1e308", "-1.7e308"),
    ]
)

OFFSETS = (0.0, 1.0, 30.0, 1e3, 1e5)
"""In standard deviations."""


def proposal_for(data: Dataset, **wanted: object) -> Proposal:
    return at_once(proposing(moments_of(data), **wanted))  # type: ignore[arg-type]


def trained(data: Dataset, proposal: Proposal, **values: object) -> Run:
    config = TrainingConfig(data=data, **{"engine": Engine.INSTANT, **proposal.settings, **values})
    run, engine = prepare_run(1, config)
    run.history.append(train(engine, run.planned_steps))
    assert not engine.diverged
    return run


def missing_share(run: Run) -> float:
    """Return the loss above least squares, as a share of what least squares gains."""
    landscape = run.problem.training
    gain = landscape.variance - landscape.lowest
    return (landscape.loss(run.history.current_parameters) - landscape.lowest) / gain


class TestTheRunEndsNear:
    @pytest.mark.parametrize("power", [-6, -4, -3, -1, 1, 2, 5, 6])
    def test_at_every_scale_and_offset_for_one_to_six_features(self, power: int) -> None:
        rng = np.random.default_rng(power + 6)
        for place, offset in enumerate(OFFSETS):
            dimension, size = (power + place) % 6 + 1, (12, 40, 300)[(power + place) % 3]
            spread = rng.normal(size=(size, dimension))
            offsets = offset * rng.permutation([1.0, *rng.integers(0, 2, dimension - 1)])
            target = spread.sum(axis=1) + (0.3, 0.0, 2.0)[place % 3] * rng.normal(size=size)
            data = made_data((spread + offsets) * 10.0**power, 10.0 ** (power % 4) * target)
            proposal = proposal_for(data)
            assert proposal.is_near
            assert proposal.steps <= MOST_STEPS
            for seed in (1, 2):
                assert missing_share(trained(data, proposal, seed=seed)) <= 0.01

    @pytest.mark.parametrize(
        ("x", "y", "expected"),
        [
            (
                [0.001, 0.002, 0.003, 0.004, 0.005, 0.006],
                [1.0, 2.1, 2.9, 4.2, 5.0, 6.1],
                (1014.3, 0.0),
            ),
            (np.linspace(7.0, 7.6, 13), 30 * np.linspace(7.0, 7.6, 13) - 180, (30, -180)),
            (np.linspace(3.6, 4.2, 20), 150 * np.linspace(3.6, 4.2, 20) - 540, (150, -540)),
            (np.linspace(0.49, 0.52, 30), 100 * np.linspace(0.49, 0.52, 30) - 9, (100, -9)),
            (np.linspace(1.5, 1.95, 60), 90 * np.linspace(1.5, 1.95, 60) - 80, (90, -80)),
            (np.linspace(150, 195, 15), 0.9 * np.linspace(150, 195, 15) - 80, (0.9, -80)),
        ],
        ids=["force", "pH", "volts", "win rates", "meters", "heights and weights"],
    )
    def test_on_tables_of_every_day(
        self, x: list[float], y: list[float], expected: tuple[float, float]
    ) -> None:
        data = made_data(x, y)
        proposal = proposal_for(data)
        assert proposal.standardize
        assert proposal.steps <= 1_000
        run = trained(data, proposal)
        assert run.current_parameters == pytest.approx(expected, rel=0.01, abs=0.01)
        assert run.references.parameters == pytest.approx(expected, rel=1e-3, abs=1e-3)

    @pytest.mark.parametrize("size", [20, 60])
    @pytest.mark.parametrize("offset", [1e3, 1e5])
    def test_in_single_precision_on_a_target_far_from_0(self, size: int, offset: float) -> None:
        rng = np.random.default_rng(5)
        x = rng.normal(size=size)
        data = made_data(x, x + 0.3 * rng.normal(size=size) + offset)
        run = trained(data, proposal_for(data), engine=Engine.AUTOGRAD)
        assert missing_share(run) <= 0.01

    def test_where_there_is_little_to_learn(self) -> None:
        rng = np.random.default_rng(5)
        x = rng.normal(size=2_500)
        data = made_data(x, 0.05 * x + rng.normal(size=2_500))
        assert missing_share(trained(data, proposal_for(data))) <= 0.01

    @pytest.mark.parametrize(
        "data",
        [
            made_data([3, 3, 3], [5, 6, 7]),
            made_data([1, 2, 3], [5, 5, 5]),
            made_data([1, 2, 3], [0, 0, 0]),
            made_data([3], [5]),
            made_data([[1, 1], [2, 2], [3, 3]], [4, 8, 12]),
        ],
        ids=["constant feature", "constant target", "zeros", "one example", "collinear"],
    )
    def test_where_the_data_leave_something_undetermined(self, data: Dataset) -> None:
        proposal = proposal_for(data)
        assert proposal.is_near
        run = trained(data, proposal)
        assert run.problem.training.rmse(run.history.current_parameters) == pytest.approx(
            run.references.loss**0.5, abs=2e-3 * max(1.0, float(data.target.max()))
        )


class TestTheChoice:
    @pytest.mark.parametrize("of_feature", [1e-308, 1e-162, 1e-40, 1.0, 1e30])
    @pytest.mark.parametrize("of_target", [1e-308, 1e-200, 1e-40, 1.0, 1e36])
    def test_numbers_at_the_edge_of_the_floats_give_no_warning(
        self, of_feature: float, of_target: float
    ) -> None:
        x = np.arange(1.0, 9.0)
        proposal = proposal_for(made_data(of_feature * x, of_target * (2 * x + 1 + np.sin(x))))
        assert proposal.settings["learning_rate"] > 0

    def test_features_that_learn_fast_stay_as_measured(self) -> None:
        rng = np.random.default_rng(1)
        x = rng.normal(size=60)
        proposal = proposal_for(made_data(x, 2 * x + 1))
        assert (proposal.standardize, proposal.batch_size) == (False, 10)

    def test_a_wish_to_standardize_or_not_is_followed(self) -> None:
        data = line_data(1, 8)
        for wish in (True, False):
            assert proposal_for(data, standardize=wish).standardize is wish

    def test_what_is_given_stays_and_the_rest_suits_it(self) -> None:
        data = line_data(1, 60)
        for given in (
            {"batch_size": 3},
            {"learning_rate": 0.02},
            {"batch_size": 60, "epochs": 100},
        ):
            proposal = proposal_for(data, given=given)
            assert {name: proposal.settings[name] for name in given} == given
            assert missing_share(trained(data, proposal)) <= 0.01
        assert proposal_for(data, given={"batch_size": 100}).batch_size == 60

    def test_what_cannot_be_reached_is_not_called_near(self) -> None:
        x = np.linspace(-1, 1, 40)
        nearly_the_same = np.column_stack([x, x + 1e-4 * np.sin(40 * x)])
        data = made_data(nearly_the_same, np.sin(40 * x))
        proposal = proposal_for(data)
        assert not proposal.is_near
        assert proposal.steps <= MOST_STEPS
        run, _ = prepare_run(1, TrainingConfig(data=data, **proposal.settings))
        assert forecast(run) is not None


@pytest.mark.parametrize("sample", samples(), ids=lambda sample: sample.name)
def test_nothing_is_said_against_the_settings_of_the_classics(sample: Sample) -> None:
    config = TrainingConfig(
        data=sample.read(),
        standardize=sample.standardize,
        learning_rate=sample.learning_rate,
        epochs=sample.epochs,
        batch_size=sample.batch_size,
    )
    run, _ = prepare_run(1, config)
    assert forecast(run) is None


@hypothesis.settings(max_examples=30)
@hypothesis.given(st.lists(st.tuples(EDGES, EDGES, EDGES), min_size=1, max_size=12))
def test_no_number_in_a_table_leads_to_a_warning(rows: list[tuple[str, str, str]]) -> None:
    table = read_table("a,b,c\n" + "".join(f"{','.join(row)}\n" for row in rows))
    with suppress(TableError):  # no row may be left
        if not table.complaint:
            moments = moments_of(select(table, *propose(table), "table.csv"))
            for standardize in (None, True, False):
                assert at_once(proposing(moments, standardize=standardize)).settings
