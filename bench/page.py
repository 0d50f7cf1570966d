"""The page in a real Chromium on a large library: how soon it is there, how soon it does what it is told."""

from __future__ import annotations

import functools
import gzip
import shutil
import statistics
from collections.abc import Callable
from typing import Any

from bench.collection import ROOT
from bench.process import Figures
from bench.report import Ledger, table
from bench.web import TRACKS, library_of, serving

BUILT = ROOT / "src" / "sori" / "app" / "web" / "page"
ROUNDS = 9
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]

# Milliseconds from doing something until a condition holds and the frame that shows it has been drawn.
UNTIL = """async ([act, done]) => {
  const condition = new Function('return ' + done);
  const began = performance.now();
  new Function(act)();
  while (!condition()) {
    await new Promise(requestAnimationFrame);
    if (performance.now() - began > 60000) throw new Error('never: ' + done);
  }
  await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
  return performance.now() - began;
}"""


def measure_page(ledger: Ledger) -> str:
    """Measure all of it, and return what the page says about it."""
    sizes = ledger.measure("sizes", measure_sizes)
    figures = ledger.measure("views", measure_views)
    rows = [[name, f"{value:.0f}"] for name, value in figures.items()]
    return "\n\n".join(
        [
            f"Chromium before `sori serve` on a library of {TRACKS:,} made-up tracks; the map drawn"
            f" without a graphics card. Medians of {ROUNDS}.",
            table(["from", "ms"], rows),
            f"Script, compressed: {sizes['all'] / 1000:.0f} kB in all, {sizes['first'] / 1000:.0f} kB for the"
            f" first view; style sheets {sizes['styles'] / 1000:.0f} kB.",
        ]
    )


def measure_sizes() -> Figures:
    """Weigh what was built."""
    packed = {path: len(gzip.compress(path.read_bytes(), 9)) for path in BUILT.glob("assets/*")}
    page = (BUILT / "index.html").read_text(encoding="utf-8")
    scripts = {path: size for path, size in packed.items() if path.suffix == ".js"}
    return {
        "all": sum(scripts.values()),
        "first": sum(size for path, size in scripts.items() if path.name in page),
        "styles": sum(size for path, size in packed.items() if path.suffix == ".css"),
    }


def measure_views() -> Figures:
    """Open the views and use them, the server running already."""
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("no Chromium here: on Debian and Ubuntu, apt install chromium")
    with serving(library_of(TRACKS)) as (server, _), sync_playwright() as play:
        song = server.json("/api/tracks?limit=1")["tracks"][0]["id"]
        home = f"http://127.0.0.1:{server.port}"
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        figures = {
            "nothing to the first rows": _median(functools.partial(_first, browser, home)),
            **_library(browser, home),
            **_similar(browser, f"{home}/similar/{song}"),
            **_map(browser, f"{home}/map"),
        }
        browser.close()
    return figures


def _median(take: Callable[[], float]) -> float:
    return statistics.median(take() for _ in range(ROUNDS))


def _first(browser: Any, home: str) -> float:
    """Open the page with nothing kept from before."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(home, wait_until="commit")
    page.locator("[data-row='5'] a").wait_for()
    spent = float(page.evaluate("performance.now()"))
    context.close()
    return spent


def _opened(browser: Any, address: str, shown: str) -> Any:
    """Open a view where the test's own words may run: they are made from text, which the page forbids."""
    page = browser.new_context(bypass_csp=True).new_page()
    page.set_default_timeout(300_000)
    page.goto(address)
    page.locator(shown).first.wait_for()
    return page


def _until(page: Any, act: str, done: str) -> float:
    return float(page.evaluate(UNTIL, [act, done]))


def _library(browser: Any, home: str) -> Figures:
    page = _opened(browser, home, "[data-row='5'] a")
    first = "document.querySelector('[data-row=\"0\"] a')?.textContent"
    found = "document.querySelector('.found').textContent"
    number = iter(range(10**6))

    def change(what: str, act: str) -> float:
        page.evaluate(f"window.before = {what}")
        return _until(page, act, f"({what} && {what} !== window.before)")

    def search() -> float:
        words = ("silver", "quiet", "broken", "river")
        word = words[next(number) % len(words)]
        field = "const field = document.querySelector('[type=search]');"
        return change(found, f"{field} field.value = '{word}'; field.dispatchEvent(new Event('input'))")

    def order() -> float:
        column = ("tempo", "duration")[next(number) % 2]
        return change(first, f"document.querySelector('.head .{column} button').click()")

    def scroll() -> float:
        row = (next(number) * 7919) % (TRACKS - 200) + 100
        body = "const body = document.querySelector('[role=rowgroup]');"
        act = f"{body} body.scrollTop = {row} * body.scrollHeight / {TRACKS}"
        return _until(page, act, f"document.querySelector('[data-row=\"{row + 2}\"] a')")

    moved = {"a place in the list to its rows": _median(scroll)}
    page.locator("[role=rowgroup]").evaluate("(node) => { node.scrollTop = 0 }")
    page.locator("[data-row='5'] a").wait_for()
    return {
        **moved,
        "a click on a column to its order": _median(order),
        "a word to what was found (120 of it a pause in typing)": _median(search),
    }


def _similar(browser: Any, address: str) -> Figures:
    page = _opened(browser, address, "[data-match]")
    number = iter(range(10**6))

    def slide() -> float:
        """One facet alone, another each time: the bars of the others go grey, and the order is another."""
        at = next(number) % 5
        act = f"document.querySelectorAll('fieldset .one button')[{at}].click()"
        bars = "const bars = [...document.querySelector('[data-match] .bars').children];"
        done = f"(() => {{ {bars} return bars.every((bar, i) => bar.matches('.off') === (i !== {at})) }})()"
        return _until(page, act, done)

    return {"a slider to the new order": _median(slide)}


def _map(browser: Any, address: str) -> Figures:
    page = _opened(browser, address, "[data-place]")

    def frame() -> float:
        press = "new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, cancelable: true })"
        act = f"document.querySelector('[role=application]').dispatchEvent({press})"
        return _until(page, act, "true")

    return {"a key to the moved map": _median(frame)}
