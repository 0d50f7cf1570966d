import type { Chord } from '../api/types';

/** How chords are written: in which style, how far transposed, with a capo where. */
export interface Naming {
  transpose: number;
  names: string;
  capo: number;
}

const SHORT: Record<string, string> = {
  maj: '',
  min: 'm',
  maj7: 'maj7',
  min7: 'm7',
  7: '7',
  dim: 'dim',
  aug: 'aug',
  hdim7: 'm7b5',
  dim7: 'dim7',
  sus2: 'sus2',
  sus4: 'sus4',
  maj6: '6',
  min6: 'm6',
};

/** A chord as a lead sheet writes it, until the server has named it in the style asked for. */
export function leadName(label: string): string {
  if (label === 'N' || label === 'X') return '';
  const [chord = '', bass] = label.split('/');
  const [root = '', quality = 'maj'] = chord.split(':');
  const short = SHORT[quality] ?? quality;
  return `${root}${short}${bass && /^[A-G]/.test(bass) ? `/${bass}` : ''}`;
}

/** Chords with a name each. */
export function named(chords: readonly Chord[]): Chord[] {
  return chords.map((one) => ({ ...one, name: one.name ?? leadName(one.label) }));
}
