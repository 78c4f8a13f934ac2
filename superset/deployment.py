"""The steps of ``bootstrap.py``. Each needs an application context and may be run again at will."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from flask import g
from superset.commands.importers.v1.assets import ImportAssetsCommand
from superset.connectors.sqla.models import RowLevelSecurityFilter, SqlaTable
from superset.models.core import Database
from superset.models.dashboard import Dashboard
from superset.models.slice import Slice

import superset
from superset import appbuilder, db, security_manager

_METADATA = {"version": "1.0.0", "type": "assets", "timestamp": "2025-01-01T00:00:00+00:00"}
_NESTED = {"columns": "column", "metrics": "metric"}
# Children before parents, so that no foreign key is left dangling.
_PRUNED = (Dashboard, Slice, SqlaTable, Database)


def upgrade_schema() -> None:
    """Bring the metadata database to this version of Superset."""
    from flask_migrate import upgrade

    upgrade(directory=str(Path(superset.__file__).parent / "migrations"))


def create_permissions() -> None:
    """Superset's own roles and every permission they are made of."""
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()


def apply_accounts(spec: dict[str, Any], passwords: dict[str, str]) -> None:
    """Create our roles with the viewer's permissions, and the accounts with the passwords given.

    Args:
        spec: content of roles.yaml.
        passwords: account -> password, for every account of ``spec``.

    Raises:
        KeyError: an account has no password or a permission is unknown to this version of Superset.
    """
    permissions = [_permission(*pair) for pair in spec["viewer_permissions"]]
    for name in spec["roles"]:
        role = security_manager.find_role(name) or security_manager.add_role(name)
        role.permissions = permissions
    db.session.commit()
    for account, role_name in spec["accounts"].items():
        roles = [security_manager.find_role(role_name)]
        user = security_manager.find_user(account)
        if user is None:
            email = f"{account}@fieldhouse.invalid"
            security_manager.add_user(
                account, role_name, "Fieldhouse", email, roles, password=passwords[account]
            )
        else:
            user.roles, user.active = roles, True
            security_manager.reset_password(user.id, passwords[account])
    db.session.commit()


def _permission(action: str, view: str) -> Any:
    found = security_manager.find_permission_view_menu(action, view)
    if found is None:
        raise KeyError(f"roles.yaml: Superset knows no permission {action!r} on {view!r}")
    return found


def import_assets(folder: Path) -> list[str]:
    """Import everything under ``folder/assets`` over what is there; the uuids imported."""
    defaults = yaml.safe_load((folder / "defaults.yaml").read_text("utf-8"))
    contents, uuids = {"metadata.yaml": yaml.safe_dump(_METADATA)}, []
    for path in sorted((folder / "assets").rglob("*.yaml")):
        kind = path.parent.name
        document = _completed(kind.removesuffix("s"), yaml.safe_load(path.read_text("utf-8")), defaults)
        contents[f"{kind}/{path.name}"] = yaml.safe_dump(document, allow_unicode=True)
        uuids.append(document["uuid"])
    g.user = security_manager.find_user("admin")
    ImportAssetsCommand(contents, passwords={}).run()
    db.session.commit()
    return uuids


def _completed(kind: str, document: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """The document with every value it leaves to its default."""
    whole = {**defaults[kind], **document}
    for key, nested in _NESTED.items():
        if key in whole:
            whole[key] = [{**defaults[nested], **entry} for entry in whole[key]]
    return whole


def prune(uuids: set[str]) -> int:
    """Delete the objects with these uuids: pushed once, no longer in git. Nobody else's are touched."""
    removed = 0
    for model in _PRUNED:
        for found in db.session.query(model).filter(model.uuid.in_(uuids)).all() if uuids else ():
            if isinstance(found, Dashboard):
                found.slices, found.roles = [], []
            db.session.delete(found)
            removed += 1
        db.session.commit()
    return removed


def apply_dashboard_roles(spec: dict[str, Any]) -> None:
    """Give each dashboard exactly the roles that list it in roles.yaml."""
    for dashboard in db.session.query(Dashboard).filter(Dashboard.slug.isnot(None)):
        names = [name for name, role in spec["roles"].items() if dashboard.slug in role["dashboards"]]
        dashboard.roles = [security_manager.find_role(name) for name in names]
    db.session.commit()


def apply_row_level_security(spec: dict[str, Any]) -> None:
    """Create, change and remove row filters until they are those of roles.yaml."""
    wanted = spec["row_level_security"]
    for found in db.session.query(RowLevelSecurityFilter).all():
        if found.name not in wanted:
            db.session.delete(found)
    for name, rule in wanted.items():
        row_filter = db.session.query(RowLevelSecurityFilter).filter_by(name=name).one_or_none()
        row_filter = row_filter or RowLevelSecurityFilter(name=name)
        row_filter.filter_type, row_filter.clause = "Regular", rule["clause"]
        row_filter.roles = [security_manager.find_role(role) for role in rule["roles"]]
        row_filter.tables = (
            db.session.query(SqlaTable).filter(SqlaTable.table_name.in_(rule["datasets"])).all()
        )
        db.session.add(row_filter)
    db.session.commit()
