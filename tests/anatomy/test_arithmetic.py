"""A computation with the digits on screen gives the result on screen."""

import re
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linreg_gui.anatomy.arithmetic import (
    write_average,
    write_loss,
    write_prediction,
    write_residual,
    write_update,
)
from linreg_gui.data.dataset import FloatArray

NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e-?\d+)?")

ordinary = st.floats(-100, 100, width=32)
of_any_size = ordinary | st.floats(-(2.0**50), 2.0**50, width=32)
rates = st.sampled_from([0.001, 0.3, 1e-5, 1e-7, 0.0123, 2.0])


def single(value: float) -> float:
    return float(np.float32(value))


def array(*values: float) -> FloatArray:
    return np.array(values, np.float32)


def plain(text: str) -> str:
    return text.replace("−", "-").replace(",", "")


def value_of(side: str) -> Fraction:
    """Compute exactly what one side of an equation says."""
    side = re.sub(r" \(\d+ more\)", "", plain(side))
    side = side.replace("×", "*").replace("·", "*").replace("²", "**2")
    value = eval(NUMBER.sub(r'Fraction("\g<0>")', side), {"Fraction": Fraction})
    assert isinstance(value, Fraction)
    return value


def is_shown_by(value: float | Fraction, text: str) -> bool:
    """Return whether ``text`` is ``value``, rounded to the digits that it has."""
    mantissa, _, power = plain(text).partition("e")
    unit = Fraction(10) ** (int(power or 0) - len(mantissa.partition(".")[2]))
    return abs(Fraction(plain(text)) - Fraction(value)) <= unit / 2


def comes_out(equation: str) -> bool:
    left, result = equation.split(" = ")
    return is_shown_by(value_of(left), result)


def is_true(equation: str) -> bool:
    """Return whether an equation is true, or has the sign ≈."""
    return "≈" in equation or comes_out(equation)


class TestEquationsAreTrue:
    @given(of_any_size, rates, of_any_size)
    @example(2.0, 1e-7, 1.0)
    def test_an_update(self, before: float, rate: float, gradient: float) -> None:
        after = single(before - single(single(rate) * gradient))
        assert is_true(write_update(before, rate, gradient, after))

    @given(st.lists(st.tuples(of_any_size, ordinary), min_size=1, max_size=10), ordinary)
    def test_a_prediction(self, terms: list[tuple[float, float]], bias: float) -> None:
        features, weights = np.array(terms, np.float32).T
        prediction = features @ weights + np.float32(bias)
        assert is_true(write_prediction(features, weights, bias, prediction).text)

    @given(of_any_size, of_any_size)
    @example(1.06, 1.05997)
    def test_a_residual(self, prediction: float, target: float) -> None:
        assert is_true(write_residual(prediction, target, single(prediction - target)))

    @given(st.lists(of_any_size, min_size=1, max_size=40))
    def test_a_loss(self, residuals: list[float]) -> None:
        loss = single(float(np.mean(np.square(residuals))))
        assert is_true(write_loss(array(*residuals), loss))

    @given(st.floats(0, 2.0**50), st.floats(0, 2.0**50, width=32))
    def test_a_moving_average(self, before: float, loss: float) -> None:
        assert is_true(write_average(before, loss, 0.99 * before + 0.01 * loss))

    @given(st.integers(0, 10_000))
    def test_the_lessons_numbers_do(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        features = rng.normal(size=(8, 2)).astype(np.float32)
        weights, bias = rng.normal(size=2).astype(np.float32), 0.25
        predictions = features @ weights + np.float32(bias)
        target = features @ array(2, -3.4) + np.float32(4.2)
        residuals = predictions - target
        assert comes_out(write_prediction(features[0], weights, bias, predictions[0]).text)
        assert is_true(write_residual(predictions[0], target[0], residuals[0]))
        assert comes_out(write_loss(residuals, np.mean(residuals**2)))


class TestNumbersAreHonest:
    @given(ordinary, ordinary, ordinary)
    def test_each_number_is_the_real_one_rounded(self, x: float, w: float, b: float) -> None:
        prediction = single(single(x * w) + b)
        shown = write_prediction(array(x), array(w), b, prediction)
        assert is_shown_by(x, shown.features[0])
        assert is_shown_by(w, shown.weights[0])
        assert is_shown_by(b, shown.bias)
        assert is_shown_by(prediction, shown.prediction)

    def test_digits_that_single_precision_lost_are_marked(self) -> None:
        assert write_update(2.0, 0.001, 0.0001, 2.0) == "2.0000 − 0.001 × 0.0001 = 2.0000"
        far = write_prediction(array(2.0**25, -(2.0**25)), array(1, 1), 0.5, 0.0)
        assert far.text == "(3.35544320e7)·1.00 + (−3.35544320e7)·1.00 + 0.50 ≈ 0.00"


class TestAnUpdate:
    def test_it_reads_as_in_a_book(self) -> None:
        text = write_update(0.3127, 0.001, -4.8312, 0.3175312)
        assert text == "0.3127 − 0.001 × (−4.8312) = 0.3175"

    @given(ordinary, rates, ordinary)
    @example(0.3127, 1e-5, -0.04)
    @example(2.0, 0.001, 0.0002)
    def test_a_change_can_be_seen(self, before: float, rate: float, gradient: float) -> None:
        after = single(before - single(single(rate) * gradient))
        text = write_update(before, rate, gradient, after)
        assert (text.split(" − ")[0] == re.split("[=≈] ", text)[1]) == (before == after)

    def test_a_change_of_the_seventh_digit_shows_seven(self) -> None:
        text = write_update(single(0.3127), 1e-6, 0.2, single(0.3126998))
        assert text == "0.3127000 − 1e−6 × 0.2000 = 0.3126998"

    def test_before_and_after_have_the_same_decimals(self) -> None:
        before, _, _, after = re.findall(r"\d+\.\d+", write_update(1.5, 0.001, 1.7, 1.4983))
        assert len(before) == len(after)


class TestAPrediction:
    def test_it_reads_as_in_a_book(self) -> None:
        shown = write_prediction(array(0.52, -1.23), array(2, 3.4), 4.2, 1.058)
        assert shown.text == "0.52·2.00 + (−1.23)·3.40 + 4.20 = 1.06"

    def test_its_parts_have_the_digits_of_the_equation(self) -> None:
        shown = write_prediction(array(0.52, -1.23), array(2, 3.4), 4.2, 1.058)
        assert (shown.features, shown.weights) == (("0.52", "−1.23"), ("2.00", "3.40"))
        assert (shown.bias, shown.prediction) == ("4.20", "1.06")

    @given(st.lists(st.tuples(ordinary, ordinary), min_size=1, max_size=10), ordinary)
    def test_its_products_are_true_too(self, terms: list[tuple[float, float]], bias: float) -> None:
        features, weights = np.array(terms, np.float32).T
        shown = write_prediction(features, weights, bias, features @ weights + np.float32(bias))
        for x, w, product in zip(shown.features, shown.weights, shown.products, strict=True):
            assert is_shown_by(value_of(x) * value_of(w), product)
        if "=" in shown.text:
            total = sum(map(value_of, [*shown.products, shown.bias]))
            assert is_shown_by(total, shown.prediction)

    def test_whole_features_have_no_decimals(self) -> None:
        shown = write_prediction(array(2015), array(0.5), -1000.25, 7.25)
        assert shown.text == "2015·0.50 + (−1000.25) = 7.25"

    def test_a_picture_may_ask_for_more_decimals(self) -> None:
        shown = write_prediction(array(0.521212), array(2), 4.2, 5.242424, decimals=4)
        assert shown.text == "0.5212·2.0000 + 4.2000 = 5.2424"


class TestResidualAndLoss:
    def test_a_residual_reads_as_in_a_book(self) -> None:
        assert write_residual(1.06, 1.1, -0.04) == "1.06 − 1.10 = −0.04"
        assert write_residual(-1.5, -2.0, 0.5) == "−1.50 − (−2.00) = 0.50"

    def test_a_small_residual_is_not_shown_as_zero(self) -> None:
        assert write_residual(1.06, 1.05997, 0.00003) == "1.06000 − 1.05997 = 0.00003"

    def test_a_loss_is_the_mean_of_the_squares(self) -> None:
        assert write_loss(array(0.5, -1.25), 0.90625) == "(0.50² + (−1.25)²)/2 = 0.9062"

    def test_of_one_example_it_is_the_square(self) -> None:
        assert write_loss(array(-0.04), 0.0016) == "(−0.04)² = 0.0016"

    def test_of_many_the_rest_is_one_number(self) -> None:
        residuals = np.full(1002, 0.5, np.float32)
        text = write_loss(residuals, 0.25)
        assert text == f"({'0.50² + ' * 6}249.00 (996 more))/1,002 = 0.2500"

    def test_a_square_of_a_power_of_ten_is_not_misread(self) -> None:
        assert write_loss(array(3e8), 9e16) == "(3.00e8)² = 9.00e16"


class TestAMovingAverage:
    def test_it_reads_as_in_a_book(self) -> None:
        assert write_average(0.0, 8.231, 0.08231) == "0.99 × 0.0000 + 0.01 × 8.2310 = 0.0823"


class TestTheEndsOfTheScale:
    @pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
    def test_numbers_that_are_not_finite_are_too_large(self, value: float) -> None:
        texts = [
            write_update(1.0, 0.001, value, value),
            write_prediction(array(1, value), array(2, 3), 1.0, value).text,
            write_residual(value, 1.0, value),
            write_loss(array(1, value), value),
            write_average(1.0, value, value),
        ]
        for text in texts:
            assert text.endswith("= too\N{NO-BREAK SPACE}large")
            assert not re.search("nan|inf", text, re.IGNORECASE)

    def test_very_small_and_very_large_ones_have_a_power_of_ten(self) -> None:
        text = write_update(0.0, 0.001, 1.23e-4, -1.23e-7)
        assert text.endswith("= −1.23e−7")
        text = write_update(3.2, 0.9, 5e12, -4.5e12)
        assert text == "3.2000 − 0.9 × (5.00e12) = −4.50e12"

    def test_there_is_no_negative_zero(self) -> None:
        assert write_residual(-0.0, -0.0, -0.0) == "0.00 − 0.00 = 0.00"

    def test_large_numbers_show_no_digits_that_single_precision_lacks(self) -> None:
        assert write_residual(123456.7, 23456.7, 100000.0) == "123456.7 − 23456.7 = 100000.0"
