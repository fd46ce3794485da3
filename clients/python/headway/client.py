"""The server, and its dataset versions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import requests

from headway.download import download
from headway.errors import HeadwayError, raise_for


class Headway:
    """A server and the token to ask it with; `workspace` names one of several by its slug."""

    def __init__(self, url: str, *, token: str, workspace: str | None = None) -> None:
        self.url = url.rstrip("/")
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Token {token}"
        if workspace:
            self.session.headers["X-Workspace"] = workspace

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a path below `/api/v1/`."""
        return self._answer(self.session.get(self._at(path), params=query, timeout=60))

    def post(self, path: str, values: dict[str, Any]) -> Any:
        return self._answer(self.session.post(self._at(path), json=values, timeout=60))

    def datasets(self) -> list[dict[str, Any]]:
        """All of them, with their versions in brief."""
        found, page = [], self.get("datasets/", page_size=500)
        while True:
            found += page["results"]
            if not page.get("next"):
                return found
            page = self._answer(self.session.get(page["next"], timeout=60))

    def version(self, dataset: str, number: int) -> Version:
        """Raises: HeadwayError `not_found`."""
        for version in self._frozen(dataset):
            if version["number"] == number:
                return Version(self, version["id"], dataset, number, version["digest"])
        raise HeadwayError(404, "not_found", f"'{dataset}' has no frozen version {number}.")

    def newest(self, dataset: str) -> Version:
        """The frozen version with the highest number. Raises: HeadwayError `not_found`."""
        frozen = self._frozen(dataset)
        if not frozen:
            raise HeadwayError(404, "not_found", f"'{dataset}' has no frozen version.")
        return self.version(dataset, max(version["number"] for version in frozen))

    def _frozen(self, dataset: str) -> list[dict[str, Any]]:
        found = [row for row in self.datasets() if row["name"] == dataset]
        if not found:
            raise HeadwayError(404, "not_found", f"There is no dataset '{dataset}' here.")
        return [version for version in found[0]["versions"] if version["state"] == "frozen"]

    def _at(self, path: str) -> str:
        return f"{self.url}/api/v1/{path}"

    def _answer(self, response: requests.Response) -> Any:
        raise_for(response)
        return response.json()


@dataclass(frozen=True)
class Version:
    """A frozen version: the same digest means the same labels, always."""

    server: Headway
    id: int
    dataset: str
    number: int
    digest: str

    def download_coco(self, target: str | Path, *, split: str | None = None) -> Path:
        """The COCO file of one split, or of all, at `target`; it goes on with what an earlier try left there."""
        query = f"?{urlencode({'split': split})}" if split else ""
        url = f"{self.server.url}/api/v1/dataset-versions/{self.id}/coco/{query}"
        return download(self.server.session, url, Path(target))

    def link(self, split: str | None = None, *, what: str = "coco", lasts_s: int = 86_400) -> str:
        """A URL that downloads it without a token until it ends."""
        values = {"what": what, "split": split or "", "lasts_s": lasts_s}
        return str(self.server.post(f"dataset-versions/{self.id}/links/", values)["url"])
