"""Reads damaged files, each in a process of its own, which has little time and memory."""

import os
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from linreg_gui.analysis.moments import moments_of
from linreg_gui.pieces import at_once
from linreg_gui.runs.proposal import proposing
from linreg_gui.tables.reading import propose, read_table, select
from linreg_gui.tables.source import TableError
from tests.children import Limits, run_children
from tests.fuzz.damage import damaged

LIMITS = Limits(address_bytes=2_000_000_000, processor_seconds=20, wall_seconds=300.0)
WORKERS = 2


def faults(seeds: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield each seed whose file is not read as it should be, and what happens."""
    fault_of(b"x,y\n1,2\n3,5\n4,7\n")  # which loads what is needed
    for ended in run_children(seeds, _read, LIMITS, WORKERS):
        fault = ended.output.strip()
        if ended.code:
            fault = f"the process ended with {ended.code} {fault}".strip()
        if fault:
            yield ended.task, fault


def _read(seed: int, _folder: Path) -> None:
    warnings.simplefilter("error")
    print(fault_of(damaged(seed)), flush=True)
    os._exit(0)  # nothing is left that could fail, and a full end takes longer than the reading


def fault_of(content: bytes) -> str:
    """Return what is wrong with the answer to a file; empty if nothing is."""
    try:
        table = read_table(content)
        said = [table.complaint, *(column.refusal for column in table.columns)]
        said += [remark.sentence for remark in table.remarks_on(range(len(table.columns)))]
        if not table.complaint:
            data = select(table, *propose(table), "table.csv")
            said += data.remarks
            at_once(proposing(moments_of(data)))
    except TableError as error:
        said = [str(error)]
    except Exception as error:  # noqa: BLE001 - each is a fault
        return f"{type(error).__name__}: {error}".replace("\n", " ")[:300]
    odd = (each for each in said if len(each) > 700 or "\n" in each or "None" in each)
    return next((f"said {each[:200]!r}" for each in odd), "")
