"""Many at once: a piece of work for each of many things, a few of them under way at a time."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")


def side_by_side(
    things: Iterable[Thing],
    work: Callable[[Thing], Result],
    done: Callable[[Thing, Result], None],
    *,
    hands: int,
    stopping: Callable[[], bool],
    give_up: Callable[[], None],
) -> None:
    """
    Work on the things in order, `hands` at a time; each result is told as it comes.

    `done` is called here, one call after the other. Once `stopping` says so nothing more is begun,
    and what is under way is finished. An error or an interrupt calls `give_up`, which ends what is
    under way, and is raised again when that has ended.
    """
    waiting = iter(things)
    under_way: dict[Future[Result], Thing] = {}
    with ThreadPoolExecutor(hands, "report") as pool:
        try:
            while True:
                while len(under_way) < hands and not stopping():
                    thing = next(waiting, None)
                    if thing is None:
                        break
                    under_way[pool.submit(work, thing)] = thing
                if not under_way:
                    return
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    done(under_way.pop(future), future.result())
        except BaseException:
            give_up()
            raise
