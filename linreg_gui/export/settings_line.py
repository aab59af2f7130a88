"""One line that says which run a picture shows."""

from linreg_gui.number_text import exact, whole
from linreg_gui.runs.run import Run
from linreg_gui.settings import DEFAULTS, differing_settings, setting_words
from linreg_gui.texts import tr

_TOLD = {"data", "examples", "learning_rate", "batch_size", "epochs", "seed"}
"""The settings that are told even if they are the lesson's."""


def settings_line(run: Run, step: int | None = None) -> str:
    """Return the settings of ``run`` that make it what it is, and the ``step`` on show.

    None is the newest step.
    """
    history, words = run.history, setting_words(run.config)
    shown = history.step if step is None else min(step, history.step)
    changes = [change for change in history.rate_marks if change.step <= shown]
    if changes:
        words["learning_rate"] = tr("Learning rate {first}, {last} from step {step}").format(
            first=exact(run.config.learning_rate),
            last=exact(changes[-1].learning_rate),
            step=whole(changes[-1].step),
        )
    others = set(differing_settings(run.config, DEFAULTS))
    if run.config.data is None:
        del words["data"]  # the number of examples tells enough
    parts = [text for name, text in words.items() if name in _TOLD or text in others]
    steps = tr("Step {step} of {steps}").format(step=whole(shown), steps=whole(run.planned_steps))
    return " · ".join([*parts, steps])
