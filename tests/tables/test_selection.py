"""A dataset is made of chosen columns; rows without usable numbers are skipped and counted."""

import numpy as np
import pytest

from linreg_gui.data.dataset import MAX_FEATURES, Skipped
from linreg_gui.tables.reading import read_table, select
from linreg_gui.tables.source import TableError
from tests.table_cases import MISSING_VALUES


def refused(content: bytes, features: list[int], target: int) -> str:
    with pytest.raises(TableError) as caught:
        select(read_table(content), features, target, "table.csv")
    return str(caught.value)


def test_rows_without_a_value_are_skipped() -> None:
    selection = select(read_table(MISSING_VALUES), [0], 1, "table.csv")
    assert selection.features.tolist() == [[1], [4], [7]]
    assert selection.target.tolist() == [2, 8, 14]
    assert selection.skipped.sentence == (
        "4 of 7 rows skipped: 4 have no number (lines 3, 4, 6 and 1 more)."
    )


def test_only_the_chosen_columns_decide() -> None:
    table = read_table(b"x,y,z\n1,2,3\n2,,4\n3,4,?\n")
    assert (
        select(table, [0], 1, "table.csv").skipped.sentence
        == "1 of 3 rows skipped: 1 has no number (line 3)."
    )
    assert select(table, [0, 2], 1, "table.csv").size == 1


def test_each_skipped_row_is_counted_once() -> None:
    table = read_table(b"x,y\n1,2\n,2\n3,\ninf,\n4,inf\n1e39,inf\n-1e39,1\n5,6\n7,8,9\n")
    selection = select(table, [0], 1, "table.csv")
    assert selection.size == 2
    assert selection.skipped == Skipped(
        9, too_long=1, missing=3, infinite=2, too_large=1, places=(3, 4, 5)
    )
    assert selection.skipped.sentence == (
        "7 of 9 rows skipped: 3 have no number, 2 are not finite, "
        "1 is too large for single precision, 1 has more cells than there are columns "
        "(lines 3, 4, 5 and 4 more)."
    )


def test_no_sentence_says_that_nothing_was_skipped() -> None:
    assert select(read_table(b"x,y\n1,2\n"), [0], 1, "table.csv").skipped.sentence == ""


def test_the_largest_single_precision_number_is_kept() -> None:
    largest = float(np.finfo(np.float32).max)
    selection = select(
        read_table(f"x,y\n{largest!r},1\n{-largest!r},2\n".encode()), [0], 1, "table.csv"
    )
    assert selection.features.tolist() == [[largest], [-largest]]


def test_a_column_of_numbers_that_are_all_too_small_for_single_precision_is_refused() -> None:
    tiny = b"x,y,z\n1e-300,1,2\n2e-310,2,4\n0,3,5\n"
    sentence = (
        "“x” has only numbers that are too small for single precision; write them in a smaller "
        "unit."
    )
    assert refused(tiny, [0], 1) == sentence
    assert read_table(b"x,y\n1e-300,1\n2e-310,2\n").complaint == sentence
    assert select(read_table(tiny), [2], 1, "table.csv").size == 3
    mixed = select(read_table(b"p,y\n1e-300,1\n0.03,2\n"), [0], 1, "table.csv")
    assert mixed.features.tolist() == [[1e-300], [0.03]]


def test_columns_come_in_the_order_of_the_choice() -> None:
    table = read_table(b"height,age,weight\n1.60,30,58\n1.75,41,74\n")
    selection = select(table, [1, 0], 2, "table.csv")
    assert (selection.feature_names, selection.target_name) == (("age", "height"), "weight")
    assert {selection.features.dtype, selection.target.dtype} == {np.dtype(np.float64)}
    assert selection.features.tolist() == [[30, 1.60], [41, 1.75]]
    assert selection.target.tolist() == [58, 74]
    assert {selection.features.dtype, selection.target.dtype} == {np.dtype(np.float64)}


def test_columns_with_the_same_name_can_both_be_chosen() -> None:
    dataset = select(read_table(b"x,x,y\n1,10,2\n2,30,4\n3,20,6\n"), [0, 1], 2, "table.csv")
    assert dataset.features.tolist() == [[1, 10], [2, 30], [3, 20]]
    assert dataset.feature_names == ("x", "x (2)")


def test_constant_and_identical_columns_can_be_chosen() -> None:
    dataset = select(read_table(b"x,z,y\n4,4,1\n4,4,2\n"), [0, 1], 2, "table.csv")
    assert dataset.features.tolist() == [[4, 4], [4, 4]]


def test_a_column_cannot_be_feature_and_target() -> None:
    assert refused(b"x,y\n1,2\n", [0], 0) == (
        "“x” cannot be both feature and target; choose another column for one of them."
    )


def test_text_cannot_be_chosen() -> None:
    content = b"name,x,y\nAnna,1,2\n"
    assert refused(content, [0], 1) == "“name” holds text, e.g. “Anna”."
    assert refused(content, [1], 0) == "“name” holds text, e.g. “Anna”."


def test_too_few_too_many_and_repeated_features_are_refused() -> None:
    assert refused(b"x,y\n1,2\n", [], 1) == "Choose at least one feature."
    assert refused(b"x,y\n1,2\n", [0, 0], 1) == "Choose each feature only once."
    many = b",".join(b"%d" % number for number in range(MAX_FEATURES + 2))
    assert refused(many, list(range(MAX_FEATURES + 1)), MAX_FEATURES + 1) == (
        "Choose at most 10 features."
    )


def test_columns_that_have_no_row_in_common_are_refused() -> None:
    assert refused(b"x,y\n1,\n,2\n", [0], 1) == (
        "No row has a number in each of “x”, “y”; choose other columns."
    )


def test_the_arrays_are_read_only() -> None:
    table = read_table(b"x,y\n1,2\n")
    selection = select(table, [0], 1, "table.csv")
    for array in (table.columns[0].values, selection.features, selection.target):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
