"""Everything a worker needs, loaded by importing this.

Where the system can fork, that happens once, in a process that does nothing else, and all workers
share the memory; elsewhere each worker does it for itself.
"""

trouble = ""
"""Why the engine cannot be loaded; empty when it is."""


def _load() -> None:
    from reportgen.rendering import pace, workshop

    workshop.warm_up()
    pace.settled()


try:
    _load()
except Exception as error:  # noqa: BLE001 - told with the first document; here it would tell nobody
    trouble = f"{type(error).__name__}: {error}"
