"""A run as a notebook for Jupyter: words and formulas between the pieces of code."""

from collections.abc import Generator
from pathlib import Path

from linreg_gui.export.aside import done_aside
from linreg_gui.export.program import PYTHON, program_of, snapshot
from linreg_gui.runs.run import Run


def writing_notebook(file: Path, run: Run) -> Generator[float, None, None]:
    """Write the notebook that takes the steps of ``run``; yield the share done.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    text = yield from done_aside(_notebook, snapshot(run))
    file.write_text(text, encoding="utf-8")


def _notebook(run: Run) -> str:
    import nbformat  # noqa: PLC0415 - seldom, and it takes a tenth of a second
    from nbformat.v4 import (  # noqa: PLC0415
        new_code_cell,
        new_markdown_cell,
        new_notebook,
    )

    program = program_of(run)
    install = " ".join(f'"{each}"' for each in program.requirements)
    cells = [
        new_markdown_cell(
            f"# {program.title}\n\n{program.words}\n\n"
            f"It needs Python {PYTHON} and these versions:\n\n"
            f"```\npip install {install}\n```"
        )
    ]
    for number, section in enumerate(program.sections, start=1):
        formula = section.formula and f"$$\n{section.formula}\n$$"
        words = [f"## {number}. {section.title}", section.words, formula]
        cells.append(new_markdown_cell("\n\n".join(filter(None, words))))
        cells.append(new_code_cell(section.code))
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"  # the same run gives the same file
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )
    nbformat.validate(notebook)
    return f"{nbformat.writes(notebook)}\n"
