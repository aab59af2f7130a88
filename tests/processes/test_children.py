"""Processes of the tools end within their limits, and the others go on."""

from tests.support import needs_posix, run_python

CODE = """
import os, sys, time
from tests.children import Limits, run_children

def work(task, folder):
    print("in", os.path.samefile(os.environ["HOME"], folder), flush=True)
    match task:
        case "dies":
            os.kill(os.getpid(), 9)
        case "memory":
            bytearray(10**9)
        case "processor":
            while True:
                pass
        case "waits":
            time.sleep(1000)
    return 3

tasks = "well", "dies", "memory", "processor", "waits", "well"
for ended in run_children(tasks, work, Limits(10**9, 1, 3.0), workers=2):
    print(ended.task, ended.code, ended.output.split()[1], "File" in ended.output)
"""


@needs_posix("forks")
def test_each_process_ends_within_its_limits() -> None:
    done = run_python(CODE)
    assert (done.stderr, done.returncode) == ("", 0)
    assert sorted(done.stdout.splitlines()) == [
        "dies -9 True False",
        "memory 1 True True",
        "processor -24 True True",
        "waits -24 True True",
        "well 3 True False",
        "well 3 True False",
    ]
