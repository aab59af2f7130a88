"""Numbers are read as people in every country type them, and refused in words."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linreg_gui.number_text import (
    aligned,
    fixed,
    parse_real,
    parse_shown,
    parse_whole,
    rounded_down,
    rounded_up,
    shortest,
    signed,
    significant,
    spoken,
    tick,
    whole,
)
from tests.pseudo_languages import spoken as spoken_language


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
        assert f"“{text.strip()}”" in str(caught.value)

    @pytest.mark.parametrize("text", ["1e999", "-1e999", "9" * 400])
    def test_a_number_too_large_is_refused_in_words(self, text: str) -> None:
        with pytest.raises(ValueError, match="too large to compute with"):
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
        with pytest.raises(ValueError, match=r"number|too large"):
            parse_whole(text)


class TestWriting:
    @given(st.floats(allow_nan=False, allow_infinity=False))
    @example(0.1 + 0.2)
    @example(10**-2.9)
    @example(5e-324)
    @example(-0.0)
    def test_what_is_written_reads_back_as_the_same_number(self, value: float) -> None:
        assert parse_real(shortest(value)) == value

    @given(st.integers(-(2**63), 2**63))
    def test_what_is_written_reads_back_as_the_same_whole_number(self, value: int) -> None:
        assert parse_whole(whole(value)) == value

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
        assert shortest(value) == text

    def test_whole_numbers_are_grouped(self) -> None:
        assert whole(1_000_000) == "1,000,000"

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (1.99983, "1.9998"),
            (-3.4, "−3.4000"),
            (-0.0, "0.0000"),
            (2.5e-7, "2.50e−7"),
            (1.5e12, "1.50e12"),
            (math.inf, "too\u00a0large"),
        ],
    )
    def test_fixed_decimals(self, value: float, text: str) -> None:
        assert fixed(value) == text

    @given(st.floats(-1e6, 1e6, exclude_min=True, exclude_max=True))
    def test_fixed_decimals_keep_the_size(self, value: float) -> None:
        shown = float(parse_shown(fixed(value)))
        assert math.isclose(shown, value, rel_tol=5e-3, abs_tol=5.1e-5)

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (0.5, "+0.50000"),
            (-1e-9, "+0.00000"),
            (-1234.5, "−1234.50000"),
            (2.5e7, "+2.50e7"),
            (math.inf, "too\u00a0large"),
        ],
    )
    def test_differences_have_a_sign(self, value: float, text: str) -> None:
        assert signed(value) == text

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (0.0001, "0.0001"),
            (9.703e-5, "0.000097"),
            (0, "0"),
            (25.9049, "25.9"),
            (9.4e8, "9.4e8"),
            (3.2e11, "3.2e11"),
            (940_000, "940000"),
            (1.5e-8, "1.5e−8"),
            (math.nan, "too\u00a0large"),
        ],
    )
    def test_significant_digits(self, value: float, text: str) -> None:
        assert significant(value) == text

    @given(st.floats(1e-9, 1e9), st.booleans())
    def test_aligned_numbers_are_equally_wide(self, size: float, negative: bool) -> None:
        text = aligned(-size if negative else size, 6)
        assert len(text) == 11 or (negative and len(text) == 12)

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (1.0349, "1.03"),
            (843, "843"),
            (842_064, "842,064"),
            (41_234_567, "41.2 million"),
            (565_741_077_062, "566 billion"),
            (1.2345e13, "12.3 trillion"),
            (1.2384e25, "1.24e25"),
        ],
    )
    def test_large_numbers_are_written_as_they_are_said(self, value: float, text: str) -> None:
        assert spoken(value) == text

    @pytest.mark.parametrize(
        ("code", "texts"),
        [
            ("ja", ["842,064", "1000万", "4120万", "5660億", "12.3兆"]),
            ("zh_CN", ["842,064", "1000 万", "4120 万", "5660 亿", "12.3 万亿"]),
        ],
    )
    def test_japanese_and_chinese_count_in_ten_thousands(self, code: str, texts: list[str]) -> None:
        values = (842_064, 1e7, 41_234_567, 565_741_077_062, 1.2345e13)
        with spoken_language(code):
            assert [spoken(value) for value in values] == texts

    @pytest.mark.parametrize(
        ("value", "spacing", "text"),
        [
            (1_000_000, 500_000, "1,000,000"),
            (-3.5, 0.5, "−3.5"),
            (0, 0.5, "0.0"),
            (0.0002, 0.0001, "0.0002"),
            (3, 1, "3"),
            (-2e-9, 1e-9, "−2×10⁻⁹"),
            (4e12, 1e12, "4×10¹²"),
            (0, 1e-30, "0"),
            (1.0000000002, 1e-10, "1.0000000002"),
        ],
    )
    def test_ticks_have_the_decimals_of_their_spacing(
        self, value: float, spacing: float, text: str
    ) -> None:
        assert tick(value, spacing) == text


@given(st.floats(1e-60, 1.0))
@example(0.1)
@example(0.3)
@example(math.nextafter(0.1, 0))
@example(1e-23)
def test_a_limit_is_named_with_three_digits_and_on_the_safe_side(rate: float) -> None:
    named = float(parse_shown(rounded_down(rate)))
    assert 0 < named <= rate * (1 + 1e-6)
    assert rate < 1.0101 * named
    assert float(f"{named:.2e}") == named


@pytest.mark.parametrize("value", [1.0, 0.9999999999999998, 0.9999999997])
def test_rounding_does_not_take_a_limit_over_its_edge(value: float) -> None:
    assert rounded_down(value) == "1"


@pytest.mark.parametrize(
    ("value", "up"), [(3.1855, "4"), (2.47e-9, "3e−9"), (0.05, "0.05"), (0.0, "0")]
)
def test_a_gap_is_named_with_one_digit_and_no_smaller(value: float, up: str) -> None:
    assert rounded_up(value) == up
