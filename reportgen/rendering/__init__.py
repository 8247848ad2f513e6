"""View model → HTML → PDF.

`palette` and its colours load fast; `press` brings the whole PDF engine.
"""
