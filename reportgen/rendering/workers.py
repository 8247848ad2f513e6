"""The press's workers: caged processes, which can be ended at any time."""

import multiprocessing
import signal
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from reportgen.errors import Interrupted, RenderingError
from reportgen.rendering import worker
from reportgen.rendering.cage import Bounds, Cage
from reportgen.rendering.orders import OUT_OF_MEMORY

_TASKS = 200
"""After so many, mostly one for a report, a worker is replaced: it cannot grow for ever."""
_START = 120.0
"""Seconds a new worker may take until it begins."""
_CURE = "look into its templates and logos for what is too much"
_KIT = "reportgen.rendering.kit"


class Workers:
    """So many processes in one cage; they start with the first work. Safe under threads."""

    def __init__(self, count: int, cage: Cage) -> None:
        self.count = count
        self._bounds = cage.bounds
        self._tasks: set[ProcessFuture[Any]] = set()
        self._stopped = False
        self._closed = False
        self._pool = ProcessPool(
            max_workers=count,
            max_tasks=_TASKS,
            initializer=worker.begin,
            initargs=(cage,),
            context=_ways_to_start(),
        )

    def stop(self) -> None:
        """Make no more; whoever waits for something hears Interrupted."""
        self._stopped = True
        for task in tuple(self._tasks):
            task.cancel()  # type: ignore[no-untyped-call]  # the library has no types here

    def close(self) -> None:
        """End them, whatever they do."""
        self._closed = True
        self._pool.stop()  # type: ignore[no-untyped-call]  # the library has no types here
        self._pool.join()

    def made(self, work: str, *arguments: object) -> Any:
        """What a function of `workshop` gives, and what the cage lacks.

        Whatever a worker does to itself ends in one RenderingError here. Raises Interrupted.
        """
        task = self._begun(work, *arguments)
        self._tasks.add(task)
        try:
            return self._result(task)
        finally:
            self._tasks.discard(task)

    def _begun(self, work: str, *arguments: object) -> ProcessFuture[Any]:
        if self._stopped:
            raise Interrupted
        try:
            return self._pool.schedule(
                worker.at_work, (self._bounds, work, *arguments), timeout=self._bounds.wall
            )
        except RuntimeError as error:
            if self._closed:
                raise Interrupted from None
            raise _broken(error) from error

    def _result(self, task: ProcessFuture[Any]) -> Any:
        queue = 1 + len(self._tasks) / self.count
        try:
            return task.result(_START + queue * self._bounds.wall)
        except CancelledError:
            raise Interrupted from None
        except FutureTimeout as error:
            raise RenderingError(
                f"the document was not ready after {self._bounds.wall:g} s and was given up; "
                f"{_CURE}"
            ) from error
        except ProcessExpired as error:
            raise RenderingError(f"{_why(error.exitcode, self._bounds)}; {_CURE}") from error
        except BrokenProcessPool as error:
            raise _broken(error) from error


def _ways_to_start() -> Any:
    """Where the system can, workers are forked from one process that holds the engine alone.

    They share its memory, and start at once. Never from this one: it has threads and connections.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", _KIT])
    return context


def _broken(error: Exception) -> RenderingError:
    return RenderingError(
        f"processes that make documents cannot be started ({error}); see whether the system has "
        "memory and processes left"
    )


def _why(status: int, bounds: Bounds) -> str:
    """What a worker died of."""
    if status == -_signal("SIGXCPU"):
        return f"the document took more than {bounds.processor} s of processor time"
    if status in (OUT_OF_MEMORY, -_signal("SIGABRT"), -_signal("SIGTRAP")):
        return f"the document needed more than {bounds.memory // 1024**2} MB of memory"
    return f"the process that makes documents died (status {status})"


def _signal(name: str) -> int:
    """Its number; one that no status equals where the system has no such signal."""
    return int(getattr(signal, name, 1000))
