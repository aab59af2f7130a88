"""The tables show the numbers of a step, each from the phase that computes it."""

import numpy as np
import numpy.typing as npt
import pytest

from linreg_gui.anatomy.step_trace import MOST_ROWS, Phase, minibatch_table, parameter_table
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.settings import TrainingConfig
from tests.anatomy.test_line_tracing import trained
from tests.support import looked_into, made_data, train


def numbers(texts: list[str]) -> list[float]:
    return [float(text.replace("−", "-").replace(",", "")) for text in texts]


def assert_shown(texts: list[str], values: npt.ArrayLike) -> None:
    """Check each number to half of its last digit, and a little for single precision."""
    for text, value in zip(texts, np.asarray(values).tolist(), strict=True):
        mantissa, _, power = text.partition("e")
        half = 0.5 * 10.0 ** (int(power.replace("−", "-") or 0) - len(mantissa.partition(".")[2]))
        assert numbers([text]) == pytest.approx([value], abs=half * 1.001, rel=0)


@pytest.mark.parametrize("features", [1, 2, 6])
@pytest.mark.parametrize(("batch_size", "step"), [(1, 1), (4, 2), (4, 3)])
class TestNumbers:
    def test_a_minibatchs_columns_fill_phase_by_phase(
        self, features: int, batch_size: int, step: int
    ) -> None:
        trace = looked_into(trained(features, batch_size), step)
        names = tuple(f"x{index}" for index in range(features))
        for phase in Phase:
            table = minibatch_table(trace, phase, names)
            rows, *columns = (list(column) for column in zip(*table.rows, strict=True))
            assert numbers(rows) == trace.rows.tolist()
            for index in range(features):
                assert_shown(columns[index], trace.features[:, index])
            assert_shown(columns[features], trace.target)
            computed = [
                (columns[-3], Phase.FORWARD, trace.predictions),
                (columns[-2], Phase.LOSS, trace.residuals),
                (columns[-1], Phase.LOSS, trace.residuals**2),
            ]
            for texts, since, values in computed:
                if phase >= since:
                    assert_shown(texts, values)
                else:
                    assert not any(texts)

    def test_parameters_have_their_gradients_and_are_updated_one_after_the_other(
        self, features: int, batch_size: int, step: int
    ) -> None:
        trace = looked_into(trained(features, batch_size), step)
        names = (*(f"w{index}" for index in range(features)), "b")
        for phase in Phase:
            table = parameter_table(trace, phase, names)
            shown, before, gradient, after = (
                list(column) for column in zip(*table.rows, strict=True)
            )
            assert tuple(shown) == names
            assert_shown(before, trace.before)
            if phase >= Phase.BACKWARD:
                assert_shown(gradient, trace.gradient)
            else:
                assert not any(gradient)
            if phase >= Phase.UPDATE_W:
                assert_shown(after[:-1], trace.after[:-1])
            else:
                assert not any(after)
            if phase >= Phase.UPDATE_B:
                assert_shown(after[-1:], trace.after[-1:])
            else:
                assert not after[-1]

    def test_names_and_shapes_are_those_of_the_code(
        self, features: int, batch_size: int, step: int
    ) -> None:
        trace = looked_into(trained(features, batch_size), step)
        m = trace.size
        groups = minibatch_table(trace, Phase.LOSS, ("x",) * features).groups
        assert [name for name, _ in groups[1:4]] == [
            f"X ({m}, {features})",
            f"y ({m}, 1)",
            f"y_hat ({m}, 1)",
        ]
        header = parameter_table(trace, Phase.LOSS, ("w",) * (features + 1)).header
        assert header[1:3] == (f"w ({features}, 1), b (1,)", "w.grad, b.grad")


def test_a_large_minibatch_shows_its_first_examples() -> None:
    trace = looked_into(trained(1, 10), 1)
    table = minibatch_table(trace, Phase.LOSS, ("x0",))
    assert len(table.rows) == MOST_ROWS
    assert numbers([row[0] for row in table.rows]) == trace.rows[:MOST_ROWS].tolist()


def test_rows_are_counted_among_all_examples_when_some_are_held_out() -> None:
    x = np.arange(40)
    settings = TrainingConfig(
        data=made_data(x, 3 * x), test_share=0.5, batch_size=4, learning_rate=1e-6
    )
    run, engine = prepare_run(1, settings)
    run.history.append(train(engine, 2))
    trace = looked_into(run, 2)
    table = minibatch_table(trace, Phase.TAKE, ("x",))
    for row, value, *_ in table.rows:
        assert numbers([row]) == numbers([value])  # each x is its row
    assert trace.places.max() >= 20
