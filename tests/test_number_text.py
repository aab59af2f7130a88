"""Numbers are read as people in every country type them, and refused in words."""

import math
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from linreg_gui.languages import NAMES
from linreg_gui.number_text import (
    FIGURE_SPACE,
    aligned,
    as_typed,
    exact,
    fixed,
    joined,
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
    typed,
    whole,
    with_point,
)
from linreg_gui.settings import parse_numbers
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
        ("code", "texts"),
        [
            ("de", ["1 Million", "1,01 Millionen", "2 Millionen", "1 Milliarde", "1 Billion"]),
            ("es", ["1 millón", "1,01 millones", "2 millones", "1 mil millones", "1 billón"]),
            ("fr", ["1 million", "1,01 millions", "2 millions", "1 milliard", "1 billion"]),
        ],
    )
    def test_a_single_million_has_its_own_form(self, code: str, texts: list[str]) -> None:
        with spoken_language(code):
            assert [spoken(value) for value in (1.001e6, 1.01e6, 2e6, 1e9, 1e12)] == texts

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


class TestWithADecimalComma:
    @pytest.fixture(autouse=True)
    def _language(self) -> Iterator[None]:
        with spoken_language("de"):
            yield

    def test_each_function_writes_it(self) -> None:
        assert [
            typed(-3.4), typed(1e-7), exact(-0.05), whole(-1_234_567), fixed(1234.5, 1),
            fixed(-2.5e-7), signed(0.5), significant(25.9049),
            aligned(0.5, 3).rstrip(FIGURE_SPACE), spoken(842_064), tick(-12_000.5, 0.5),
            tick(2020, 1, grouped=False), tick(1.5e-9, 5e-10),
            rounded_down(0.98765), rounded_up(0.032),
        ] == [
            "-3,4", "1e-7", "−0,05", "−1\u202f234\u202f567", "1234,5",
            "−2,50e−7", "+0,50000", "25,9",
            "0,500", "842\u202f064", "−12\u202f000,5", "2020", "1,5×10⁻⁹",
            "0,987", "0,04",
        ]  # fmt: skip

    def test_a_list_has_semicolons(self) -> None:
        assert joined([typed(0.05), typed(1.2)]) == as_typed("0.05, 1.2") == "0,05; 1,2"

    def test_code_and_files_have_a_point(self) -> None:
        assert shortest(-3.4) == "-3.4"

    @given(st.floats(allow_nan=False, allow_infinity=False))
    @example(-0.05)
    def test_what_is_written_reads_back(self, value: float) -> None:
        assert parse_real(typed(value)) == parse_real(exact(value)) == value
        assert parse_shown(exact(value)) == parse_shown(typed(value)) == Decimal(shortest(value))
        assert with_point(typed(value)) == shortest(value)

    @given(st.integers(-(2**63), 2**63))
    def test_what_is_counted_reads_back(self, value: int) -> None:
        assert parse_whole(whole(value)) == value

    def test_both_marks_are_read_and_a_point_never_groups_a_real_number(self) -> None:
        assert parse_real("0,05") == parse_real("0.05") == 0.05
        assert parse_real("10.000") == parse_real("10,000") == 10.0
        assert parse_whole("10.000") == parse_whole("10,000") == 10_000

    def test_a_refusal_has_an_example_of_the_language(self) -> None:
        with pytest.raises(ValueError, match="0,05"):
            parse_real("abc")


@pytest.mark.parametrize("code", NAMES)
def test_each_language_has_its_marks(code: str) -> None:
    has_comma = code in {"de", "es", "fr", "pt_BR", "uk"}
    with spoken_language(code):
        wanted = ("0,05", "10\u202f000") if has_comma else ("0.05", "10,000")
        assert (typed(0.05), whole(10_000)) == wanted
        numbers, in_field = joined(["2", "-3.4"]), as_typed("2, -3.4")
        between = {"ja": "、", "zh_CN": "、", "fr": "\u202f; "}
        mark = between.get(code, "; " if has_comma else ", ")
        assert numbers == f"2{mark}-3.4"
        assert in_field == ("2; -3,4" if has_comma else "2, -3.4")
        for each in (numbers, in_field, "2\uff1b-3.4"):
            assert parse_numbers(each) == (2.0, -3.4)
