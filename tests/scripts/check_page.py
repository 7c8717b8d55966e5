#!/usr/bin/python3
"""Loads a page in headless Chromium at the width of a phone and of a desktop, and fails when it is not sound.

    check_page.py FILE.html [--screenshot PREFIX] [--dark]        exit 0 sound, 1 faults (one line each), 2 no browser or no page

Faults: a console message that is an error or a warning; an exception; anything fetched that is not the file itself or data:; the page
wider than the window (document.documentElement.scrollWidth > innerWidth); an <img> that did not load or says nothing; anything but one
<h1>; a text whose contrast to what lies behind it is below 4.5 (WCAG 2.2, 1.4.3); a number in a table without a unit ("(1)" for a plain
number) or without an error, "exact", or the words that it is not known, in its cell, the title of its column or of the table; a number
in prose whose paragraph, item, caption or list of definitions has no such words.
PREFIX: the whole page is written to PREFIX-360.png and PREFIX-1280.png. --dark asks for the dark colours.

Chromium is driven through --remote-debugging-pipe: JSON messages that end in a zero byte, on its file descriptors 3 (in) and 4 (out).
"""
import argparse
import base64
import fcntl
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time

WIDTHS = (360, 1280)
TIME_LIMIT = 300     # seconds for one answer of the browser
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-pipe", "about:blank")
# Open <details> first: what is folded away counts as well.
FINDINGS = r"""(() => {
  document.querySelectorAll('details').forEach(part => part.open = true);
  const parse = text => (text.match(/[\d.]+/g) || []).map(Number);
  const linear = c => { c /= 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] > 0.99) return colour.slice(0, 3);
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
  };
  const faint = new Set();
  for (const node of document.querySelectorAll('body *')) {
    if (![...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim()) || !node.getClientRects().length) continue;
    const ink = luminance(parse(getComputedStyle(node).color).slice(0, 3)), paper = luminance(behind(node));
    const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    if (ratio < 4.5) faint.add(`contrast ${ratio.toFixed(2)}: ${node.textContent.trim().slice(0, 40)}`);
  }
  const bare = [];
  for (const table of document.querySelectorAll('table')) {
    const caption = table.caption ? table.caption.textContent : '', heads = [...(table.tHead ? table.tHead.rows[0].cells : [])];
    for (const row of table.tBodies[0] ? table.tBodies[0].rows : []) [...row.cells].forEach((cell, column) => {
      const text = cell.textContent.trim(), head = heads[column] ? heads[column].textContent : '';
      const number = text.match(/^[+\u2212-]?\d[\d.]*(e[+\u2212-]?\d+)?/);
      if (!number || /[A-Za-z]-|, .*: /.test(text.slice(0, 12))) return;
      const rest = text.slice(number[0].length).replace(/\u00b1\s*<?[\d.]+(e[+\u2212-]?\d+)?/g, '').replace(/\([^)]*\)|[\d.\/;:\s]/g, '');
      const where = `${text} in "${caption.slice(0, 60)}", column "${head}"`;
      if (!rest && !/\([^)]+\)/.test(head) && !/\((1|[^)]*[a-z\u00b2\u03a9%\u00b0][^)]*)\)/.test(caption)) bare.push(`number without a unit: ${where}`);
      if (!/\u00b1|exact|not known|not determined|no error/.test(`${text} ${head} ${caption}`)) bare.push(`number without an error: ${where}`);
    });
  }
  // In prose, part by part; advice names settings, and .numbers says what all numbers of its section are.
  for (const part of document.querySelectorAll('main p, main li, main figcaption, main dd')) {
    const text = part.textContent.trim(), noted = part.closest('section') && part.closest('section').querySelector('.numbers');
    if (part.closest('.advice, nav') || (part.tagName === 'DD' && noted) || !/(^|[\s(=+\u2212-])\d/.test(text)) continue;
    if (!/\u00b1|exact|error|rounding|not known|not determined/.test(text)) bare.push(`number without an error: ${text.slice(0, 90)}`);
  }
  const mute = [...document.images].filter(image => image.alt.trim().length < 20).length;
  return JSON.stringify({ faint: [...faint], bare, mute,
  scrollWidth: document.documentElement.scrollWidth, innerWidth: innerWidth, headings: document.querySelectorAll('h1').length,
  broken: [...document.images].filter(image => !image.complete || image.naturalWidth === 0).map(image => image.alt || '(no alt)')}); })()"""


class Browser:
    """One tab. Events that arrive while an answer is awaited are kept in `events`."""

    def __init__(self, program, profile):
        commands_out, self.commands = os.pipe()
        self.answers, low = os.pipe()
        answers_in = fcntl.fcntl(low, fcntl.F_DUPFD, 10)      # out of the way of 3 and 4, on which the shell puts the two pipes
        os.close(low)
        script = f'exec "$0" "$@" 3<&{commands_out} 4>&{answers_in}'
        with open(os.path.join(profile, "stderr.txt"), "wb") as log:
            self.process = subprocess.Popen(["bash", "-c", script, program, f"--user-data-dir={profile}", *OPTIONS],
                                            pass_fds=(commands_out, answers_in), stdout=log, stderr=log)
        os.close(commands_out)
        os.close(answers_in)
        self.pending, self.events, self.number, self.session = b"", [], 0, None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def close(self):
        """Ends the browser and waits for it; one that does not listen any more is ended by its process id."""
        os.close(self.commands)      # the end of its commands is the end of the browser
        os.close(self.answers)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(timeout=TIME_LIMIT)

    def receive(self):
        limit = time.monotonic() + TIME_LIMIT
        while b"\0" not in self.pending:
            ready, _, _ = select.select([self.answers], [], [], max(0, limit - time.monotonic()))
            data = os.read(self.answers, 1 << 20) if ready else b""
            if not data:
                raise RuntimeError("the browser gave no answer" if not ready else "the browser ended")
            self.pending += data
        message, self.pending = self.pending.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, event):
        while not any(message.get("method") == event for message in self.events):
            self.events.append(self.receive())


def message_faults(events, address):
    faults = []
    for event in events:
        parameters = event.get("params", {})
        if event.get("method") == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            faults.append("console: " + " ".join(str(a.get("value", a.get("description"))) for a in parameters["args"]))
        elif event.get("method") == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            faults.append("console: " + parameters["entry"]["text"])
        elif event.get("method") == "Runtime.exceptionThrown":
            faults.append("exception: " + parameters["exceptionDetails"]["text"])
        elif event.get("method") == "Network.requestWillBeSent":
            url = parameters["request"]["url"]
            if url != address and not url.startswith("data:"):
                faults.append(f"fetches {url}")
    return faults


def page_faults(findings):
    faults = [f"image did not load: {alt}" for alt in findings["broken"]]
    faults += findings["faint"] + findings["bare"] + ([f"{findings['mute']} images without a text"] if findings["mute"] else [])
    if findings["scrollWidth"] > findings["innerWidth"]:
        faults.append(f"page is {findings['scrollWidth']} px wide in a window of {findings['innerWidth']} px")
    if findings["headings"] != 1:
        faults.append(f"{findings['headings']} <h1> headings, expected 1")
    return faults


def screenshot(browser, path):
    size = browser.call("Page.getLayoutMetrics")["cssContentSize"]
    clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
    picture = browser.call("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
    pathlib.Path(path).write_bytes(base64.b64decode(picture))


def check_width(browser, address, width, scheme, picture):
    browser.events.clear()
    browser.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.call("Emulation.setScrollbarsHidden", hidden=True)
    browser.call("Page.navigate", url=address)
    browser.wait_for("Page.loadEventFired")
    if picture:
        screenshot(browser, f"{picture}-{width}.png")
    answer = browser.call("Runtime.evaluate", expression=FINDINGS)
    return message_faults(browser.events, address) + page_faults(json.loads(answer["result"]["value"]))


def check(program, path, scheme, picture):
    """['at 360 px: ...'] for every fault."""
    with tempfile.TemporaryDirectory(prefix="edotb-page-", ignore_cleanup_errors=True) as profile:
        browser = Browser(program, profile)
        try:
            for domain in ("Page", "Runtime", "Log", "Network"):
                browser.call(f"{domain}.enable")
            return [f"at {width} px: {fault}" for width in WIDTHS
                    for fault in check_width(browser, path.resolve().as_uri(), width, scheme, picture)]
        finally:
            browser.close()


def main():
    parser = argparse.ArgumentParser(description="Checks a page in headless Chromium at 360 px and 1280 px.")
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--screenshot", metavar="PREFIX", help="write PREFIX-360.png and PREFIX-1280.png")
    parser.add_argument("--dark", action="store_true", help="ask for the dark colours")
    arguments = parser.parse_args()
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None or not arguments.page.is_file():
        print("check_page.py: no Chromium; install it with: apt-get install chromium" if program is None
              else f"check_page.py: {arguments.page}: no such file", file=sys.stderr)
        return 2
    faults = check(program, arguments.page, "dark" if arguments.dark else "light", arguments.screenshot)
    for fault in faults:
        print(f"{arguments.page}: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
