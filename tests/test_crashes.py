"""The short version of the crash harness; `python -m tests.crash --kills 1000` is the long one."""

import random
from pathlib import Path

from tests.crash.harness import Harness
from tests.crash.story import tell_story

KILLS = 40


def test_a_program_that_is_killed_again_and_again_sends_each_report_once(tmp_path: Path) -> None:
    with Harness(tmp_path, random.Random(20261124)) as harness:
        story = tell_story(harness, KILLS, lambda line: None)
    assert story.faults == (), "\n".join(story.lines())
    assert story.tally.kills == KILLS
    assert story.before.messages >= story.tally.kills
