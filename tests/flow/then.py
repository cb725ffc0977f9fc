"""`python -m tests.flow.then SECONDS ...`: the command line with a clock so many seconds off. The companies of the tests always end on the
same day (`company.PROGRAM`); a process that was told nothing would look at them from today, and see less of them month by month."""

import sys
import time

import service

if __name__ == "__main__":
    seconds, *words = sys.argv[1:]
    tell = time.time_ns
    time.time_ns = lambda: tell() + int(seconds) * 1_000_000_000
    sys.exit(service.main(words))
