"""The one place that knows everybody: opens the house, turns what is due into jobs, runs them.

Whoever needs a part takes it from its module, so that a command loads no more than it uses.
"""
