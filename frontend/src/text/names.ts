import type { Strings } from '../i18n/en';

/** The name to show: the title, or else the file's own name. */
export function titleOf(track: { title: string | null; path: string }): string {
  return track.title?.trim() || fileOf(track.path);
}

export function fileOf(path: string): string {
  return path.split(/[\\/]/).pop() || path;
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.length - fileOf(path).length - 1));
}

const SIGNS: Record<string, string> = { '#': '♯', b: '♭' };

/** A pitch class with real accidentals: F♯, B♭. */
export function pitchName(name: string): string {
  return name.slice(0, 1) + name.slice(1).replace(/[#b]/g, (sign) => SIGNS[sign]!);
}

export function keyName(tonic: string | null, mode: string | null, t: Strings): string | null {
  if (!tonic) return null;
  const word = mode === 'minor' ? t.modes.minor : mode === 'major' ? t.modes.major : (mode ?? '');
  return `${pitchName(tonic)} ${word}`.trim();
}

/** A chord's written name with real accidentals, whatever the style. */
export function chordName(name: string): string {
  return name.replace(/([A-Ga-gHh])([#b])/g, (_, letter: string, sign: string) => letter + SIGNS[sign]!);
}

export function number(value: number, language: string, digits = 0): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString(language, options).replace('-', '−');
}

export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
