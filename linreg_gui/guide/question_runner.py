"""Makes runs to answer a question with, a slice at a time. On MXNet's thread."""

from collections.abc import Generator, Mapping
from dataclasses import replace

from linreg_gui.engines.steps import JOB_SECONDS
from linreg_gui.guide.run_facts import RunFacts
from linreg_gui.runs.preparation import prepare_run
from linreg_gui.settings import Engine, TrainingConfig


def facts_of(
    configs: Mapping[str, TrainingConfig],
) -> Generator[None, None, dict[str, RunFacts]]:
    """Run each of ``configs`` to its end with the instant engine; return what happened, by name.

    Yield None between slices of a few milliseconds.
    """
    facts = {}
    for number, (name, config) in enumerate(configs.items()):
        run, engine = prepare_run(number, replace(config, engine=Engine.INSTANT))
        history = run.history
        while history.step < run.planned_steps and not (engine.diverged or engine.stopped):
            history.append(engine.advance(run.planned_steps - history.step, JOB_SECONDS))
            yield
        if engine.diverged:
            run.diverged_at = history.step + 1
        elif engine.stopped:
            run.stopped_at = history.step
        facts[name] = RunFacts(run)
    return facts
