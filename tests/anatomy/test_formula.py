"""A model is written with names and with numbers, and its equations are true."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linreg_gui.anatomy.arithmetic import Formula
from linreg_gui.data.scaling import FeatureRange, Scaling
from linreg_gui.texts import shortened

ordinary = st.floats(-100, 100).map(lambda value: round(value, 3))
NO_BREAK = "\N{NO-BREAK SPACE}"


def plain(text: str) -> str:
    return text.replace(NO_BREAK, " ").replace("−", "-")


def range_of(*values: float) -> FeatureRange:
    column = np.array(values)[:, np.newaxis]
    (found,) = FeatureRange.of(column, Scaling.of(column))
    return found


class TestALine:
    def test_has_the_names_and_as_many_decimals_as_a_prediction_needs(self) -> None:
        formula = Formula(["x0", "x1"], [3.0, 400.0], spread=4.0)
        written = formula.named((2.0, -3.4, 4.2))
        assert plain(written) == "2.00000·x0 - 3.4000000·x1 + 4.2000"

    def test_breaks_only_between_terms(self) -> None:
        formula = Formula(["parent height (in)", "x1"], [70.0, 1.0], spread=2.5)
        assert formula.named((0.5, 1.0, -2.0)).split(" ") == [
            "0.500000·parent\N{NO-BREAK SPACE}height\N{NO-BREAK SPACE}(in)",
            "+\N{NO-BREAK SPACE}1.00000·x1",
            "−\N{NO-BREAK SPACE}2.0000",
        ]

    def test_has_the_beginning_of_a_long_name(self) -> None:
        assert shortened("turnover of the quarter", 12) == "turnover of…"
        assert shortened("turnover", 8) == "turnover"

    @pytest.mark.parametrize("spread", [0.0, 1e-30, 1e30])
    def test_can_be_written_whatever_the_spread(self, spread: float) -> None:
        formula = Formula(["x0"], [0.0], spread)
        assert formula.write(formula.predict((2.0, 1.0), [1.0])).startswith("3")


class TestAPrediction:
    def test_is_written_with_the_numbers(self) -> None:
        formula = Formula(["x0", "x1"], [3.0, 3.0], spread=4.0)
        written = formula.written((1.9998, -3.3999, 4.2001), [0.5, -1.2])
        assert plain(written) == "1.99980·0.5 - 3.39990·(-1.2) + 4.2001 = 9.280"

    def test_has_the_sign_for_about_if_its_digits_give_another_result(self) -> None:
        formula = Formula(["x0"], [1.0], spread=4.0)
        # 0.333333…·3000 is 1000; with the digits shown it is 999.990.
        assert plain(formula.written((1 / 3, 0.0), [3000.0])) == "0.33333·3000 + 0.0000 ≈ 1000.000"

    @given(st.lists(st.tuples(ordinary, ordinary), min_size=1, max_size=10), ordinary)
    def test_with_an_equals_sign_is_true(
        self, terms: list[tuple[float, float]], bias: float
    ) -> None:
        weights, features = zip(*terms, strict=True)
        formula = Formula(["x"] * len(terms), [100.0] * len(terms), spread=4.0)
        left, sign, right = plain(formula.written((*weights, bias), features)).rpartition(" = ")
        if sign:
            products = left.replace(" - ", " + -").split(" + ")
            total = Decimal(0)
            for product in products:
                sign_and_size, _, feature = product.partition("·")
                total += Decimal(sign_and_size) * Decimal(feature.strip("()") or 1)
            assert abs(total - Decimal(right)) <= Decimal("0.0005")

    def test_too_large_to_compute_is_no_number(self) -> None:
        formula = Formula(["x0", "x1"], [1.0, 1.0], spread=1.0)
        written = formula.written((1e300, -1e300, 0.0), [1e300, 1e300])
        assert written.endswith(f"≈{NO_BREAK}too{NO_BREAK}large")


class TestARange:
    def test_has_three_digits_of_the_deviation(self) -> None:
        values = range_of(58.9712, 72.4951, 64.123)
        assert (values.low, values.high, values.typical) == (58.97, 72.5, 65.2)

    def test_of_a_constant_is_that_number(self) -> None:
        values = range_of(0.123456, 0.123456)
        assert values.low == values.typical == values.high == 0.123456

    def test_holds_its_ends_as_they_are_and_as_they_are_shown(self) -> None:
        values = range_of(58.9712, 72.4951, 64.123)
        assert all(map(values.holds, (58.97, 58.9712, 72.4951, 72.5)))
        assert not any(map(values.holds, (58.96, 72.51)))

    def test_is_walked_through_in_round_steps(self) -> None:
        assert range_of(0.0, 1000.0).step(500.0, 1) == 510.0
        assert range_of(0.1, 0.1).step(0.1, 1) == pytest.approx(0.2)
