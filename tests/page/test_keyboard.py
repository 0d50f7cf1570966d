"""Everything without a mouse, with the focus always to be seen."""

from __future__ import annotations

from page_lacking import Open
from playwright.sync_api import expect


def test_from_the_search_to_a_playlist_by_keys_alone(open_page: Open) -> None:
    page = open_page()
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("paper")
    expect(page.get_by_role("status").filter(has_text="1 track")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("[data-row='0']")).to_be_focused()
    page.keyboard.press("l")
    expect(page.locator("[data-playing=true]")).to_have_count(1)
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Paper Boats")).to_be_visible()
    page.keyboard.press("+")
    expect(page.get_by_text("Seen:")).to_be_visible()
    page.keyboard.press("b")
    expect(page.get_by_role("button", name="Stop looping").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="What sounds like Paper Boats")).to_be_visible()
    expect(page.locator("[data-match]").first).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("[data-match]").nth(1)).to_be_focused()
    page.keyboard.press("a")
    expect(page.get_by_role("list", name="Playlist").get_by_role("listitem")).to_have_count(2)
    page.keyboard.press("2")
    expect(page.get_by_role("heading", name="In view: 7")).to_be_visible()
    page.keyboard.press("3")
    expect(page.get_by_role("heading", name="Try a sound")).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("[data-playing=true]")).to_have_count(1)


def test_the_focus_is_always_seen(open_page: Open) -> None:
    """Whatever Tab reaches has an outline of its own."""
    page = open_page()
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    seen = set()
    for _ in range(24):
        page.keyboard.press("Tab")
        name, style, width = page.evaluate(
            """() => { const at = document.activeElement, style = getComputedStyle(at);
            const name = at.getAttribute('aria-label') ?? at.textContent.trim();
            return [name, style.outlineStyle, parseFloat(style.outlineWidth)]; }"""
        )
        if name and name != "Sori":
            assert style != "none", name
            assert width >= 1, name
            seen.add(name)
    assert len(seen) > 12


def test_less_motion_where_it_is_asked_for(open_page: Open, ids: dict[str, str]) -> None:
    page = open_page()
    page.emulate_media(reduced_motion="reduce")
    page.route("**/api/tracks/*", lambda route: None)
    page.goto(f"{page.url}track/{ids['Paper Boats']}")
    moving = page.locator(".waves i").first
    expect(moving).to_be_attached()
    assert moving.evaluate("(node) => getComputedStyle(node).animationName") == "none"
