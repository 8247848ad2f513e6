"""Everything a worker needs, loaded by importing this.

Where the system can fork, that happens once, in a process that does nothing else, and all workers
share the memory; elsewhere each worker does it for itself.
"""

from reportgen.rendering import pace, workshop

workshop.warm_up()
pace.settled()
