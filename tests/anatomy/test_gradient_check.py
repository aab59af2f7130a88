"""The gradient check finds a wrong gradient, and finds nothing wrong with a right one."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from linreg_gui import lesson
from linreg_gui.anatomy.gradient_check import (
    GradientReport,
    check_gradient,
    formulas,
    gradient_table,
)
from linreg_gui.backend import autograd, nd
from linreg_gui.data.dataset import FloatArray

Minibatch = tuple[FloatArray, FloatArray, FloatArray]


def minibatch(m: int, d: int, *, offset: float = 0.0, seed: int = 1) -> Minibatch:
    """Return features, target and parameters that are not far from the best."""
    rng = np.random.default_rng(seed)
    features = (rng.normal(size=(m, d)) + offset).astype(np.float32)
    parameters = rng.normal(size=d + 1).astype(np.float32)
    noise = rng.normal(size=m)
    target = (features @ parameters[:-1] + parameters[-1] + noise).astype(np.float32)
    return features, target, parameters


def gradient_of(features: FloatArray, target: FloatArray, parameters: FloatArray) -> FloatArray:
    """Return autograd's gradient of the lesson's loss."""
    w, b = nd.array(parameters[:-1].reshape(-1, 1)), nd.array(parameters[-1:])
    for parameter in (w, b):
        parameter.attach_grad()
    with autograd.record():
        loss = lesson.loss_of(nd.array(features), nd.array(target.reshape(-1, 1)), w, b)
    loss.backward()
    return np.append(w.grad.asnumpy(), b.grad.asnumpy())


def report_on(batch: Minibatch) -> GradientReport:
    return check_gradient(*batch, gradient_of(*batch))


class TestARightGradient:
    @pytest.mark.parametrize("m", [1, 2, 3, 4, 64, 1000, 10_000])
    @pytest.mark.parametrize("d", [1, 2, 10])
    def test_it_agrees_for_any_batch_and_any_number_of_features(self, m: int, d: int) -> None:
        report = report_on(minibatch(m, d))
        assert report.agrees
        assert report.spreads_in_roundings.max() < 2

    @pytest.mark.parametrize("offset", [100.0, 2015.0, 1e6])
    def test_it_agrees_far_from_0(self, offset: float) -> None:
        assert report_on(minibatch(100, 2, offset=offset)).agrees

    @pytest.mark.parametrize("scale", [1e-12, 1e-6, 1e6, 1e12])
    def test_it_agrees_at_any_scale(self, scale: float) -> None:
        features, target, parameters = minibatch(8, 2)
        features[:, 0] *= scale
        assert report_on((features, target, parameters)).agrees

    @pytest.mark.parametrize("m", [64, 10_000])
    def test_it_agrees_where_all_examples_are_alike(self, m: int) -> None:
        for value in np.linspace(0.1, 9.9, 30):
            features = np.full((m, 1), value, np.float32)
            target = np.full(m, 1 / value, np.float32)
            assert report_on((features, target, np.zeros(2, np.float32))).agrees

    def test_it_agrees_where_there_is_nothing_to_learn(self) -> None:
        features, target = np.zeros((4, 1), np.float32), np.zeros(4, np.float32)
        report = report_on((features, target, np.zeros(2, np.float32)))
        assert report.agrees
        assert not report.spreads_in_roundings.any()

    def test_the_other_two_are_a_thousand_times_as_exact(self) -> None:
        report = report_on(minibatch(4, 2, offset=100.0))
        apart = np.abs(report.by_hand - report.central) / report.roundings
        assert apart.max() < 1e-3


class TestAWrongGradient:
    @pytest.mark.parametrize("batch", [minibatch(4, 2), minibatch(1000, 10, offset=5.0)])
    @pytest.mark.parametrize(
        "wrong",
        [
            pytest.param(lambda gradient, m: gradient * m, id="sum instead of mean"),
            pytest.param(lambda gradient, _: gradient / 2, id="without the factor 2"),
            pytest.param(lambda gradient, _: -gradient, id="wrong sign"),
        ],
    )
    def test_it_is_caught(
        self, batch: Minibatch, wrong: Callable[[FloatArray, int], FloatArray]
    ) -> None:
        gradient = wrong(gradient_of(*batch), len(batch[1]))
        assert check_gradient(*batch, gradient).agrees is False

    def test_one_that_is_off_by_more_than_single_precision_explains_is_caught(self) -> None:
        batch = minibatch(4, 2)
        gradient, roundings = gradient_of(*batch), report_on(batch).roundings
        assert check_gradient(*batch, gradient + 5 * roundings).agrees
        assert check_gradient(*batch, gradient + 20 * roundings).agrees is False

    def test_numbers_too_large_to_check_neither_agree_nor_disagree(self) -> None:
        batch = minibatch(4, 2)
        for value in (np.inf, -np.inf, np.nan):
            report = check_gradient(*batch, np.full(3, value, np.float32))
            assert report.agrees is None
            assert "too large" in report.verdict(["w0", "w1", "b"])


def test_gradients_by_hand_are_the_formulas() -> None:
    features, target = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([1.0, 0.0])
    report = check_gradient(features, target, np.array([1.0, 1.0, 0.5]), np.zeros(3))
    # ŷ − y = (2.5, 2.5); times 2/m = 1
    assert report.by_hand.tolist() == [10.0, 2.5, 5.0]
    assert report.central == pytest.approx(report.by_hand, rel=1e-12)


NAMES = ("w0", "w1", "b")


def report_of(*gradient: float, size: int = 4) -> GradientReport:
    """Return a report in which all three agree but for half a rounding."""
    numbers = np.array(gradient)
    roundings = np.full(len(numbers), 2.0**-19)
    return GradientReport(
        size=size,
        autograd=numbers + roundings / 2,
        by_hand=numbers,
        central=numbers,
        step_sizes=np.full(len(numbers), 10.0),
        roundings=roundings,
    )


def off_by(report: GradientReport, *differences: float) -> GradientReport:
    return dataclasses.replace(report, autograd=report.autograd + np.array(differences))


class TestTheVerdict:
    def test_agreement_has_a_check_mark_and_words(self) -> None:
        verdict = report_of(1.5, -2.5, 3.5).verdict(NAMES)
        assert verdict == "✓ They agree: at most 0.5 roundings apart."

    def test_a_difference_has_a_cross_and_says_where(self) -> None:
        report = off_by(report_of(1.5, -2.5, 3.5), 0, 1.25, 0)
        assert report.verdict(NAMES) == "✗ They do not agree: for w1 they are 1.2500 apart."
        crossed = [row[-1].endswith("✗") for row in gradient_table(report, NAMES).rows]
        assert crossed == [False, True, False]

    def test_numbers_too_large_are_said_to_be(self) -> None:
        report = off_by(report_of(1.5, -2.5, 3.5), np.inf, np.nan, 0)
        assert "too large to check" in report.verdict(NAMES)
        rows = gradient_table(report, NAMES).rows
        assert rows[0][1] == rows[1][1] == "too\N{NO-BREAK SPACE}large"
        assert not {"nan", "inf", "-inf"} & set(sum(rows, ()))


class TestTheTable:
    def test_each_parameter_has_its_three_gradients_and_how_far_they_are_apart(self) -> None:
        rows = gradient_table(report_of(1.5, -2.5, 3.5), NAMES).rows
        assert rows[1] == ("w1", "−2.5000", "−2.5000", "−2.5000", "0.5")

    def test_its_numbers_have_the_same_decimals(self) -> None:
        rows = gradient_table(report_of(1234.5, -2.5, 0.5), NAMES).rows
        assert [row[2] for row in rows] == ["1234.5", "−2.5", "0.5"]

    def test_before_there_is_a_report_it_has_dashes(self) -> None:
        rows = gradient_table(None, NAMES).rows
        assert rows == tuple((name, "–", "–", "–", "–") for name in NAMES)


class TestWhatIsSaidBelow:
    def test_the_formula_has_the_minibatchs_size(self) -> None:
        assert "∂loss/∂b = 2/64 · Σ (ŷ − y)" in formulas("64")

    @pytest.mark.parametrize(
        ("step_sizes", "words"), [([10.0] * 3, "10."), ([0.001, 1.0, 10.0], "0.001 … 10.")]
    )
    def test_the_step_of_the_central_difference_is_said(
        self, step_sizes: list[float], words: str
    ) -> None:
        report = dataclasses.replace(report_of(1, 2, 3), step_sizes=np.array(step_sizes))
        assert f"h\u00a0=\u00a0{words}" in report.explanations()[0]

    def test_how_many_roundings_count_as_agreement_is_said(self) -> None:
        assert "Up to 8 count as agreement." in report_of(1.5, -2.5, 3.5).explanations()[1]
