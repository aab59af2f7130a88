"""The network shows the engine's numbers, at every phase and for every example."""

import numpy as np
import pytest

from linreg_gui.anatomy.network import Contents, Label, contents_of
from linreg_gui.anatomy.step_trace import Phase, StepTrace
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.settings import TrainingConfig
from tests.anatomy.test_line_tracing import trained
from tests.support import looked_into, made_data


def number(text: str) -> float:
    return float(text.replace("−", "-").strip("()"))


def assert_shows(label: Label, value: float) -> None:
    """Check a number to half of its last digit, and a little for single precision."""
    text = label.number
    decimals = len(text.partition(".")[2])
    assert number(text) == pytest.approx(value, abs=0.51 * 10.0**-decimals + 1e-6)


@pytest.mark.parametrize("features", [1, 2, 6])
@pytest.mark.parametrize(("batch_size", "step"), [(1, 1), (4, 2), (4, 6)])
def test_every_number_is_the_engines(features: int, batch_size: int, step: int) -> None:
    trace = looked_into(trained(features, batch_size), step)
    assert trace.is_short == (step == 6)
    for example in range(trace.size):
        for phase in Phase:
            check(contents_of(trace, phase, example), trace, phase, example)


def check(contents: Contents, trace: StepTrace, phase: Phase, example: int) -> None:
    x, prediction = trace.features[example], float(trace.predictions[example])
    if phase < Phase.UPDATE_W:
        for label, value in zip(contents.inputs, x.tolist(), strict=True):
            assert_shows(label, value)
        known = [float(trace.target[example])]
        if phase >= Phase.LOSS:
            residual = float(trace.residuals[example])
            known += [residual, residual**2]
        for label, value in zip(contents.compared, known, strict=True):
            assert_shows(label, value)
    if Phase.FORWARD <= phase <= Phase.BACKWARD:
        assert_shows(contents.output, prediction)
    on_edges = {
        Phase.TAKE: trace.before,
        Phase.LOSS: trace.before,
        Phase.BACKWARD: trace.gradient,
        Phase.UPDATE_W: trace.parameters_at(phase),
        Phase.UPDATE_B: trace.after,
        Phase.AVERAGE: trace.after,
    }
    if phase is Phase.FORWARD:
        terms = (x * trace.before[:-1]).tolist()
        for edge, value in zip(contents.edges, terms, strict=True):
            assert number(edge.label.number) == pytest.approx(value, abs=0.02)
        total = sum(number(edge.label.number) for edge in contents.edges)
        shown = total + number(contents.bias.number)
        assert shown == pytest.approx(number(contents.output.number), abs=0.011)
        assert_shows(contents.bias, float(trace.before[-1]))
    else:
        for edge, value in zip(contents.edges, on_edges[phase][:-1].tolist(), strict=True):
            assert_shows(edge.label, value)
        assert_shows(contents.bias, float(on_edges[phase][-1]))
    signs = [edge.negative for edge in contents.edges]
    assert signs == (trace.parameters_at(phase)[:-1] < 0).tolist()


def test_larger_weights_have_thicker_edges() -> None:
    trace = looked_into(trained(6, 4), 2)
    contents = contents_of(trace, Phase.FORWARD, 0)
    widths = [edge.width for edge in contents.edges]
    order = np.argsort(np.abs(trace.before[:-1]))
    assert np.all(np.diff(np.array(widths)[order]) >= 0)


def test_numbers_too_large_to_compute_with_are_no_error() -> None:
    run, _ = prepare_run(
        1,
        TrainingConfig(batch_size=3, data=made_data([1e22, -3e22, 2e22], [1, 2, 3])),
    )
    trace = looked_into(run, 1)
    for phase in Phase:
        for edge in contents_of(trace, phase, 0).edges:
            assert edge.label.number
            assert "nan" not in edge.label.number
            assert "inf" not in edge.label.number
