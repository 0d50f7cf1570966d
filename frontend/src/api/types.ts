/** What the API answers, in the words of docs/glossary.md. Fields that may be unknown are null. */

export interface Brief {
  id: string;
  path: string;
  title: string | null;
  artist: string | null;
  album: string | null;
  genre: string | null;
  year: number | null;
  duration_s: number;
  tempo_bpm: number | null;
  key_tonic: string | null;
  key_mode: string | null;
  tuning_hz: number | null;
  loudness_lufs: number | null;
  missing: boolean;
}

export interface TrackPage {
  total: number;
  offset: number;
  tracks: Brief[];
}

export interface Indexing {
  running: boolean;
  files: number;
  done: number;
  to_do: number;
  heard: number;
  failed: number;
  audio_s: number;
  seconds: number;
  left_s: number | null;
  path: string | null;
}

export interface Library {
  path: string;
  name: string;
  tracks: number;
  duration_s: number;
  failures: number;
  folders: { path: string; name?: string; tracks: number }[];
  genres: { name: string; tracks: number }[];
  roots: string[];
  indexing: Indexing | null;
}

export interface Span {
  start_s: number;
  end_s: number;
}

export interface Chord extends Span {
  label: string;
  name?: string;
  confidence: number;
  alternatives: { label: string; name?: string; confidence: number }[];
}

export interface KeyGuess {
  tonic: string;
  mode: string;
  confidence: number;
}

export interface Curve {
  times_s: number[];
  hz: number[];
  voiced: boolean[];
}

/** `sori analyze FILE --json`; of a track not yet asked about, what is in the library already. */
export interface Analysis {
  path: string;
  title: string | null;
  artist: string | null;
  duration_s: number;
  sample_rate: number;
  channels: number;
  tempo_bpm: number | null;
  tempo_confidence: number | null;
  tempo_alternatives: { bpm: number; confidence: number; relation: string }[];
  beats_s: number[];
  downbeats_s: number[];
  beats_per_bar: number | null;
  key: KeyGuess | null;
  key_alternatives: KeyGuess[];
  tuning_hz: number | null;
  tuning_cents: number | null;
  loudness_lufs: number | null;
  loudness_range_lu: number | null;
  loudness_true_peak_dbtp: number | null;
  chords: Chord[];
  sections: (Span & { label: string; confidence: number })[];
  local_keys: { spans: (Span & KeyGuess)[] } | null;
  melody: Curve | null;
  pitch: Curve | null;
  notes: { notes: { onset_s: number; offset_s: number; pitch_midi: number; confidence: number }[] } | null;
  tempo_curve: { times_s: number[]; bpm: number[]; steady: boolean } | null;
  expression: { dynamics: { times_s: number[]; level_lufs: (number | null)[] } | null } | null;
  corrected: Record<string, unknown> | null;
}

/** `sori show --json`: a track with what each stage said. */
export interface Track extends Brief {
  sample_rate: number;
  channels: number;
  tempo_confidence: number | null;
  key_confidence: number | null;
  results: Record<string, unknown>;
  corrected?: Record<string, unknown> | null;
}

export interface Barre {
  fret: number;
  first: number;
  last: number;
}

export interface Fingering {
  instrument: string;
  label: string;
  name: string;
  frets?: (number | null)[];
  fingers?: (number | null)[];
  barres?: Barre[];
  base_fret?: number;
  left?: number[];
  right?: number[];
}

/** `sori chords --json`. */
export interface ChordSheet {
  chords: Chord[];
  key: { tonic: string; mode: string; name: string } | null;
  transpose: number;
  capo: number;
  capo_positions: { fret: number; key: string; difficulty: number }[];
  fingerings: Fingering[];
}

/** A track that may be like another: known by its facets at once, with reasons once the server has said them. */
export interface Match extends Pick<Brief, 'id' | 'path' | 'title' | 'artist' | 'duration_s'> {
  similarity: number;
  facets: Record<string, number>;
  reasons?: string[];
  relation?: string | null;
}

/** `sori similar --json`, and more candidates to reorder at once. */
export interface Similar {
  seeds: Pick<Brief, 'path' | 'title' | 'artist'>[];
  results: Match[];
  candidates: Match[];
}

export interface Peaks extends Span {
  low: number[];
  high: number[];
}

export interface Tiles {
  duration_s: number;
  kinds: Record<string, { ticks: { y: number; label: string }[] }>;
  zooms: { zoom: number; tile_s: number; tiles: number }[];
  tile: { width: number; height: number };
}

/** The map in columns: a hundred thousand tracks are a few arrays. */
export interface MapColumns {
  ready: boolean;
  id: string[];
  x: number[];
  y: number[];
  title: (string | null)[];
  artist: (string | null)[];
  duration_s: number[];
  tempo_bpm: (number | null)[];
  key: (string | null)[];
  genre: (number | null)[];
  genres: string[];
  folder: (number | null)[];
  folders: string[];
}

export interface Failure {
  path: string;
  stage: string;
  reason: string;
  kind: string;
  when: string;
}

export interface Format {
  format: string;
  label?: string;
  parts?: string[];
}

export interface Tried {
  analysis: Analysis;
  similar: Similar;
  kept: { path: string } | null;
}

/** What a person says; `undo` goes alone. */
export interface Correction {
  tempo?: 'x2' | '/2' | '2/3' | '3/2';
  taps_s?: number[];
  shift_beats?: number;
  shift_s?: number;
  key?: string;
  chords?: { at_s: number; name: string }[];
  undo?: ('beats' | 'key' | 'chords')[];
}
