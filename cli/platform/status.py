"""``fieldhouse status``: what answers, where, and who may log in."""

from __future__ import annotations

import json

import httpx
import sqlalchemy as sa

from cli.console import console
from cli.platform.house import read_house
from cli.platform.services import platform_services
from core.secrets import DEMO_ACCOUNTS
from core.settings import Settings, get_settings
from core.vocabulary import DatabaseRole
from warehouse.connection import installation_secrets, pipeline_engine, role_url
from warehouse.embedded import port_is_taken


def collect_status(settings: Settings) -> dict:
    """The status as data; its shape is a public interface (``status --json``)."""
    house = read_house(settings.home)
    services = platform_services(settings, with_bi=house.bi if house else True)
    return {
        "services": {s.name: {"url": s.url, "ok": answers(s.health)} for s in services if s.url},
        "warehouse": {
            "url": role_url(DatabaseRole.PIPELINE).render_as_string(hide_password=True),
            "ok": _warehouse_answers(),
        },
        "accounts": [
            {"role": role, "username": name, "password": installation_secrets().accounts[name]}
            for name, role in DEMO_ACCOUNTS.items()
        ],
    }


def show_status(as_json: bool) -> None:
    """Print the status, as a table or as JSON."""
    status = collect_status(get_settings())
    if as_json:
        print(json.dumps(status, indent=1))
        return
    print_status(status)


def print_status(status: dict) -> None:
    """Addresses and demo accounts, for people."""
    lines = {**status["services"], "warehouse": status["warehouse"]}
    for name, service in lines.items():
        mark = "[green]✓[/green]" if service["ok"] else "[red]✗[/red]"
        console.print(f"{mark} {name:<10} {service['url']}")
    console.print("\nDemo accounts (Superset):")
    for account in status["accounts"]:
        console.print(f"  {account['username']:<14} {account['password']:<26} [dim]{account['role']}[/dim]")


def answers(address: str | None) -> bool:
    """True when ``address`` (http:// or tcp://) answers within two seconds."""
    if address is None:
        return True
    if address.startswith("tcp://"):
        host, port = address.removeprefix("tcp://").split(":")
        return port_is_taken(int(port), host)
    try:
        return httpx.get(address, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _warehouse_answers() -> bool:
    try:
        with pipeline_engine().connect() as connection:
            return connection.scalar(sa.text("select 1")) == 1
    except sa.exc.OperationalError:
        return False
