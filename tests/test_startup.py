"""What a command loads before it answers: no more than it needs."""

import inspect

from reportgen.cli.listing import COMMANDS, loaded


def test_the_list_says_of_each_command_what_its_own_help_begins_with() -> None:
    for name, (_, purpose) in COMMANDS.items():
        command = loaded(name)
        assert command.name == name
        assert " ".join(inspect.cleandoc(command.help).split("\n\n")[0].split()) == purpose
