"""The tables as they are after the newest migration."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment, kept as ISO 8601 text: the same and sortable in every database."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

schedule = Table(
    "schedule",
    metadata,
    Column("report", String(64), primary_key=True),
    Column("company_id", String(64), primary_key=True),
    Column("first_seen", Moment, nullable=False),
    Column("settled_until", Moment),
)
"""Up to `settled_until` every report that was due is on record and done with."""

run = Table(
    "run",
    metadata,
    Column("run_id", Integer, primary_key=True),
    Column("report", String(64), nullable=False),
    Column("company_id", String(64), nullable=False),
    Column("period", String(40), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("customer", Text, nullable=False),
    Column("data_from", String(10), nullable=False),
    Column("data_to", String(10), nullable=False),
    Column("state", String(16), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("lease_owner", String(120), nullable=False),
    Column("lease_until", Moment),
    Column("lease_beat", Float),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Moment),
    Column("reason", Text, nullable=False),
    Column("kept_only", Integer),
    Column("created_at", Moment, nullable=False),
    Column("finished_at", Moment),
    UniqueConstraint("report", "company_id", "period", "edition"),
    UniqueConstraint("run_id", "company_id"),
    Index("run_by_state", "state", "next_try_at"),
    Index("run_by_time", "created_at"),
)
"""`lease_beat`: seconds since the boot of the owner's machine when it last gave a sign of life;
`kept_only`: 1 for what was made for the archive, and must not be sent by a schedule."""

DOCUMENT = "document"
"""Kind of the artifact that is the report itself."""

artifact = Table(
    "artifact",
    metadata,
    Column("run_id", Integer, primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("company_id", String(64), nullable=False),
    Column("place", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("stored_at", Moment, nullable=False),
    ForeignKeyConstraint(["run_id", "company_id"], ["run.run_id", "run.company_id"]),
)

delivery = Table(
    "delivery",
    metadata,
    Column("delivery_id", Integer, primary_key=True),
    Column("run_id", Integer, nullable=False),
    Column("company_id", String(64), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("target", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("proof", Text, nullable=False),
    Column("committed_at", Moment),
    Column("settled_at", Moment),
    ForeignKeyConstraint(["run_id", "company_id"], ["run.run_id", "run.company_id"]),
    UniqueConstraint("run_id", "channel", "target"),
    Index("delivery_by_state", "state"),
    Index("delivery_by_company", "company_id", "state"),
)

APPROVED = "approved"
"""State of an artifact that people have approved: exactly this file may go out."""

STOPPED = "stopped"
"""State of an artifact that a person holds: no order that names no period makes it anew."""

approval = Table(
    "approval",
    metadata,
    Column("run_id", Integer, ForeignKey("run.run_id"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("said_by", String(120), primary_key=True),
    Column("said_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
)
"""Who approved which file. Another file of the same run needs other approvals."""

fingerprint = Table(
    "fingerprint",
    metadata,
    Column("run_id", Integer, ForeignKey("run.run_id"), primary_key=True),
    Column("digest", String(32), primary_key=True),
    Column("company_id", String(64), nullable=False),
    Column("noted_at", Moment, nullable=False),
    Index("fingerprint_by_digest", "digest"),
    Index("fingerprint_by_company", "company_id", "noted_at"),
)
"""Of each measure of a run: two companies that share several were mixed up."""

event = Table(
    "event",
    metadata,
    Column("event_id", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("run.run_id"), nullable=False),
    Column("delivery_id", Integer),
    Column("at", Moment, nullable=False),
    Column("worker", String(120), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Index("event_by_run", "run_id"),
)
"""Append-only: every change of state of a run or a delivery."""

worker = Table(
    "worker",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("program", String(40), nullable=False),
    Column("seen_at", Moment, nullable=False),
)
"""Who ever claimed a run: machine and process in the name, and the version of the program."""

pause = Table(
    "pause",
    metadata,
    Column("report", String(64), primary_key=True),
    Column("company_id", String(64), primary_key=True),
    Column("paused_at", Moment, nullable=False),
    Column("said_by", String(120), nullable=False),
    Column("reason", Text, nullable=False),
)
"""What a person stopped; resuming takes the row out."""

notice = Table(
    "notice",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("content", String(64), nullable=False),
    Column("told_at", Moment, nullable=False),
)
"""What the operator was told, so that of many processes one tells it, and once."""

recipient = Table(
    "recipient",
    metadata,
    Column("company_id", String(64), primary_key=True),
    Column("address", String(254), primary_key=True),
    Column("approved_at", Moment, nullable=False),
    Column("said_by", String(120), nullable=False),
    Column("reason", Text, nullable=False),
)
"""Addresses in small letters that a person allowed to get a customer's reports."""
