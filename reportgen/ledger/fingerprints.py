"""The fingerprints of figures, by which companies that were mixed up are found."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import Connection, select

from reportgen.ledger import tables
from reportgen.ledger.writing import Writer
from reportgen.model import DocumentState, RunKey
from reportgen.pipeline import Claim, RunState

_KEPT = timedelta(days=100)
"""A mix-up shows within a round; later ones are compared with the newest figures only."""
_TABLE = tables.fingerprint


def replace(writer: Writer, claim: Claim, prints: frozenset[str]) -> None:
    """Note the fingerprints of a run, and forget old ones of the same company."""
    company_id = claim.key.company_id
    old = (_TABLE.c.company_id == company_id) & (_TABLE.c.noted_at < writer.now - _KEPT)
    writer.connection.execute(_TABLE.delete().where(old | (_TABLE.c.run_id == claim.run_id)))
    rows = [
        {
            "run_id": claim.run_id,
            "digest": digest,
            "company_id": company_id,
            "noted_at": writer.now,
        }
        for digest in sorted(prints)
    ]
    if rows:
        writer.connection.execute(_TABLE.insert(), rows)


def noted(connection: Connection, claim: Claim) -> frozenset[str]:
    """The fingerprints of a run; empty where none are on record."""
    query = select(_TABLE.c.digest).where(_TABLE.c.run_id == claim.run_id)
    return frozenset(connection.execute(query).scalars())


def forget_blocked(writer: Writer) -> None:
    """Forget what was blocked: it says nothing about whose figures it has."""
    artifact = tables.artifact
    blocked = select(artifact.c.run_id).where(artifact.c.state == DocumentState.BLOCKED.value)
    writer.connection.execute(_TABLE.delete().where(_TABLE.c.run_id.in_(blocked)))


def alike(
    connection: Connection, key: RunKey, digests: frozenset[str]
) -> Mapping[tuple[str, str], frozenset[str]]:
    """Other companies, id and name, with those of these fingerprints that they have, too."""
    run = tables.run
    query = (
        select(_TABLE.c.company_id, run.c.customer, _TABLE.c.digest)
        .join(run, run.c.run_id == _TABLE.c.run_id)
        .where(
            _TABLE.c.digest.in_(sorted(digests)),
            _TABLE.c.company_id != key.company_id,
            run.c.state != RunState.SKIPPED,
        )
    )
    found: dict[tuple[str, str], set[str]] = {}
    for row in connection.execute(query):
        found.setdefault((row.company_id, row.customer), set()).add(row.digest)
    return {company: frozenset(shared) for company, shared in found.items()}


def shared(connection: Connection, keys: frozenset[RunKey]) -> frozenset[RunKey]:
    """Those of these runs that share a fingerprint with any other company."""
    mine, other, run = _TABLE.alias(), _TABLE.alias(), tables.run
    query = (
        select(run.c.report, run.c.company_id, run.c.period, run.c.edition)
        .join(mine, mine.c.run_id == run.c.run_id)
        .join(other, other.c.digest == mine.c.digest)
        .where(
            other.c.company_id != mine.c.company_id,
            run.c.state == RunState.READY,
        )
        .distinct()
    )
    return frozenset(RunKey(*row) for row in connection.execute(query)) & keys
