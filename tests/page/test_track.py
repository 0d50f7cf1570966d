"""A track: what is drawn of it, what lights up, what a person corrects, what can be taken away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from page_lacking import Open
from playwright.sync_api import expect

SONG, OTHER = "Paper Boats", "Door Number Four"

DRAWN = """() => [...document.querySelectorAll('.lanes canvas')].map((canvas) => {
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Set();
  for (let i = 0; i < data.length; i += 404) seen.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
  return seen.size; })"""


def lanes(page: Any) -> list[int]:
    """How many different colours each lane has."""
    return page.evaluate(DRAWN)


def test_every_lane_is_drawn(open_page: Open, ids: dict[str, str]) -> None:
    page = open_page(f"/track/{ids[SONG]}")
    for lane in ("Loudness", "Tempo"):
        page.get_by_role("button", name=lane, exact=True).click()
    page.wait_for_function(
        f"() => {{ const all = ({DRAWN})(); return all.length === 9 && all.every((n) => n > 2); }}",
        timeout=60_000,
    )
    for kind in ("Linear", "Log", "Notes"):
        page.get_by_label("Spectrogram: Scale").select_option(kind)
        page.wait_for_function(f"() => ({DRAWN})()[5] > 30")


def test_zoom_shows_less_time_and_selecting_loops(open_page: Open, ids: dict[str, str]) -> None:
    page = open_page(f"/track/{ids[SONG]}")
    slider = page.get_by_role("slider", name="Position").first
    expect(slider).to_be_visible()
    whole = page.get_by_role("button", name="The whole")
    expect(whole).to_be_disabled()
    for _ in range(3):
        page.keyboard.press("+")
    expect(page.get_by_text("Seen: 0:00.0 to")).to_be_visible()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(page.get_by_text("Selected:")).to_be_visible()
    page.get_by_role("button", name="Loop the selection").click()
    expect(page.locator("[data-playing=true]")).to_have_count(1)
    expect(page.get_by_role("button", name="Stop looping").first).to_be_visible()
    page.keyboard.press("0")
    expect(whole).to_be_disabled()


def test_chords_light_up_and_are_fingered(open_page: Open, ids: dict[str, str]) -> None:
    page = open_page(f"/track/{ids[SONG]}")
    sheet = page.get_by_role("list", name="Chord sheet")
    expect(sheet.get_by_role("listitem").nth(8)).to_be_visible()
    sheet.get_by_role("listitem").nth(8).get_by_role("button").last.click()
    page.locator("[data-playing=true]").wait_for()
    page.keyboard.press("Space")
    lit = sheet.locator(".sounding")
    expect(lit).to_have_count(1)
    name = lit.inner_text()
    expect(page.locator(".now .name")).to_have_text(name)
    before = page.locator(".now svg").get_attribute("aria-label")
    assert "String 1" in before
    page.get_by_role("button", name="One semitone up").click()
    expect(page.locator(".now .name")).not_to_have_text(name)
    page.get_by_role("button", name="One semitone down").click()
    expect(page.locator(".now .name")).to_have_text(name)
    page.get_by_label("Instrument").select_option("piano")
    page.wait_for_function(
        "() => document.querySelector('.now svg')?.getAttribute('aria-label').includes('Notes ')"
    )


def test_corrections_last_and_can_be_undone(open_page: Open, ids: dict[str, str]) -> None:
    page = open_page(f"/track/{ids[OTHER]}")
    tempo = page.locator("dl dd .value").first
    key = page.locator("dl dd .value").nth(1)
    heard, heard_key = float(tempo.inner_text().split()[0]), key.inner_text()
    page.get_by_role("button", name="Correct", exact=True).click()
    page.get_by_role("button", name="Half as fast").click()
    expect(page.get_by_role("status").filter(has_text="Corrected")).to_be_visible(timeout=30_000)
    page.get_by_role("region", name="Correct").get_by_label("Key").select_option("F# minor")
    expect(key).to_contain_text("F♯ minor")
    page.reload()
    expect(key).to_contain_text("F♯ minor")
    assert abs(float(tempo.inner_text().split()[0]) - heard / 2) < 1.5
    expect(page.get_by_text("Corrected by you")).to_have_count(2)

    page.get_by_role("button", name="Correct", exact=True).click()
    page.get_by_label("Chord here").fill("Ebm7")
    page.get_by_label("Chord here").press("Enter")
    expect(page.locator(".now .name")).to_have_text("E♭m7")
    for what in ("beats", "Key", "chords"):
        page.get_by_role("button", name=f"Undo: {what}").click()
        expect(page.get_by_role("button", name=f"Undo: {what}")).to_have_count(0)
    page.reload()
    expect(key).to_have_text(heard_key)
    assert abs(float(tempo.inner_text().split()[0]) - heard) < 0.2


def test_everything_can_be_exported(open_page: Open, ids: dict[str, str], tmp_path: Path) -> None:
    page = open_page(f"/track/{ids[SONG]}")
    page.get_by_role("button", name="Export").click()
    menu = page.get_by_role("navigation", name="Export")
    for form in ("JSON", "MIDI"):
        with page.expect_download() as got:
            menu.get_by_role("link", name=f"{form} .", exact=False).first.click()
        got.value.save_as(tmp_path / form)
    assert json.loads((tmp_path / "JSON").read_text())["title"] == SONG
    assert (tmp_path / "MIDI").read_bytes().startswith(b"MThd")


def test_a_track_that_is_not_there_is_said(open_page: Open) -> None:
    page = open_page("/track/0123456789ab")
    expect(page.get_by_role("alert")).to_contain_text("no track")
