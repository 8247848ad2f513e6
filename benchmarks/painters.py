"""What painting charts straight into the PDF is worth: the same page with both painters, in turns.

Prints the median seconds of each, and the median of the paired ratios. Run it on an idle machine:
`.venv/bin/python -m benchmarks.painters`.
"""

import statistics
import sys
import time

from reportgen import bundled
from reportgen.rendering.html import CHART, _inline, _place_for
from reportgen.rendering.pdf import Material, print_pdf
from tests.sample_charts import FORMS, style
from tests.test_painters import page

_ROUNDS = 9


def main() -> None:
    """Print the figures."""
    look = style()
    made = [drawing for form in FORMS.values() if (drawing := form(look)) is not None]
    drawings = {f"{CHART}{place}": drawing for place, drawing in enumerate(made)}
    folders = (str(bundled.TEMPLATES),)
    direct = Material(
        page("".join(_place_for(drawing, address) for address, drawing in drawings.items())),
        folders, {}, drawings,
    )  # fmt: skip
    vectors = Material(
        page("".join(_inline(drawing, place) for place, drawing in enumerate(made))), folders, {}
    )
    for material in (direct, vectors):
        print_pdf(material)
    pairs = [(_seconds(direct), _seconds(vectors)) for _ in range(_ROUNDS)]
    ratios = [one / other for one, other in pairs]
    sizes = [len(print_pdf(material)[0]) for material in (direct, vectors)]
    sys.stdout.write(
        f"{len(made)} charts: direct {statistics.median(a for a, _ in pairs):.3f} s, "
        f"SVG {statistics.median(b for _, b in pairs):.3f} s, "
        f"ratio {statistics.median(ratios):.2f}; {sizes[0]} and {sizes[1]} bytes\n"
    )


def _seconds(material: Material) -> float:
    start = time.process_time()
    print_pdf(material)
    return time.process_time() - start


if __name__ == "__main__":
    main()
