"""Reads damaged files in a process of its own, which has little time and memory for each."""

import resource
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator, Sequence

from tests.support import ROOT

MOST_SECONDS = 20
"""Of the processor, for a file."""

MOST_MEMORY = 2_000_000_000
"""Of addresses, which are more than the memory behind them. The libraries alone take half of it."""


def faults(
    seeds: Sequence[int], child: Sequence[str] = ("-m", "tests.fuzz.children")
) -> Iterator[tuple[int, str]]:
    """Yield each seed whose file is not read as it should be, and what happens."""
    left = list(seeds)
    while left:
        command = [sys.executable, *child, *map(str, left)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                number, _, fault = line.rstrip("\n").partition(" ")
                if fault:
                    yield int(number), fault
                left.remove(int(number))
        if left:
            yield left.pop(0), f"the process ended with {process.returncode}"


def fault_of(content: bytes) -> str:
    """Return what is wrong with the answer to a file; empty if nothing is."""
    from linreg_gui.analysis.moments import moments_of
    from linreg_gui.runs.proposal import at_once, proposing
    from linreg_gui.tables.reading import propose, read_table, select
    from linreg_gui.tables.source import TableError

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


def main(seeds: Sequence[str]) -> None:
    """Read the files one by one, and print a line for each."""
    from tests.fuzz.damage import damaged

    warnings.simplefilter("error")
    fault_of(b"x,y\n1,2\n3,5\n4,7\n")  # which loads what is needed
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for seed in seeds:
        content = damaged(int(seed))
        signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)  # ends the process, whatever it does
        fault = fault_of(content)
        signal.setitimer(signal.ITIMER_PROF, 0)
        print(seed, fault, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
