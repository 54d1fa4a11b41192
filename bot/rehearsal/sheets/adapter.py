"""The transport adapter that carries requests to the in-process Google instead of the network."""

from __future__ import annotations

import json
from typing import Any

import requests
from requests.adapters import BaseAdapter

from bot.rehearsal.sheets.google import Google

HOSTS = ("https://sheets.googleapis.com/", "https://oauth2.googleapis.com/")


class InProcess(BaseAdapter):
    """For `requests.Session.mount`; any other host is refused, so that nothing leaves."""

    def __init__(self, google: Google) -> None:
        super().__init__()
        self._google = google

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        """One call. Raises the exceptions of `requests` a fault stands for."""
        assert request.url
        assert request.method
        if not request.url.startswith(HOSTS):
            raise requests.ConnectionError(f"the rehearsal knows no {request.url}")
        try:
            headers = {name.lower(): str(value) for name, value in request.headers.items()}
            said = self._google.answer(request.method, request.url, headers, _body(request))
        except requests.RequestException as error:
            error.request = request
            raise
        response = requests.Response()
        response.status_code = said.status
        response.url, response.request, response.reason = request.url, request, str(said.status)
        text = said.body if isinstance(said.body, str) else json.dumps(said.body, ensure_ascii=False)
        response.headers.update(said.headers)
        response.headers["Content-Type"] = "text/html" if isinstance(said.body, str) else "application/json"
        response._content = text.encode()  # how an adapter hands over what it has read
        response.encoding = "utf-8"
        return response

    def close(self) -> None:
        """Nothing is open."""


def _body(request: requests.PreparedRequest) -> Any:
    text = request.body.decode() if isinstance(request.body, bytes) else str(request.body or "")
    kind = str(request.headers.get("Content-Type", ""))
    return json.loads(text) if "json" in kind and text else text
