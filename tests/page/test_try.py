"""Trying a sound: sung to the microphone or brought as a file, heard, compared, and forgotten."""

from __future__ import annotations

from pathlib import Path

from page_lacking import SUNG_HZ, Open
from playwright.sync_api import expect


def test_a_sung_pitch_is_shown(open_page: Open) -> None:
    page = open_page("/try")
    page.get_by_role("button", name="Record").click()
    expect(page.locator("[data-note]")).to_have_attribute("data-note", "E4")
    page.wait_for_timeout(2500)
    page.get_by_role("button", name="Stop").click()
    answer = page.get_by_role("region", name="recording.wav")
    expect(answer.locator("[data-note]")).to_have_attribute("data-note", "E4")
    assert abs(float(answer.locator("[data-hz]").get_attribute("data-hz")) - SUNG_HZ) < 1
    expect(answer.locator("[data-match]").first).to_be_visible()
    with page.expect_download() as got:
        answer.get_by_role("button", name="Save as a file").click()
    assert got.value.path().read_bytes()[:4] == b"RIFF"


def test_a_file_is_heard_and_not_stored(open_page: Open, made: Path, ids: dict[str, str]) -> None:
    page = open_page("/try")
    song = next(made.glob("music/*/*.opus"))
    page.get_by_label("Choose a file").set_input_files(song)
    answer = page.get_by_role("region", name=song.name)
    expect(answer.locator("[data-match]").first).to_be_visible()
    expect(answer).to_contain_text("BPM")
    tracks = page.request.get(page.url.replace("/try", "/api/tracks?limit=100")).json()
    assert tracks["total"] == len(ids)


def test_what_is_no_sound_is_refused_in_words(open_page: Open, tmp_path: Path) -> None:
    page = open_page("/try")
    (tmp_path / "notes.txt").write_text("no sound")
    page.get_by_label("Choose a file").set_input_files(tmp_path / "notes.txt")
    expect(page.get_by_role("alert")).to_contain_text("cannot be heard")
