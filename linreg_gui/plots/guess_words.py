"""The lines drawn by hand in words, for people who cannot see the pictures."""

from linreg_gui.number_text import joined, significant
from linreg_gui.runs.guess import ShownGuesses
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr


def guess_words(guesses: ShownGuesses, run: Run) -> list[str]:
    """Return a sentence for each line on show: its parameters and its loss over all examples."""
    names, landscape = run.parameter_names(), run.problem.original.landscape
    return [
        tr("{line}: {parameters}; loss {loss}.").format(
            line=name,
            parameters=joined(
                f"{parameter} {significant(value, 4)}"
                for parameter, value in zip(names, line.tolist(), strict=True)
            ),
            loss=significant(landscape.loss(line), 4),
        )
        for name, line in guesses.lines()
        if len(line) == len(names)
    ]
