"""Prints how many nanoseconds gevent takes for what the hub does too: a line each, a name, a tab and the median of some runs."""

import sys
import time

try:
    import gevent
    from gevent.queue import Queue
except ImportError:
    sys.exit(3)


def sleeps(n):
    """Two greenlets that let each other run."""

    def turns():
        for _ in range(n // 2):
            gevent.sleep(0)

    gevent.joinall([gevent.spawn(turns), gevent.spawn(turns)])


def spawns(n):
    """Greenlets that do nothing, one after the other."""

    def nothing():
        pass

    for _ in range(n):
        gevent.spawn(nothing).join()


def queue(n):
    """Values handed from one greenlet to another through a queue that holds one."""
    q = Queue(1)

    def put():
        for i in range(n):
            q.put(i)

    def get():
        for _ in range(n):
            q.get()

    gevent.joinall([gevent.spawn(put), gevent.spawn(get)])


def median_ns(work, n, runs=7):
    """The median, for one of n pieces of work."""
    work(n // 10)
    took = []
    for _ in range(runs):
        start = time.perf_counter_ns()
        work(n)
        took.append((time.perf_counter_ns() - start) / n)
    return sorted(took)[runs // 2]


print("version\t%s, Python %s" % (gevent.__version__, sys.version.split()[0]))
for work in (sleeps, spawns, queue):
    print("%s\t%f" % (work.__name__, median_ns(work, 20000)))
