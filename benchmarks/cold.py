"""Print a pickled page as a program of its own: python -m benchmarks.cold PAGE COUNT.

Says a word after each document.
"""

import pickle
import sys
from pathlib import Path


def main() -> None:
    """Print it so many times."""
    from reportgen.rendering.press import Press  # as the product does: when it is needed

    page = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301 - of our own making
    with Press() as press:
        for _ in range(int(sys.argv[2])):
            press.pdf(page)
            sys.stdout.write("printed\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
