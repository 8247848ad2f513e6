"""All that is hunted, by name."""

from tests.fuzz.answers import Envelopes, Widgets
from tests.fuzz.files import Bundles, Configs
from tests.fuzz.lines import PERIODS, RUNS, SCHEDULES
from tests.fuzz.reading import Target

TARGETS: dict[str, Target] = {
    "envelope": Envelopes(),
    "widgets": Widgets(),
    "config": Configs(),
    "bundle": Bundles(),
    "period": PERIODS,
    "schedule": SCHEDULES,
    "run": RUNS,
}
