"""Many at once: a piece of work for each of many things, a few of them under way at a time."""

from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")


class SideBySide(Generic[Thing, Result]):
    """
    Works on things in order, some at a time, never on two of one kind; tells results as they come.

    `work` runs in threads of its own, `done` in the caller's, one call after the other.
    """

    def __init__(
        self,
        work: Callable[[Thing], Result],
        done: Callable[[Thing, Result], None],
        *,
        hands: int,
        kind: Callable[[Thing], Hashable],
    ) -> None:
        self._work = work
        self._done = done
        self._hands = hands
        self._kind = kind
        self._waiting: list[Thing] = []
        self._under_way: dict[Future[Result], Thing] = {}

    def run(
        self,
        things: Iterable[Thing],
        *,
        stopping: Callable[[], bool],
        give_up: Callable[[], None],
    ) -> None:
        """
        Work on all of them. Once `stopping` says so no more is begun; what is under way is ended.

        So it is after an error. An interrupt calls `give_up`, which is to break off what is under
        way. Both are raised again as soon as nothing is under way.
        """
        self._waiting = list(things)
        with ThreadPoolExecutor(self._hands, "report") as pool:
            try:
                self._begin(pool, stopping)
                while self._under_way:
                    for future in wait(self._under_way, return_when=FIRST_COMPLETED).done:
                        self._done(self._under_way.pop(future), future.result())
                    self._begin(pool, stopping)
            except (KeyboardInterrupt, SystemExit):
                give_up()
                raise

    def _begin(self, pool: ThreadPoolExecutor, stopping: Callable[[], bool]) -> None:
        """As many as there are hands free."""
        while len(self._under_way) < self._hands and not stopping():
            thing = self._next()
            if thing is None:
                return
            self._under_way[pool.submit(self._work, thing)] = thing

    def _next(self) -> Thing | None:
        """The first that is of no kind under way."""
        busy = {self._kind(thing) for thing in self._under_way.values()}
        for place, thing in enumerate(self._waiting):
            if self._kind(thing) not in busy:
                return self._waiting.pop(place)
        return None
