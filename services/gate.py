"""The gate: whatever acts on its own asks here first. A flag, a daily limit, an audit row.

Every request leaves a row in ``ops.journal_actions``, refused ones too.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping

import sqlalchemy as sa

from core.clock import read_clock, wall_clock
from core.errors import GateRefused
from core.settings import get_settings
from warehouse.tables import drapeaux, journal_actions


def request(
    engine: sa.Engine,
    action: str,
    subject: str,
    reason: str,
    inputs: Mapping[str, object],
    *,
    by: str = "pipeline",
) -> bool:
    """Ask to carry out ``action`` on ``subject``; True when allowed. The answer is recorded either way.

    Args:
        engine: warehouse engine of the pipeline role.
        action: name of a flag in ``ops.drapeaux``.
        subject: what it is done to, e.g. a model version or a plan id.
        reason: why, in French, shown to people.
        inputs: what the decision rests on; only its hash is kept.
        by: who asks.

    Raises:
        GateRefused: no flag of that name exists (an action nobody declared must not run).
    """
    with engine.begin() as connection:
        flag = connection.execute(
            sa.select(drapeaux).where(drapeaux.c.nom == action).with_for_update()
        ).one_or_none()
        if flag is None:
            raise GateRefused(
                f"Nobody declared the automatic action {action!r}.",
                expected="a row of that name in ops.drapeaux",
                remedy="add it in a migration, with its daily limit",
            )
        today = read_clock(get_settings().home).today()
        refusal = _refusal(connection, flag, today)
        connection.execute(
            journal_actions.insert().values(
                action_id=str(uuid.uuid4()),
                action=action,
                sujet=subject,
                decision="refuse" if refusal else "execute",
                raison=refusal or reason,
                empreinte_entrees=fingerprint(inputs),
                jour_metier=today,
                fait_at=wall_clock(),
                fait_par=by,
            )
        )
    return refusal is None


def fingerprint(inputs: Mapping[str, object]) -> str:
    """Stable hash of JSON-like inputs (16 hex digits)."""
    canonical = json.dumps(inputs, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def _refusal(connection: sa.Connection, flag: sa.Row, today) -> str | None:
    if not flag.actif:
        return f"Drapeau « {flag.nom} » désactivé"
    done = connection.scalar(
        sa.select(sa.func.count())
        .select_from(journal_actions)
        .where(
            journal_actions.c.action == flag.nom,
            journal_actions.c.decision == "execute",
            journal_actions.c.jour_metier == today,
        )
    )
    if done >= flag.limite_jour:
        return f"Limite de {flag.limite_jour} par jour atteinte pour « {flag.nom} »"
    return None
