"""Playing: it goes on, wherever one is and whatever has the focus."""

from __future__ import annotations

from typing import Any

from page_lacking import Open
from playwright.sync_api import expect

SONG = "Paper Boats"


def position_s(page: Any) -> float:
    return float(page.locator("[data-position]").get_attribute("data-position"))


def wait_past(page: Any, seconds: float) -> None:
    page.wait_for_function(
        "s => Number(document.querySelector('[data-position]').dataset.position) > s", arg=seconds
    )


def play(page: Any, title: str = SONG) -> None:
    page.get_by_role("row").filter(has_text=title).get_by_role("button", name=f"Play {title}").click()
    wait_past(page, 0.3)


def test_playing_advances_and_goes_on_from_view_to_view(open_page: Open, ids: dict[str, str]) -> None:
    page = open_page()
    play(page)
    before = position_s(page)
    for view in ("Map", "Try a sound", "Library"):
        page.get_by_role("navigation", name="Views").get_by_role("link", name=view).click()
        wait_past(page, before)
        before = position_s(page)
    page.get_by_role("region", name="Player").get_by_role("link", name=SONG).click()
    expect(page.get_by_role("heading", level=1, name=SONG)).to_be_visible()
    assert page.url.endswith(f"/track/{ids[SONG]}")
    wait_past(page, before + 0.2)
    page.go_back()
    wait_past(page, before + 0.4)
    expect(page.locator("[data-playing=true]")).to_have_count(1)


def test_space_toggles_whatever_has_the_focus(open_page: Open) -> None:
    page = open_page()
    play(page)
    page.get_by_role("button", name="Filters").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-playing=false]")).to_have_count(1)
    expect(page.get_by_role("button", name="Filters")).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Space")
    expect(page.locator("[data-playing=true]")).to_have_count(1)
    page.get_by_role("searchbox").fill("")
    page.get_by_role("searchbox").press_sequentially("paper boats")
    expect(page.get_by_role("searchbox")).to_have_value("paper boats")
    expect(page.locator("[data-playing=true]")).to_have_count(1)


def test_keys_seek_slow_down_mute_and_change_the_track(open_page: Open) -> None:
    page = open_page()
    play(page)
    page.get_by_role("region", name="Player").get_by_role("button", name="Pause").focus()
    page.keyboard.press("Space")
    before = position_s(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowLeft")
    wait_past(page, before + 28)
    assert abs(position_s(page) - before - 30) < 1
    page.keyboard.press("[")
    page.keyboard.press("[")
    expect(page.get_by_label("Speed")).to_have_value("0.8")
    page.keyboard.press("=")
    expect(page.get_by_label("Speed")).to_have_value("1")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Unmute")).to_be_visible()
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_enabled()
    page.keyboard.press("n")
    expect(page.get_by_role("region", name="Player").get_by_role("link")).not_to_have_text(SONG)
    page.keyboard.press("p")
    expect(page.get_by_role("region", name="Player").get_by_role("link")).to_have_text(SONG)


def test_slowing_down_keeps_the_pitch(open_page: Open) -> None:
    """The browser does it where it is asked to; what it was asked is the page's to answer for."""
    page = open_page()
    page.evaluate(
        """() => { const Old = window.Audio; window.asked = [];
        const set = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'playbackRate').set;
        Object.defineProperty(HTMLMediaElement.prototype, 'playbackRate', { configurable: true,
          set(rate) { window.asked.push([rate, this.preservesPitch]); set.call(this, rate); } }); }"""
    )
    play(page)
    page.keyboard.press("[")
    assert [0.9, True] in page.evaluate("window.asked")


def test_a_bar_loops(open_page: Open, ids: dict[str, str]) -> None:
    page = open_page(f"/track/{ids[SONG]}")
    page.get_by_role("button", name=f"Play {SONG}").click()
    wait_past(page, 0.2)
    page.keyboard.press("Space")
    page.get_by_role("button", name="Loop this bar").click()
    looping = page.get_by_role("button", name="Stop looping").first
    expect(looping).to_be_visible()
    bar = page.evaluate("document.querySelector('.loop').getBoundingClientRect().width")
    assert bar > 0
    page.keyboard.press("Space")
    ends = page.evaluate(
        """async () => { const at = () => Number(document.querySelector('[data-position]').dataset.position);
        let most = 0, backs = 0, last = at(); const began = performance.now();
        while (backs < 2 && performance.now() - began < 12000) {
          await new Promise(requestAnimationFrame);
          if (at() < last - 0.3) backs++;
          last = at(); most = Math.max(most, last); }
        return { backs, most }; }"""
    )
    assert ends["backs"] == 2
    page.keyboard.press("Escape")
    wait_past(page, ends["most"] + 0.2)
