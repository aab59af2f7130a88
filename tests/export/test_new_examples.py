from pathlib import Path

import numpy as np
import pytest

from linreg_gui.export.csv_file import EXACT
from linreg_gui.export.new_examples import NewExamples, writing_new_predictions
from linreg_gui.tables.reading import read_table
from linreg_gui.tables.source import TableError

PARAMETERS = np.array([2.0, -3.0, 0.1])


def predicted(text: str, tmp_path: Path, names: tuple[str, ...] = ("size", "age")) -> list[str]:
    examples = NewExamples.of(read_table(text), names, PARAMETERS[-len(names) - 1 :])
    file = tmp_path / "predictions.csv"
    for _ in writing_new_predictions(file, examples, EXACT):
        pass
    return file.read_text(encoding="utf-8").splitlines()


def test_each_row_gets_its_prediction(tmp_path: Path) -> None:
    text = "name,age,size,price\nA,1,10.5,7\nB,2,0.1,8\n"
    first, second = (10.5 * 2 - 3 + 0.1), (0.1 * 2 - 6 + 0.1)
    assert predicted(text, tmp_path) == [
        "row,age,size,price,prediction",
        f"2,1.0,10.5,7.0,{first!r}",
        f"3,2.0,0.1,8.0,{second!r}",
    ]


def test_a_row_that_lacks_a_feature_has_no_prediction(tmp_path: Path) -> None:
    text = "size;age\n1,5;2\n;3\n2,5;oops\n3,5;4\n"
    lines = predicted(text, tmp_path)
    assert [line.endswith(",") for line in lines[1:]] == [False, True, True, False]
    sentences = NewExamples.of(read_table(text), ("size", "age"), PARAMETERS).sentences()
    assert sentences[:2] == ["4 rows.", "2 without a number for each feature: no prediction."]
    assert "“age”: Not a number, counted as missing (1): “oops”." in sentences


def test_one_feature_is_enough(tmp_path: Path) -> None:
    lines = predicted("größe\n1.5\n2.5\n", tmp_path, ("größe",))
    assert lines[0] == "row,größe,prediction"
    assert [float(line.split(",")[-1]) for line in lines[1:]] == [-3 * 1.5 + 0.1, -3 * 2.5 + 0.1]


def test_doubtful_readings_are_said_as_in_the_import() -> None:
    table = read_table("size;age\n1,234;2,345\n3,456;4,567\n")
    (remark,) = NewExamples.of(table, ("size", "age"), PARAMETERS).remarks
    assert "it may also be" in remark.sentence
    assert remark.correction


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("size;weight\n1;2\n3;4\n", "There is no column “age”; the columns with numbers are"),
        ("size;age\n1;red\n2;blue\n", "“age” holds text"),
    ],
)
def test_a_table_without_the_features_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(TableError, match=words):
        NewExamples.of(read_table(text), ("size", "age"), PARAMETERS)
