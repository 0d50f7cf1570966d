import type { Analysis } from '../api/types';
import { drawCurve, drawLevels, xOf, type Pad } from '../draw/lanes';

const NAMES = ['C', 'C♯', 'D', 'E♭', 'E', 'F', 'F♯', 'G', 'A♭', 'A', 'B♭', 'B'];

export function midi(hz: number): number {
  return 69 + 12 * Math.log2(hz / 440);
}

export function noteName(pitch_midi: number): string {
  const note = Math.round(pitch_midi);
  return `${NAMES[((note % 12) + 12) % 12]}${Math.floor(note / 12) - 1}`;
}

/** Lowest and highest of some values without the outermost hundredths, with room around them. */
export function bounds(
  values: readonly number[],
  room: number,
  least: number,
): { low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const low = at(0.01) - room;
  const high = at(0.99) + room;
  const lacking = Math.max(0, least - (high - low)) / 2;
  return { low: low - lacking, high: high + lacking };
}

/** The tune on a scale of semitones, with its notes behind it. */
export function drawPitch(pad: Pad, { melody, pitch, notes }: Analysis): boolean {
  const curve =
    notes && 'single_voice' in notes && notes.single_voice ? (pitch ?? melody) : (melody ?? pitch);
  if (!curve) return false;
  const values = curve.hz.map((hz, i) => (curve.voiced[i] && hz > 0 ? midi(hz) : null));
  const sounding = values.filter((value): value is number => value !== null);
  if (!sounding.length) return false;
  const { low, high } = bounds(sounding, 2, 12);
  const levels = [];
  for (let c = Math.ceil(low / 12) * 12; c <= high; c += 12) {
    levels.push({ share: (c - low) / (high - low), text: noteName(c) });
  }
  drawLevels(pad, levels);
  const { ctx, seen, height, palette } = pad;
  ctx.fillStyle = palette.accent;
  ctx.globalAlpha = 0.22;
  const step = (height - 6) / (high - low);
  for (const note of notes?.notes ?? []) {
    if (note.offset_s < seen.start_s || note.onset_s > seen.end_s) continue;
    if (note.pitch_midi < low || note.pitch_midi > high) continue;
    const left = xOf(pad, note.onset_s);
    const y = height - 3 - (note.pitch_midi - low + 0.5) * step;
    ctx.fillRect(left, y, Math.max(1, xOf(pad, note.offset_s) - left), Math.max(2, step));
  }
  ctx.globalAlpha = 1;
  drawCurve(pad, curve.times_s, values, { low, high, colour: palette.accent });
  return true;
}

export function drawLoudness(pad: Pad, { expression }: Analysis): boolean {
  const curve = expression?.dynamics;
  if (!curve) return false;
  const heard = curve.level_lufs.filter((value): value is number => value !== null);
  const top = Math.max(-6, ...heard);
  const bounds_lufs = { low: top - 48, high: top + 2 };
  const span = bounds_lufs.high - bounds_lufs.low;
  const marks = [-12, -24, -36].map((level) => ({
    share: (level - bounds_lufs.low) / span,
    text: `${level}`,
  }));
  drawLevels(
    pad,
    marks.filter(({ share }) => share > 0.1 && share < 0.95),
  );
  drawCurve(pad, curve.times_s, curve.level_lufs, {
    ...bounds_lufs,
    filled: true,
    colour: pad.palette.accent,
  });
  return true;
}

export function drawTempo(pad: Pad, { tempo_curve }: Analysis): void {
  if (!tempo_curve?.times_s.length) return;
  const { low, high } = bounds(tempo_curve.bpm, 4, 24);
  const marks = [];
  for (let bpm = Math.ceil(low / 10) * 10; bpm <= high; bpm += 10) {
    marks.push({ share: (bpm - low) / (high - low), text: `${bpm}` });
  }
  drawLevels(
    pad,
    marks.filter((_, i) => marks.length < 5 || i % 2 === 0),
  );
  drawCurve(pad, tempo_curve.times_s, tempo_curve.bpm, { low, high, colour: pad.palette.accent });
}
