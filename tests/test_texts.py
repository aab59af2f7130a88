"""Long words can be broken, and long names are shortened where they tell least."""

import pytest

from linreg_gui.texts import (
    breakable,
    cleaned,
    foldable,
    quoted,
    reason_of,
    shortened,
    without_marks,
)

BREAK = "\N{ZERO WIDTH SPACE}"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("short words stay as they are", ["short words stay as they are"]),
        ("annual_average-temperature", ["annual_", "average-", "temperature"]),
        ("abcdefghijklmnopqrstuvwxyz", ["abcdefghijkl", "mnopqrstuvwx", "yz"]),
        ("2.5·income + 3·(−1)", ["2.5·", "income + 3·", "(−1)"]),
        ("ends-", ["ends-"]),
    ],
)
def test_a_line_may_end_inside_long_words(text: str, pieces: list[str]) -> None:
    assert breakable(text).split(BREAK) == pieces
    assert breakable(text).replace(BREAK, "") == text


def test_other_programs_get_no_places_to_break() -> None:
    assert without_marks(breakable("d’appren\u00adtissage_automatique")) == (
        "d’apprentissage_automatique"
    )


def test_only_words_without_an_end_are_folded() -> None:
    assert foldable("a" * 30).split(BREAK) == ["a" * 12, "a" * 12, "a" * 6]
    japanese = "学習率を小さくするか、バッチを大きくすると、損失は落ち着きます。"
    assert foldable(japanese) == japanese


def test_only_a_longer_text_loses_its_middle() -> None:
    text = "".join(chr(ord("a") + index % 26) for index in range(60))
    assert quoted(text) == text
    longer = f"{text}.csv"
    assert quoted(longer) == f"{longer[:29]}…{longer[-30:]}"
    assert len(quoted(longer)) == 60


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("two\r\nlines\tand \x00 more\u2028", "two lines and more"),
        ("\x1b[31mred", "[31mred"),
        ("x\u202e rtl\u2066\u200f", "x rtl"),
        ("soft\u00adhyphen\u200b\ufeff", "softhyphen"),
        ("half \ud800 a pair", "half \ufffd a pair"),
        ("a" + "\u0301" * 50, "a" + "\u0301" * 3),
        ("\u0301a", "\u25cc\u0301a"),
        ("Weight <kg> & R&amp;D {0} %n \U0001f468\u200d\U0001f469", None),
        ("naïve 中文 ŷ", None),
    ],
)
def test_foreign_text_changes_nothing_around_it(foreign: str, shown: str | None) -> None:
    assert cleaned(foreign) == (foreign if shown is None else shown)
    assert cleaned(cleaned(foreign)) == cleaned(foreign)


def test_text_from_right_to_left_is_isolated_even_when_shortened() -> None:
    name = "\u05e9\u05dc\u05d5\u05dd " * 30
    for text in (cleaned(name), quoted(name), shortened(name, 20), quoted(quoted(name))):
        assert text.startswith("\u2068")
        assert text.endswith("\u2069")
        assert text.count("\u2068") == 1


def test_an_error_of_a_library_is_quoted_in_a_few_words() -> None:
    assert reason_of(ValueError("no.\nMore.")) == "no"
    assert reason_of(ValueError()) == "ValueError"
    no_memory = "there is not enough memory for this many examples"
    assert reason_of(MemoryError("Unable to allocate 12.2 MiB")) == no_memory
    assert reason_of(RuntimeError("MXNetError: Failed to allocate CPU Memory")) == no_memory
    of_mxnet = (
        'Traceback (most recent call last):\n  File "a.cc", line 2\nMXNetError: Check failed: a\n'
    )
    assert reason_of(RuntimeError(of_mxnet)) == "Check failed: a"
    assert len(reason_of(ValueError("a" * 10_000))) <= 160
