/** What the API answers, as the server describes it; the words are in docs/glossary.md. */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Brief = Schemas['Row'];
export type TrackPage = Schemas['TracksAnswer'];
export type Library = Schemas['LibraryAnswer'];
export type Indexing = Schemas['Indexing'];
export type Failure = Schemas['Failure'];
export type Track = Schemas['TrackAnswer'];
export type ModelTags = Schemas['ModelTags'];
export type Span = Schemas['Excerpt'];
export type Chord = Schemas['Chord'] & { name?: string };
export type KeyGuess = Schemas['PlainKey'];
export type ChordSheet = Schemas['ChordsAnswer'];
export type Fingering = Schemas['Fingering'];
export type Peaks = Schemas['PeaksAnswer'];
export type Tiles = Schemas['SpectrogramAnswer'];
export type MapColumns = Schemas['MapAnswer'];
export type Format = Schemas['FormatDescription'];
export type PlaylistAnswer = Schemas['PlaylistAnswer'];
export type Correction = Partial<Schemas['Correction']>;

/** A track that may be like another: known by its facets at once, with reasons once the server has said them. */
export interface Match extends Pick<Brief, 'id' | 'path' | 'title' | 'artist' | 'duration_s'> {
  similarity: number;
  facets: Record<string, number>;
  reasons?: string[];
  relation?: string | null;
}

/** What is found is in the library, so that its id is never null. */
export type Similar = Omit<Schemas['SimilarAnswer'], 'results'> & { results: Match[] };
export type Tried = Omit<Schemas['TryAnswer'], 'similar'> & { similar: Similar };

type Whole = Schemas['AnalysisAnswer'];
type Heard = 'local_keys' | 'melody' | 'pitch' | 'notes' | 'tempo_curve' | 'expression';
type Shown =
  | 'path'
  | 'title'
  | 'artist'
  | 'duration_s'
  | 'sample_rate'
  | 'channels'
  | 'tempo_bpm'
  | 'tempo_confidence'
  | 'tempo_alternatives'
  | 'beats_s'
  | 'downbeats_s'
  | 'beats_per_bar'
  | 'key'
  | 'key_alternatives'
  | 'tuning_hz'
  | 'loudness_lufs'
  | 'loudness_range_lu'
  | 'loudness_true_peak_dbtp'
  | 'sections'
  | 'tags'
  | 'corrected';

/** What is shown of an analysis; what has not been heard yet is null. */
export type Analysis = Pick<Whole, Shown> & { [K in Heard]: Whole[K] | null } & { chords: Chord[] };
