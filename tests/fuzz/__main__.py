"""Damaged files: ``python3 tests --fuzz N`` damages N files and reads each, under limits.

A file that has failed can be read again by its seed: ``python3 tests --fuzz 1 --seed SEED``. With
``--sessions`` the files are sessions, and their runs go on where they can be read.
"""

import argparse
import sys
from pathlib import Path

from tests.fuzz.damage import damaged
from tests.fuzz.reading import faults
from tests.fuzz.session_damage import damaged_session
from tests.fuzz.session_reading import session_faults

HAVE_FAILED = [559, 4294]
"""Seeds of files with which something went wrong once; they are read each time, too. A change of
what damages makes others of them."""


def main(arguments: list[str]) -> int:
    """Read the files that ``arguments`` ask for; return the exit code."""
    parser = argparse.ArgumentParser(prog="python3 tests --fuzz")
    parser.add_argument("count", type=int, help="number of files")
    parser.add_argument("--seed", type=int, default=1, help="of the first file")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the first file there")
    parser.add_argument("--sessions", action="store_true", help="damage sessions, not tables")
    options = parser.parse_args(arguments)
    if options.write:
        make = damaged_session if options.sessions else damaged
        options.write.write_bytes(make(options.seed))
    seeds = [*range(options.seed, options.seed + options.count)]
    seeds = seeds if options.sessions else [*HAVE_FAILED, *seeds]
    failed = 0
    for seed, fault in (session_faults if options.sessions else faults)(seeds):
        failed += 1
        print(f"file {seed}: {fault}", flush=True)
    print(f"{len(seeds)} files, {failed} failed")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
