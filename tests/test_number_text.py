"""Numbers are read as people in every country type them, and refused in words."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linreg_gui.number_text import (
    format_digits,
    format_real,
    format_whole,
    parse_real,
    parse_whole,
)


class TestReadingRealNumbers:
    @pytest.mark.parametrize("text", ["0.05", "0,05", "5e-2", "5E-2", ".05", ",05", " 0.05 "])
    def test_point_comma_and_power_of_ten_mean_the_same(self, text: str) -> None:
        assert parse_real(text) == 0.05

    @pytest.mark.parametrize(
        ("text", "value"),
        [("-3,4", -3.4), ("−3.4", -3.4), ("+2", 2.0), ("5.", 5.0), ("1e-3", 0.001), ("0", 0.0)],
    )
    def test_signs_and_bare_digits(self, text: str, value: float) -> None:
        assert parse_real(text) == value

    @pytest.mark.parametrize(
        "text", ["abc", "nan", "NaN", "inf", "-inf", "", " ", "1.2.3", "1,2,3", "1e", "0x1", "1_0"]
    )
    def test_anything_else_is_refused_with_the_text_and_an_example(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"is not a number; type one like 0\.05") as caught:
            parse_real(text)
        assert f"“{text}”" in str(caught.value)

    @pytest.mark.parametrize("text", ["1e999", "-1e999", "9" * 400])
    def test_a_number_too_large_is_refused_in_words(self, text: str) -> None:
        with pytest.raises(ValueError, match="too large a number"):
            parse_real(text)


class TestReadingWholeNumbers:
    @pytest.mark.parametrize(
        "text",
        ["10000", "10,000", "10.000", "10'000", "10’000", "1e4", "10000,0"]
        + [f"10{blank}000" for blank in (" ", "\u202f", "\xa0")],
    )
    def test_thousands_are_grouped_as_in_any_country(self, text: str) -> None:
        assert parse_whole(text) == 10_000

    @pytest.mark.parametrize(
        ("text", "value"), [("1,000,000", 1_000_000), ("-1,000", -1000), ("2147483647", 2**31 - 1)]
    )
    def test_long_and_negative_ones(self, text: str, value: int) -> None:
        assert parse_whole(text) == value

    @pytest.mark.parametrize("text", ["1.5", "1e-3", "0,5"])
    def test_a_fraction_is_refused_in_words(self, text: str) -> None:
        with pytest.raises(ValueError, match="is not a whole number"):
            parse_whole(text)

    @pytest.mark.parametrize("text", ["abc", "nan", "1,00,0", "1,000.000", "1e999", ""])
    def test_what_is_no_number_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="number"):
            parse_whole(text)


class TestWriting:
    @given(st.floats(allow_nan=False, allow_infinity=False))
    @example(0.1 + 0.2)
    @example(10**-2.9)
    @example(5e-324)
    @example(-0.0)
    def test_what_is_written_reads_back_as_the_same_number(self, value: float) -> None:
        assert parse_real(format_real(value)) == value

    @given(st.integers(-(2**63), 2**63))
    def test_what_is_written_reads_back_as_the_same_whole_number(self, value: int) -> None:
        assert parse_whole(format_whole(value)) == value

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (0.001, "0.001"),
            (-3.4, "-3.4"),
            (2.0, "2"),
            (0.0, "0"),
            (-0.0, "0"),
            (1e6, "1000000"),
            (1e-5, "1e-5"),
            (2.5e-7, "2.5e-7"),
            (1e30, "1e30"),
        ],
    )
    def test_real_numbers_are_short(self, value: float, text: str) -> None:
        assert format_real(value) == text

    def test_whole_numbers_are_grouped(self) -> None:
        assert format_whole(1_000_000) == "1,000,000"

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (1.99983, "1.9998"),
            (-3.4, "−3.4000"),
            (0.0, "0.0000"),
            (2.5e-7, "2.50e−7"),
            (1.5e12, "1.50e12"),
            (math.inf, "too large"),
        ],
    )
    def test_digits_keep_their_number(self, value: float, text: str) -> None:
        assert format_digits(value) == text

    @given(st.floats(-1e6, 1e6, exclude_min=True, exclude_max=True))
    def test_digits_tell_no_number_from_another_size(self, value: float) -> None:
        shown = float(format_digits(value).replace("−", "-"))
        assert math.isclose(shown, value, rel_tol=5e-3, abs_tol=5.1e-5)
