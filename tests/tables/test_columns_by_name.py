"""Columns named on the command line are found, or a sentence lists the columns."""

from pathlib import Path

import pytest

from linreg_gui.options import parse_options
from linreg_gui.tables.reading import propose, read_columns, read_table
from linreg_gui.tables.source import TableError

PEOPLE = "name,height,age,weight\nAnna,1.6,30,58\nBen,1.75,41,74\nCleo,1.71,25,70\n"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE, encoding="utf-8")
    return file


def test_named_columns_are_read_in_the_order_of_the_names(people: Path) -> None:
    data = read_columns(people, ("age", "height"), "weight")
    assert (data.name, data.feature_names, data.target_name) == (
        "people.csv",
        ("age", "height"),
        "weight",
    )
    assert data.features.tolist() == [[30, 1.6], [41, 1.75], [25, 1.71]]


@pytest.mark.parametrize(
    ("features", "target", "expected"),
    [
        ((), "", (("height",), "weight")),
        (("age",), "", (("age",), "weight")),
        ((), "height", (("age",), "height")),
        (("weight",), "", (("weight",), "age")),
    ],
)
def test_columns_that_are_not_named_are_proposed(
    people: Path, features: tuple[str, ...], target: str, expected: tuple[tuple[str, ...], str]
) -> None:
    data = read_columns(people, features, target)
    assert (data.feature_names, data.target_name) == expected


@pytest.mark.parametrize(
    ("features", "target", "sentence"),
    [
        (
            ("size",),
            "weight",
            "There is no column “size”; the columns with numbers are “height”, “age”, “weight”.",
        ),
        (("name",), "weight", "“name” holds text, e.g. “Anna”."),
        (
            ("age",),
            "age",
            "“age” cannot be both feature and target; choose another column for one of them.",
        ),
        (("age", "age"), "weight", "Choose each feature only once."),
    ],
)
def test_a_sentence_says_why_columns_cannot_be_used(
    people: Path, features: tuple[str, ...], target: str, sentence: str
) -> None:
    with pytest.raises(TableError) as caught:
        read_columns(people, features, target)
    assert str(caught.value) == sentence


def test_a_long_name_is_found_unless_another_is_shown_alike(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    long, other = "a" * 100, f"{'a' * 40}b{'a' * 60}"
    file.write_text(f"{long},y\n1,2\n2,3\n", encoding="utf-8")
    assert read_columns(file, (long,), "y").features[:, 0].tolist() == [1, 2]
    file.write_text(f"{long},{other},y\n1,2,3\n2,3,4\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"^Several columns are shown as “a{29}…a{30}”"):
        read_columns(file, (other,), "y")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"id,x,y\n1,5,2\n2,7,3\n3,6,5\n", ((1,), 2)),
        (b"id,y\n1,5\n2,7\n3,6\n", ((0,), 1)),
        (b"c,x,y\n4,5,2\n4,7,3\n4,6,5\n", ((1,), 2)),
        (b"c,y\n4,5\n4,7\n4,6\n", ((0,), 1)),
        (b"x,y,c\n5,2,1\n7,3,1\n", ((0,), 1)),
        (b"x,y\n5,1\n7,2\n6,3\n", ((0,), 1)),
        (b"t,a,b\n0,1,\n1,,10\n2,3,\n3,,8\n", ((0,), 2)),
        (b"x,c\n5,1\n7,1\n6,1\n", ((0,), 1)),
        (b"x,y,i\n5,3,1\n7,9,2\n6,2,3\n", ((0,), 1)),
        (b"c,x,i\n8,5,1\n8,7,2\n8,6,3\n", ((1,), 2)),
    ],
)
def test_row_numbers_and_constants_are_proposed_only_if_there_is_no_other_column(
    content: bytes, expected: tuple[tuple[int, ...], int]
) -> None:
    assert propose(read_table(content)) == expected


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "x,y\n5,1\n7,2\n6,3\n",
            "“y” has the values 1, 2, 3 …; if it only numbers the rows, choose another target.",
        ),
        (
            "x,y,i\n5,3,1\n7,9,2\n6,2,3\n",
            "“i” seems to number the rows, and is not proposed as the target.",
        ),
        (
            "x,y,c\n5,3,1\n7,9,1\n6,2,1\n",
            "“c” is always the same, and is not proposed as the target.",
        ),
        ("i,x,y\n1,5,3\n2,7,9\n3,6,2\n", ""),
    ],
)
def test_which_columns_are_proposed_is_said_unless_they_are_named(
    tmp_path: Path, content: str, sentence: str
) -> None:
    file = tmp_path / "table.csv"
    file.write_text(content)
    data = read_columns(file, (), "")
    more = "; name other columns with --features and --target."
    expected = [f"“{data.target_name}” is predicted from “{data.feature_names[0]}”{more}"]
    assert list(data.remarks) == [*expected, *filter(None, [sentence])]
    assert read_columns(file, data.feature_names, data.target_name).remarks == ()


@pytest.mark.parametrize(
    "name", ['say "hi"', '"hi" he said', '"hi"', "a, b", 'a, "b"', "it's", '""', "a  b"]
)
def test_a_name_is_found_as_it_is_shown(tmp_path: Path, name: str) -> None:
    file = tmp_path / "table.csv"
    cell = name.replace('"', '""')
    file.write_text(f'"{cell}",y\n1,2\n2,5\n')
    with pytest.raises(TableError) as caught:
        read_columns(file, ("?",), "y")
    shown = str(caught.value).partition("numbers are “")[2].removesuffix("”, “y”.")
    for options in (["--features", shown, "--target", "y"], ["--features", "y", "--target", shown]):
        request = parse_options(["--csv", str(file), "--batch", "out", *options]).table
        assert request is not None
        data = read_columns(file, request.features, request.target)
        assert {*data.feature_names, data.target_name} == {shown, "y"}
