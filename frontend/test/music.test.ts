import { expect, test } from 'vitest';
import { chordRoot, hueOf, pitchClass, tempoShare } from '../src/music/colours';
import { barsOf, spanAt } from '../src/track/analysis';
import { leadName } from '../src/track/naming';
import { chordName, keyName, titleOf } from '../src/text/names';
import { en } from '../src/i18n/en';
import { ko } from '../src/i18n/ko';
import { middlePitch, nearestNote, pitchOf } from '../src/try/pitch';
import { wav } from '../src/try/wav';
import { ramp, zoomFor } from '../src/draw/tiles';

const chord = (label: string, start_s: number, end_s: number) => ({
  label,
  start_s,
  end_s,
  confidence: 1,
  alternatives: [],
});

test('neighbours on the circle of fifths are neighbours in colour', () => {
  const [c, g, f] = ['C', 'G', 'F'].map((name) => hueOf(pitchClass(name)!));
  expect((g! - c! + 360) % 360).toBe(30);
  expect((c! - f! + 360) % 360).toBe(30);
  expect(pitchClass('Cb')).toBe(11);
  expect(pitchClass('N')).toBeNull();
  expect(chordRoot('F#:min7')).toEqual({ pitch: 6, minor: true });
  expect(chordRoot('N')).toBeNull();
  expect([30, 60, 180, 300].map(tempoShare)).toEqual([0, 0, 1, 1]);
});

test('names with real accidentals, in both languages', () => {
  expect(chordName('F#m7/C#')).toBe('F♯m7/C♯');
  expect(chordName('Bbsus4')).toBe('B♭sus4');
  expect(keyName('Eb', 'minor', en)).toBe('E♭ minor');
  expect(keyName('Eb', 'minor', ko)).toBe('E♭ 단조');
  expect(keyName(null, null, en)).toBeNull();
  expect(['C:maj', 'A:min7', 'B:hdim7', 'N'].map(leadName)).toEqual(['C', 'Am7', 'Bm7b5', '']);
  expect(titleOf({ title: ' ', path: 'C:\\music\\song.mp3' })).toBe('song.mp3');
});

test('bars hold the chord they begin with and those that begin within', () => {
  const chords = [chord('C:maj', 0, 3), chord('F:maj', 3, 4), chord('G:maj', 4, 8)];
  const bars = barsOf(chords, [1, 3, 5], 8);
  expect(bars.map(({ number }) => number)).toEqual([0, 1, 2, 3]);
  expect(bars.map((bar) => bar.chords.map((one) => one.chord.label))).toEqual([
    ['C:maj'],
    ['C:maj'],
    ['F:maj', 'G:maj'],
    ['G:maj'],
  ]);
  expect(barsOf(chords, [0, 4], 8).map(({ number }) => number)).toEqual([1, 2]);
  expect(barsOf([], [], 8)).toHaveLength(1);
  expect([-1, 0, 2.9, 3, 8].map((t) => spanAt(chords, t))).toEqual([-1, 0, 0, 1, -1]);
});

test('the needle finds the pitch of a voice, and none in silence or noise', () => {
  const rate = 48_000;
  for (const hz of [82.4, 220, 440, 987.8]) {
    const voice = Float32Array.from({ length: 2048 }, (_, i) => {
      const angle = (2 * Math.PI * hz * i) / rate;
      return 0.3 * Math.sin(angle) + 0.2 * Math.sin(2 * angle) + 0.1 * Math.sin(3 * angle);
    });
    const heard = pitchOf(voice, rate)!;
    expect(Math.abs(1200 * Math.log2(heard.hz / hz)), `${hz}`).toBeLessThan(8);
    expect(heard.clarity).toBeGreaterThan(0.95);
  }
  expect(pitchOf(new Float32Array(2048), rate)).toBeNull();
  let seed = 1;
  const noise = Float32Array.from(
    { length: 2048 },
    () => ((seed = (seed * 16807) % 2147483647) / 1073741823.5 - 1) * 0.5,
  );
  expect(pitchOf(noise, rate)?.clarity ?? 0).toBeLessThan(0.6);
  expect(nearestNote(445)).toEqual({ midi: 69, cents: 20 });
  expect(middlePitch([0, 100, 200, 300], [true, true, true, false])).toBe(200);
  expect(middlePitch([100], [false])).toBeNull();
});

test('a recording is a WAV file of sixteen bits', async () => {
  const bytes = new DataView(
    await wav([Float32Array.of(0, 1), Float32Array.of(-1, 2)], 48_000).arrayBuffer(),
  );
  expect(bytes.byteLength).toBe(44 + 8);
  expect(bytes.getUint32(24, true)).toBe(48_000);
  expect([0, 1, 2, 3].map((i) => bytes.getInt16(44 + 2 * i, true))).toEqual([0, 32767, -32767, 32767]);
});

test('tiles are as coarse as the screen allows', () => {
  const plan = {
    zooms: [
      { zoom: 0, tile_s: 64, tiles: 4 },
      { zoom: 1, tile_s: 16, tiles: 16 },
      { zoom: 2, tile_s: 4, tiles: 64 },
    ],
    tile: { width: 512, height: 256 },
  } as unknown as Parameters<typeof zoomFor>[0];
  expect(zoomFor(plan, { start_s: 0, end_s: 250 }, 1000)!.zoom).toBe(0);
  expect(zoomFor(plan, { start_s: 0, end_s: 32 }, 1000)!.zoom).toBe(1);
  expect(zoomFor(plan, { start_s: 0, end_s: 1 }, 1000)!.zoom).toBe(2);
  const table = ramp([
    [0, 0, 0],
    [255, 100, 0],
  ]);
  expect([...table.slice(0, 4)]).toEqual([0, 0, 0, 255]);
  expect([...table.slice(-4)]).toEqual([255, 100, 0, 255]);
});
