/** Colours that mean the same everywhere: a key or chord by its place on the circle of fifths. */

const PITCH_CLASSES: Record<string, number> = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };

/** Pitch class of a name such as F#, Eb or Cbb; null where it is none. */
export function pitchClass(name: string): number | null {
  const base = PITCH_CLASSES[name.slice(0, 1)];
  if (base === undefined) return null;
  let shift = 0;
  for (const sign of name.slice(1)) shift += sign === '#' ? 1 : sign === 'b' ? -1 : 0;
  return (((base + shift) % 12) + 12) % 12;
}

/** Hue of a root: neighbours on the circle of fifths are neighbours in colour. */
export function hueOf(pitch: number): number {
  return (((pitch * 7) % 12) * 30 + 40) % 360;
}

/** Colour of a key in CSS: minor is darker and quieter than major. */
export function keyColour(tonic: string | null, mode: string | null): string {
  const pitch = tonic ? pitchClass(tonic) : null;
  if (pitch === null) return 'oklch(0.65 0 0)';
  return mode === 'minor' ? `oklch(0.58 0.1 ${hueOf(pitch)})` : `oklch(0.73 0.13 ${hueOf(pitch)})`;
}

/** Root and whether minor of a chord in Harte's syntax; null for no chord. */
export function chordRoot(label: string): { pitch: number; minor: boolean } | null {
  const [root = '', quality = ''] = label.split(':');
  const pitch = pitchClass(root.split('/')[0]!);
  return pitch === null ? null : { pitch, minor: /^(min|dim|hdim)/.test(quality) };
}

/** Colour of tempo from slow (blue) to fast (red), as parts of 0 to 1. */
export function tempoShare(bpm: number): number {
  return Math.min(1, Math.max(0, Math.log2(bpm / 60) / Math.log2(180 / 60)));
}

const FACET_HUES: Record<string, number> = {
  timbre: 60,
  rhythm: 25,
  harmony: 290,
  melody: 240,
  dynamics: 150,
};

/** Colour of a facet: the slider's dot and the bar of every match are the same. */
export function facetColour(facet: string): string {
  return `oklch(0.64 0.13 ${FACET_HUES[facet] ?? 0})`;
}
