"""The map: drawn, coloured, lassoed, walked through, and all of it without a mouse too."""

from __future__ import annotations

import re
from typing import Any

from page_lacking import Open
from playwright.sync_api import expect

SONG = "Paper Boats"


def opened(open_page: Open) -> Any:
    page = open_page("/map")
    expect(page.get_by_role("heading", name="In view: 7")).to_be_visible()
    return page


def test_a_lasso_makes_a_playlist(open_page: Open) -> None:
    page = opened(open_page)
    box = page.get_by_role("application").bounding_box()
    page.get_by_role("button", name="Lasso").click()
    edge = [(4, 4), (box["width"] - 4, 4), (box["width"] - 4, box["height"] - 4), (4, box["height"] - 4)]
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.mouse.down()
    for x, y in edge[1:]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=3)
    page.mouse.up()
    expect(page.get_by_text("7 tracks chosen")).to_be_visible()
    page.locator(".chosen").get_by_role("button", name="Make a playlist of these").click()
    expect(page.get_by_role("list", name="Playlist").get_by_role("listitem")).to_have_count(7)


def test_colours_have_a_legend_that_picks_out(open_page: Open) -> None:
    page = opened(open_page)
    legend = page.get_by_role("list", name="Legend")
    for by in ("Tempo", "Genre", "Folder", "Key"):
        page.locator(".tools select").select_option(label=by)
        counts = [int(text) for text in legend.locator(".small").all_inner_texts()]
        assert sum(counts) == 7, by
    legend.get_by_role("button").first.click()
    expect(legend.get_by_role("button").first).to_have_attribute("aria-pressed", "true")


def test_a_path_leads_from_one_to_another_by_keyboard(open_page: Open) -> None:
    page = opened(open_page)
    page.get_by_role("button", name="Path").press("Enter")
    rows = page.get_by_role("list", name="Tracks in view").locator("[data-place]")
    first, last = rows.first.inner_text(), rows.last.inner_text()
    rows.first.press("Enter")
    rows.last.press("Enter")
    expect(page.get_by_text(re.compile(r"\d tracks chosen"))).to_be_visible()
    page.locator(".chosen").get_by_role("button", name="Make a playlist of these").press("Enter")
    listed = page.get_by_role("list", name="Playlist").get_by_role("listitem")
    expect(listed.first).to_contain_text(first.splitlines()[0])
    expect(listed.last).to_contain_text(last.splitlines()[0])


def test_hovering_hears_and_clicking_opens(open_page: Open, ids: dict[str, str]) -> None:
    page = opened(open_page)
    page.get_by_role("button", name="Move", exact=True).click()  # browsers want a click before sound
    places = page.request.get(page.url.replace("/map", "/api/map")).json()
    i = places["id"].index(ids[SONG])
    box, legend = page.get_by_role("application").bounding_box(), 150
    left, right, top, bottom = min(places["x"]), max(places["x"]), min(places["y"]), max(places["y"])
    scale = min((box["width"] - 92 - legend) / (right - left), (box["height"] - 92) / (bottom - top))
    x = box["x"] + (box["width"] + legend) / 2 + (places["x"][i] - (left + right) / 2) * scale
    y = box["y"] + box["height"] / 2 + (places["y"][i] - (top + bottom) / 2) * scale
    page.mouse.move(x, y)
    expect(page.get_by_role("region", name="Player").get_by_role("link")).to_have_text(SONG)
    expect(page.locator("[data-playing=true]")).to_have_count(1)
    page.mouse.click(x, y)
    expect(page.get_by_role("heading", level=1, name=SONG)).to_be_visible()
    expect(page.locator("[data-playing=true]")).to_have_count(1)


def test_zooming_shows_fewer(open_page: Open) -> None:
    page = opened(open_page)
    page.get_by_role("application").focus()
    for _ in range(6):
        page.keyboard.press("+")
    expect(page.get_by_role("heading", name="In view: 7")).to_have_count(0)
    page.keyboard.press("0")
    expect(page.get_by_role("heading", name="In view: 7")).to_be_visible()
