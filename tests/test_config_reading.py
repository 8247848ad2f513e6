"""A configuration from a hostile file loads, or it says what is wrong and shows no secret."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.config import ConfigProblems, load
from reportgen.sections import NAMES

Write = Callable[[str], Path]
SECRET = "planted-7f3a"
SMALL: dict[str, Any] = {
    "source": {"kind": "demo"},
    "brands": {"halvorn": {"name": "Halvorn Cyber"}},
    "defaults": {"brand": "halvorn", "reports": ["monthly"], "targets": {"report_rate": 30}},
    "customers": [{"company": "Harbourline Logistics", "recipients": ["ceo@harbourline.example"]}],
    "discover": [{"tag": "gold", "exclude": ["x"], "recipients": ["desk@halvorn.example"]}],
    "shared_recipients": ["desk@halvorn.example"],
    "reports": {
        "monthly": {
            "title": "Report",
            "widgets": ["risk_score_trend", {"section": "generic", "widget": "XWidget"}],
            "schedule": {"every": "month", "on": 1, "at": "06:00"},
        },
        "board": {"title": "Board", "saved_report": "Board", "schedule": {"cron": "0 6 * * 1"}},
    },
    "delivery": [
        {"channel": "folder", "url": "out"},
        {"channel": "email", "server": "demo", "sender": "me@halvorn.example"},
    ],
}
KEYS = ["kind", "name", "widgets", "schedule", "cron", "every", "channel", "title", "brand", "all"]
junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "${", "${X}", "last", "0 6 1 * *", "{x!r}.pdf", "../..", "\x7f"])
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("config") / "config.yaml"


def told(path: Path, **environ: str) -> list[str]:
    """The problems of a file; none when it loads."""
    try:
        load(path, environ)
    except ConfigProblems as problems:
        return str(problems).splitlines() or ["nothing was told"]
    return []


def places(node: Any, key: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place of a tree."""
    inner: list[Any] = []
    if isinstance(node, dict):
        inner = list(node.items())
    elif isinstance(node, list):
        inner = list(enumerate(node))
    return [key, *(place for part, value in inner for place in places(value, (*key, part)))]


def with_value(node: Any, key: tuple[Any, ...], value: Any) -> Any:
    """The tree with another value at this place."""
    if not key:
        return value
    copy: Any = dict(node) if isinstance(node, dict) else list(node)
    copy[key[0]] = with_value(node[key[0]], key[1:], value)
    return copy


@given(st.sampled_from(places(SMALL)), junk)
@settings(max_examples=150, deadline=None)
def test_whatever_stands_at_any_key_loads_or_is_told_with_its_line(
    file: Path, key: tuple[str | int, ...], value: Any
) -> None:
    text = json.dumps(with_value(SMALL, key, value), indent=1)
    file.write_text(text, "utf-8")
    for line in told(file):
        name, number, rest = line.split(":", 2)
        assert name == "config.yaml"
        assert 1 <= int(number) <= len(text.splitlines())
        assert rest.strip()


@given(st.text(max_size=60) | st.text("{}[]:,-&*!|>%@`'\"\n\t #?a", max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_is_told_to_be_no_configuration(file: Path, text: str) -> None:
    file.write_bytes(text.encode("utf-8", "replace"))
    assert all(line.startswith("config.yaml:") for line in told(file))


def test_the_small_file_of_these_tests_is_right(config: Write) -> None:
    assert told(config(json.dumps(SMALL))) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &a [x]\nb: [*a, *a]\nc: [*a]\n", "aliases are not supported"),
        ("x: &x {language: de}\ndefaults:\n  <<: *x\n", "<< and aliases"),
        ("defaults:\n  <<: {language: de}\n", "config.yaml:2: YAML anchors, <<"),
        ("a: !!python/object/apply:os.system ['true']\n", "a: is no key"),
        ("a: 1\n---\nb: 2\n", "another document"),
        ("a: " + "[" * 600, "mend the YAML"),
        ("a: \x00\n", "special characters are not allowed"),
        ("a: " + "x" * 1024 * 1024, "too large"),
    ],
    ids=["bomb", "merge", "inline merge", "tag", "documents", "depth", "control", "size"],
)
def test_tricks_of_yaml_are_refused(text: str, said: str, config: Write) -> None:
    assert said in "\n".join(told(config(text)))


def test_a_file_that_is_no_text_is_told(config: Write) -> None:
    path = config("")
    path.write_bytes(b"title: \xff\xfe")
    assert told(path) == [
        "config.yaml:1: cannot be read: it is not UTF-8 text; mend the file or its rights"
    ]


# ---- secrets -------------------------------------------------------------------------------


def keepnet(**settings: Any) -> str:
    source = {"kind": "keepnet", "client_id": "me", **settings}
    return json.dumps({**SMALL, "source": source}, indent=1)


@pytest.mark.parametrize(
    "text",
    [
        keepnet(client_secret=SECRET, client_secrt=SECRET),
        keepnet(client_secret=[SECRET]),
        keepnet(client_secret={SECRET: 1}).replace(SECRET + '": 1', 'x": "' + SECRET + '"'),
        keepnet(client_secret="${" + SECRET),
        keepnet(client_secret="${NOT SET " + SECRET + "}"),
        keepnet(client_secret=SECRET, base_url=f"https://me:{SECRET}@api.example.com"),
        keepnet(client_secret=SECRET, timeout=-1),
        f"password: {SECRET}\npassword: {SECRET}\n",
        f"password: *{SECRET}\n",
        f"password: [{SECRET}\n",
        f"password: {SECRET}: {SECRET}\n",
        f'password: "{SECRET}\n',
    ],
)
def test_no_message_holds_a_secret(text: str, config: Write) -> None:
    said = told(config(text))
    assert SECRET not in "\n".join(said)


def test_a_secret_in_an_address_of_the_stores_does_not_show(config: Write) -> None:
    data = {
        **SMALL,
        "ledger": f"postgresql+psycopg://me:{SECRET}@db.example/ledger",
        "archive": f"sftp://me:{SECRET}@files.example/archive",
    }
    loaded = load(config(json.dumps(data)), {})
    assert SECRET in loaded.ledger
    assert SECRET in loaded.archive
    assert SECRET not in repr(loaded) + str(loaded)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file or directory"),
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"\xff\xfe", "it is not text"),
        (b"x" * 70_000, "it is too large"),
    ],
    ids=["missing", "empty", "blank", "binary", "large"],
)
def test_a_secret_file_without_a_secret_is_told(
    content: bytes | None, said: str, config: Write
) -> None:
    path = config(keepnet(client_secret_file="key"))
    if content is not None:
        (path.parent / "key").write_bytes(content)
    problems = told(path)
    assert len(problems) == 1
    assert f"the secret file key cannot be read: {said}; name a readable file" in problems[0]


def test_a_secret_given_twice_is_told(config: Write) -> None:
    path = config(keepnet(client_secret=SECRET, client_secret_file="key"))
    (path.parent / "key").write_text("another")
    said = "\n".join(told(path))
    assert "source.client_secret_file: stands beside `client_secret`; keep one of the two" in said


def test_a_variable_that_is_not_set_is_one_mistake_wherever_it_stands(config: Write) -> None:
    recipients = [{"company": "A", "recipients": ["${BOARD}"]}]
    path = config(json.dumps({**SMALL, "customers": recipients}))
    assert told(path) == [
        "config.yaml:1: customers.0.recipients.0: the environment has no BOARD; "
        "set it before starting, write it into `.env` beside the file, or use a secret file"
    ]
    assert told(path, BOARD="board@harbourline.example") == []


# ---- words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("source", {"kind": "keepnt"}, "source.kind: is of no known kind; did you mean 'keepnet'?"),
        ("source", {}, "source: is of no known kind; add `kind`, one of keepnet, demo, recorded"),
        ("delivery", {}, "delivery: is not a list; write one, such as [a, b]"),
        ("delivery", [{"channel": "email", "server": "demo"}], "delivery.0.sender: is missing"),
        ("brands", [], "brands: is not a part with keys; write `key: value` lines below it"),
        ("brands", {}, "brands: is empty; write one at least"),
        (
            "languages",
            1,
            "languages: is no key of this part; known: approve_new_recipients, archive,",
        ),
        ("defaults", {"targets": {"risk_scor": 3}}, "did you mean 'risk_score'?"),
        ("defaults", {"targets": {"risk_score": "low"}}, "is not a number; write one, such as 80"),
        ("defaults", {"time_zone": "right/Europe/Berlin"}, "is not an IANA time zone"),
        ("defaults", {"page_size": "A5"}, "page_size: is not one of the choices; write 'A4' or"),
        ("discover", [{"tag": "", "recipients": ["a@b.example"]}], "discover.0.tag: is empty"),
        ("discover", [{"recipients": ["a@b.example"]}], "write one of `all: true`, `tag`"),
        ("customers", [{"company": "A", "recipients": ["a..b@c.example"]}], "not a mail address"),
        ("brands", {"halvorn": {"name": "H", "contact_email": "us"}}, "'us' is not a mail address"),
    ],
)
def test_a_mistake_is_told_in_the_words_of_the_file(
    key: str, value: Any, said: str, config: Write
) -> None:
    assert said in "\n".join(told(config(json.dumps({**SMALL, key: value}))))


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ({"schedule": {"every": "day"}}, "schedule: is of no known kind; write `every: month`"),
        ({"schedule": {"every": "month", "att": 1}}, "schedule.att: is no key of this part; did"),
        ({"schedule": {"cron": "0 6 31 2 *"}}, "schedule.cron: is not a cron line"),
        ({"schedule": {"cron": "*/5 * * * *"}}, "a report leaves once a day at the most"),
        ({"widgets": [{"section": "generic", "wiget": "X"}]}, "did you mean `widget`?"),
        ({"widgets": [{"section": "generc"}]}, "widgets.0.section: is of no known kind"),
        ({"widgets": [{"widget": "X"}]}, "widgets.0: is of no known kind; add `section`, one of"),
        ({"widgets": "report_rates"}, "widgets: is not a list"),
        ({"history_months": 30}, "history_months: is too large; write 24 or less"),
        ({"history_months": "many"}, "history_months: is not a whole number"),
        ({"title": 2026}, "title: is not a text"),
        ({"title": ""}, "title: is empty"),
        ({"template": "reprot.html"}, "there is no template reprot.html"),
        ({"template": "../../config.yaml"}, "there is no template ../../config.yaml"),
        ({"titel": "x"}, "did you mean `title`?"),
    ],
)
def test_a_mistake_in_a_report_is_told(report: dict[str, Any], said: str, config: Write) -> None:
    reports = {"monthly": {"title": "Report", "widgets": list(NAMES), **report}}
    problems = told(config(json.dumps({**SMALL, "reports": reports})))
    assert len(problems) <= 2
    assert said in "\n".join(problems)
