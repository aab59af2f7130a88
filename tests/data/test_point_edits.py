"""Examples are moved, added and removed; every change can be undone, down to the bits."""

import numpy as np
import pytest

from linreg_gui.data.point_edits import PointEdits, Points, check, refusal
from linreg_gui.settings import DEFAULTS
from tests.support import made_data


def points(*rows: tuple[float, ...]) -> Points:
    table = np.array(rows)
    return Points(table[:, :-1], table[:, -1])


def test_changes_are_counted_and_the_examples_keep_their_places() -> None:
    edits = PointEdits(made_data([1, 2, 3, 4], [1, 2, 3, 5]))
    edits.move(np.array([1]), points((2.5, 9)))
    edits.add(points((7, 8)))
    edits.remove(np.array([0, 2]))
    data = edits.dataset()
    assert data.features[:, 0].tolist() == [2.5, 4, 7]
    assert data.target.tolist() == [9, 5, 8]
    assert data.places is not None
    assert data.places.tolist() == [1, 3, 4]
    assert data.name == "made, edited: 1 moved, 1 added, 2 removed"
    assert data.edited is not None
    assert data.edited.original is edits.original
    edits.add(points((0, 0)))
    edits.undo()
    assert edits.add(points((0, 0))).places[0] > 4


def test_a_change_of_an_added_example_is_no_move() -> None:
    edits = PointEdits(made_data([1, 2], [1, 2]))
    edits.add(points((7, 8)))
    edits.move(np.array([2]), points((8, 8)))
    edits.remove(np.array([2]))
    assert edits.dataset() is edits.original


def test_undoing_everything_gives_back_the_very_dataset_and_redoing_the_same_bits() -> None:
    rng = np.random.default_rng(5)
    original = made_data(rng.normal(size=(50, 2)), rng.normal(size=50))
    edits = PointEdits(original)
    for _ in range(300):
        change_at_random(edits, rng)
    last = edits.dataset()
    while edits.can_undo:
        edits.undo()
    assert edits.dataset() is original
    while edits.can_redo:
        edits.redo()
    again = edits.dataset()
    np.testing.assert_array_equal(again.features, last.features)
    np.testing.assert_array_equal(again.target, last.target)
    assert again.places is not None
    assert last.places is not None
    assert again.places.tolist() == last.places.tolist()
    edits.restore()
    assert edits.dataset() is original
    edits.undo()
    np.testing.assert_array_equal(edits.dataset().target, last.target)


def test_a_drag_is_one_change() -> None:
    edits = PointEdits(made_data([1, 2], [1, 2]))
    place = np.array([1])
    for step in range(1, 5):
        edits.move(place, points((2, 2 + step)), joins=step > 1)
    edits.undo()
    assert not edits.can_undo
    assert edits.dataset() is edits.original


def test_a_move_that_joins_another_one_leaves_nothing_to_redo() -> None:
    edits = PointEdits(made_data([1, 2], [1, 2]))
    place = np.array([1])
    edits.move(place, points((2, 3)))
    edits.move(place, points((2, 4)))
    edits.undo()
    edits.move(place, points((2, 5)), joins=True)
    assert not edits.can_redo
    edits.undo()
    assert edits.dataset() is edits.original


def test_a_dataset_handed_out_does_not_change_any_more() -> None:
    edits = PointEdits(made_data([1, 2], [1, 2]))
    edits.move(np.array([0]), points((5, 5)))
    first = edits.dataset()
    edits.move(np.array([0]), points((6, 6)))
    assert first.target[0] == 5


def test_edited_examples_of_the_lesson_claim_no_true_parameters() -> None:
    from linreg_gui.runs.preparation import problem_of

    drawn = problem_of(DEFAULTS.with_value("examples", 20)).dataset
    edits = PointEdits(drawn)
    edits.move(np.array([3]), points((1.0, 2.0, 3.0)))
    data = edits.dataset()
    assert data.true_parameters is None
    assert data.noise_std is None
    kept = np.arange(20) != 3
    np.testing.assert_array_equal(data.features.astype(np.float32)[kept], drawn.features[kept])
    assert DEFAULTS.with_value("data", data).origin is None
    edits.undo()
    assert edits.dataset() is drawn


def test_too_much_data_is_refused_in_a_sentence() -> None:
    assert refusal(10_000, 2) == ""
    assert "10,000" in refusal(10_001, 1)
    assert "3" in refusal(10, 3)
    with pytest.raises(ValueError, match="single precision"):
        check([1.0, 1e39])
    check([0.0, -3.5])


def change_at_random(edits: PointEdits, rng: np.random.Generator) -> None:
    dimension = edits.original.dimension
    kind = rng.integers(3)
    if kind == 0 or edits.size < 10:
        edits.add(Points(rng.normal(size=(2, dimension)), rng.normal(size=2)))
    else:
        places = np.sort(rng.choice(edits.places, rng.integers(1, 4), replace=False))
        if kind == 1:
            edits.remove(places)
        else:
            now = edits.at(places)
            shift = rng.normal(size=dimension)
            edits.move(places, Points(now.features + shift, now.target - 1.0))


def test_edits_made_before_are_taken_up_and_lead_back_to_the_original() -> None:
    former = PointEdits(made_data([1, 2, 3, 4], [1, 2, 3, 5]))
    former.move(np.array([1]), points((2.5, 9)))
    former.add(points((7, 8)))
    former.remove(np.array([0]))
    edits = PointEdits.of(former.dataset())
    assert not edits.can_undo
    assert edits.add(points((0, 0))).places.tolist() == [5]
    edits.undo()
    again = edits.dataset()
    assert again.edited is not None
    assert again.edited.words == "1 moved, 1 added, 1 removed"
    edits.restore()
    assert edits.dataset() is former.original
