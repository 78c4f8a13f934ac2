"""Superset's HTTP API, as far as dashboards as code need it."""

from __future__ import annotations

import io
import zipfile

import httpx
import yaml

from core.errors import FieldhouseError, SourceUnavailable
from services.dashboards.assets import Document


class SupersetApi:
    """A session of one account on a running Superset.

    Args:
        base_url: e.g. ``http://127.0.0.1:8088``.
        username, password: an account of Superset's own database.

    Raises:
        SourceUnavailable: Superset does not answer.
        FieldhouseError: the account is refused.
    """

    def __init__(self, base_url: str, username: str, password: str) -> None:
        self._client = httpx.Client(base_url=base_url, timeout=60)
        answer = self._send(
            "POST",
            "/api/v1/security/login",
            json={"username": username, "password": password, "provider": "db", "refresh": False},
        )
        if answer.status_code != 200:
            raise FieldhouseError(
                f"Superset at {base_url} refuses the account {username!r} (HTTP {answer.status_code}).",
                expected="a demo account of this installation",
                remedy="fieldhouse bi push resets the demo accounts' passwords",
            )
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        # Writing needs the session's token as well, and a page it comes from.
        token = self._send("GET", "/api/v1/security/csrf_token/").json()["result"]
        self._client.headers.update({"X-CSRFToken": token, "Referer": base_url})

    def _send(self, method: str, path: str, **options: object) -> httpx.Response:
        try:
            return self._client.request(method, path, **options)
        except httpx.TransportError as error:
            raise SourceUnavailable(
                f"Superset does not answer at {self._client.base_url} ({error}).",
                expected="a running server",
                remedy="make up, then try again",
            ) from error

    def request(self, method: str, path: str, **options: object) -> httpx.Response:
        """Any call of the API, whatever its answer."""
        return self._send(method, path, **options)

    def export(self) -> dict[str, Document]:
        """Everything Superset holds, as path in the export -> document."""
        answer = self._send("GET", "/api/v1/assets/export/")
        if answer.status_code != 200:
            raise FieldhouseError(
                f"Superset refuses the export (HTTP {answer.status_code}).",
                expected="an account with the role Admin",
                remedy="log in as admin",
            )
        documents = {}
        with zipfile.ZipFile(io.BytesIO(answer.content)) as bundle:
            for name in bundle.namelist():
                # The first folder of an export carries its date.
                documents[name.split("/", 1)[1]] = yaml.safe_load(bundle.read(name))
        return documents
