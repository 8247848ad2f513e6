"""A hunt for inputs that the readers of outside data cannot bear.

`python -m tests.fuzz --target widgets --runs 100000 --seed 1` bends real samples, on the level of
their structure and of their bytes, and reads each of them. Law: no exception but the program's own
for bad data, an end within two seconds, and bounded memory. What breaks it is kept in a folder;
those in `tests/fuzz/found` stay as tests.
"""
