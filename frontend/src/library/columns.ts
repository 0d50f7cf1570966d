import type { Brief } from '../api/types';
import type { Strings } from '../i18n/en';
import { number } from '../text/names';
import { clock } from '../text/time';
import type { Sort } from './rows.svelte';

export type ColumnKind = 'title' | 'artist' | 'album' | 'tempo' | 'key' | 'tuning' | 'loudness' | 'duration';

export function columnsIn(t: Strings['track']): { name: string; sort: Sort; kind: ColumnKind }[] {
  return [
    { name: t.title, sort: 'title', kind: 'title' },
    { name: t.artist, sort: 'artist', kind: 'artist' },
    { name: t.album, sort: 'album', kind: 'album' },
    { name: t.tempo, sort: 'tempo_bpm', kind: 'tempo' },
    { name: t.key, sort: 'key', kind: 'key' },
    { name: t.tuning, sort: 'tuning_hz', kind: 'tuning' },
    { name: t.loudness, sort: 'loudness_lufs', kind: 'loudness' },
    { name: t.duration, sort: 'duration_s', kind: 'duration' },
  ];
}

/** What stands in a cell; the title and the key have cells of their own making. */
export function valueOf(track: Brief, kind: ColumnKind, language: string): string {
  const fixed = (value: number | null, digits: number) =>
    value === null ? '–' : number(value, language, digits);
  if (kind === 'artist') return track.artist ?? '';
  if (kind === 'album') return track.album ?? '';
  if (kind === 'tempo') return fixed(track.tempo_bpm, 0);
  if (kind === 'tuning') return fixed(track.tuning_hz, 1);
  if (kind === 'loudness') return fixed(track.loudness_lufs, 1);
  return clock(track.duration_s);
}
