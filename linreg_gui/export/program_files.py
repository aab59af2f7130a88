"""A run's program as a file: a Python script, or a notebook for Jupyter."""

from linreg_gui.export.program import PYTHON, commented, program_of
from linreg_gui.runs.run import Run
from linreg_gui.texts import tr


def script_of(run: Run) -> str:
    """Return the script that takes the steps of ``run``, as text. There must be no `obstacle`.

    Its requirements are inline metadata (PEP 723).
    """
    program = program_of(run)
    requirements = "\n".join(f'#     "{each}",' for each in program.requirements)
    to_run = tr("To run it: {command}. This gets the packages above, too.").format(
        command="uv run NAME_OF_THIS_FILE"
    )
    parts = [
        f'''\
# /// script
# requires-python = "{PYTHON}"
# dependencies = [
{requirements}
# ]
# ///

{commented(program.title, program.words, to_run)}'''
    ]
    for number, section in enumerate(program.sections, start=1):
        words = commented(f"{number}. {section.title}", section.words)
        parts.append(f"{words}\n\n{section.code}")
    return "\n\n\n".join(parts) + "\n"


def notebook_of(run: Run) -> str:
    """Return the notebook that takes the steps of ``run``, as text. There must be no `obstacle`.

    It has words and formulas between the pieces of code.
    """
    import nbformat  # noqa: PLC0415 - seldom, and it takes a tenth of a second
    from nbformat.v4 import (  # noqa: PLC0415
        new_code_cell,
        new_markdown_cell,
        new_notebook,
    )

    program = program_of(run)
    install = " ".join(f'"{each}"' for each in program.requirements)
    needs = tr("It needs Python {versions} and these versions:").format(versions=PYTHON)
    cells = [
        new_markdown_cell(
            f"# {program.title}\n\n{program.words}\n\n{needs}\n\n```\npip install {install}\n```"
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
