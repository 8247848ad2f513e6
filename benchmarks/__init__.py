"""How fast, and at what cost: not part of the tests. `python -m benchmarks --help` tells more."""
