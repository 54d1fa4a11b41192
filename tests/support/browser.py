"""A real Chromium, spoken to over its debugging pipe: open a page, ask it with JavaScript, take a picture."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
    "--remote-debugging-pipe",
)  # fmt: skip

DRAWN = """new Promise((done) => {
  const look = () => document.body?.dataset.ready ? done(true) : setTimeout(look, 20);
  look();
})"""


def chromium() -> str | None:
    """The path of an installed Chromium, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """One page. A command waits for its answer; what the browser tells unasked is left aside."""

    def __init__(self, to: int, back: int) -> None:
        self._to = to
        self._back = back
        self._read = b""
        self._last = 0
        page = self._send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._send("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]

    def size(self, width: int, height: int) -> None:
        """The window in CSS pixels, as a phone where it is narrow."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}
        self._page("Emulation.setDeviceMetricsOverride", **metrics)

    def open(self, url: str) -> None:
        """Go to `url` and wait for the page to say that it is drawn (`body[data-ready]`)."""
        self._page("Page.navigate", url=url)
        self.ask(DRAWN)

    def ask(self, javascript: str) -> Any:
        """The value of an expression, promises awaited. Raises AssertionError with what the page threw."""
        asked = {"expression": javascript, "awaitPromise": True, "returnByValue": True}
        answer = self._page("Runtime.evaluate", **asked)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def picture(self, file: Path) -> bytes:
        """What the window shows, as PNG, also written to `file`."""
        data = base64.b64decode(self._page("Page.captureScreenshot", format="png")["data"])
        file.write_bytes(data)
        return data

    def close(self) -> None:
        """End the browser in good order, so that it writes nothing after this."""
        self._send("Browser.close")

    def _page(self, method: str, **params: Any) -> Any:
        return self._send(method, session=self._session, **params)

    def _send(self, method: str, session: str | None = None, **params: Any) -> Any:
        self._last += 1
        asked = {"id": self._last, "method": method, "params": params}
        asked |= {"sessionId": session} if session else {}
        os.write(self._to, json.dumps(asked).encode() + b"\0")
        while (answer := self._next()).get("id") != self._last:
            pass
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._read:
            more = os.read(self._back, 1 << 16)
            assert more, "the browser has gone"
            self._read += more
        told, _, self._read = self._read.partition(b"\0")
        return dict(json.loads(told))


@contextmanager
def browser(path: str, profile: Path) -> Iterator[Browser]:
    """Start Chromium with a new profile; it is gone when the block is left."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()

    # Chromium reads commands from descriptor 3 and answers on 4; the shell puts our pipes there.
    command = [f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}', path, *FLAGS, f"--user-data-dir={profile}"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        ["bash", "-c", *command],
        stdin=quiet,
        stdout=quiet,
        stderr=quiet,
        pass_fds=(theirs_in, theirs_out),
    )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        one = Browser(ours_out, ours_in)
        yield one
        one.close()
    finally:
        process.terminate()
        process.wait()
        os.close(ours_out)
        os.close(ours_in)
