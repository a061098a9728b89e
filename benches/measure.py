#!/usr/bin/env python3
"""Runs a command some times and prints one row: the median wall time, CPU time, and the peak memory.

  measure.py --label validate --times 5 -- glidepath validate FOLDER
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--label", required=True)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--exit-code", type=int, default=0, help="the one that is right")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    command = given.command[1:] if given.command[:1] == ["--"] else given.command
    walls, cpus = [], []
    for _ in range(given.times):
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        ended = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        walls.append(time.monotonic() - start)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpus.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        if ended.returncode != given.exit_code:
            sys.exit(f"{given.label}: exit code {ended.returncode}\n{ended.stderr.decode()[-2000:]}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    wall, cpu = statistics.median(walls), statistics.median(cpus)
    print(f"{given.label:<44} {wall:8.3f} s {cpu:8.3f} s CPU {peak:5d} MB  load {os.getloadavg()[0]:.1f}", flush=True)


if __name__ == "__main__":
    main()
