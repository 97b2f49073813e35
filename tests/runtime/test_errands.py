"""What threads post reaches the loop: all of it, in order, with one wake-up for many."""

import asyncio
import threading

from protocols.runtime.errands import Errands
from protocols.runtime.threads import DatabaseThreads

THREADS, POSTS = 4, 2000


class CountingLoop:
    """The loop, with the number of times that it was woken."""

    def __init__(self, loop):
        self._loop = loop
        self.calls = 0

    def call_soon_threadsafe(self, *args):
        self.calls += 1
        return self._loop.call_soon_threadsafe(*args)


def test_everything_arrives_in_the_order_of_its_thread():
    got = []

    async def main():
        errands = Errands(asyncio.get_running_loop(), threads)
        done = asyncio.Event()

        def step(thread, number):
            got.append((thread, number))
            if len(got) == THREADS * POSTS:
                done.set()

        def post(thread):
            for number in range(POSTS):
                errands.post(step, thread, number)

        posting = [threading.Thread(target=post, args=(n,)) for n in range(THREADS)]
        for each in posting:
            each.start()
        await asyncio.wait_for(done.wait(), 30)
        for each in posting:
            each.join()

    threads = DatabaseThreads(1, name="errands")
    asyncio.run(main())
    threads.stop()
    for thread in range(THREADS):
        assert [number for who, number in got if who == thread] == list(range(POSTS))


def test_what_is_posted_before_the_loop_looks_wakes_it_once():
    async def main():
        loop = CountingLoop(asyncio.get_running_loop())
        errands = Errands(loop, threads)
        got = []
        for number in range(100):
            errands.post(got.append, number)
        await asyncio.sleep(0)
        assert (got, loop.calls) == (list(range(100)), 1)
        errands.post(got.append, 100)
        await asyncio.sleep(0)
        assert (got[-1], loop.calls) == (100, 2)

    threads = DatabaseThreads(1, name="errands")
    asyncio.run(main())
    threads.stop()


def test_a_step_that_fails_does_not_hold_up_the_next(caplog):
    async def main():
        errands = Errands(asyncio.get_running_loop(), threads)
        got = []
        errands.post(lambda: 1 / 0)
        errands.post(got.append, "next")
        await asyncio.sleep(0)
        assert got == ["next"]

    threads = DatabaseThreads(1, name="errands")
    asyncio.run(main())
    threads.stop()
    assert "ZeroDivisionError" in caplog.text


def test_a_result_after_the_loops_end_is_dropped():
    threads = DatabaseThreads(1, name="errands")
    loop = asyncio.new_event_loop()
    errands = Errands(loop, threads)
    loop.close()
    errands.post(print)
    errands.call(True, lambda result, error: None, len, "x")
    threads.stop()
