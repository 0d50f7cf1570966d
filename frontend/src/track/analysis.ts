import type { Analysis, Chord, ModelTags, Span, Track } from '../api/types';

const TAGS = 'tags:';

/** What the library knows of a track already, in the form of a whole analysis; the rest is null. */
export function known(track: Track): Analysis {
  const said = track.results;
  return {
    path: track.path,
    title: track.title,
    artist: track.artist,
    duration_s: track.duration_s,
    sample_rate: track.sample_rate,
    channels: track.channels,
    tempo_bpm: track.tempo_bpm,
    tempo_confidence: track.tempo_confidence,
    tempo_alternatives: said.tempo?.alternatives ?? [],
    beats_s: said.beats?.times_s ?? [],
    downbeats_s: said.metre?.downbeats_s ?? [],
    beats_per_bar: said.metre?.beats_per_bar ?? null,
    key: { tonic: track.key_tonic, mode: track.key_mode, confidence: track.key_confidence },
    key_alternatives: said.key?.alternatives ?? [],
    tuning_hz: track.tuning_hz,
    loudness_lufs: track.loudness_lufs,
    loudness_range_lu: said.loudness?.range_lu ?? null,
    loudness_true_peak_dbtp: said.loudness?.true_peak_dbtp ?? null,
    chords: said.chords?.chords ?? [],
    sections: said.sections?.sections ?? [],
    local_keys: said.local_keys ?? null,
    melody: said.melody ?? null,
    pitch: said.pitch ?? null,
    notes: said.notes ?? null,
    tempo_curve: said.tempo_curve ?? null,
    expression: said.expression ?? null,
    tags: tagsOf(said),
    corrected: track.corrected,
  };
}

/** What trained models said, by the name of each: the library keeps it as stages of their own. */
function tagsOf(stages: object): Record<string, ModelTags> {
  const said = Object.entries(stages).filter(([stage]) => stage.startsWith(TAGS));
  return Object.fromEntries(said.map(([stage, tags]) => [stage.slice(TAGS.length), tags as ModelTags]));
}

export interface Bar extends Span {
  number: number;
  chords: { chord: Chord; from_s: number }[];
}

/** The bars with what sounds in each: the chord it begins with, then those that begin within it. */
export function barsOf(chords: readonly Chord[], downbeats_s: readonly number[], duration_s: number): Bar[] {
  const upbeat = !downbeats_s.length || downbeats_s[0]! > 0.2;
  const starts = upbeat ? [0, ...downbeats_s] : downbeats_s;
  let next = 0;
  return starts.map((start_s, i) => {
    const end_s = starts[i + 1] ?? duration_s;
    while (next < chords.length && chords[next]!.end_s <= start_s + 0.05) next++;
    const held: Bar['chords'] = [];
    for (let n = next; n < chords.length && chords[n]!.start_s < end_s - 0.05; n++) {
      held.push({ chord: chords[n]!, from_s: Math.max(chords[n]!.start_s, start_s) });
    }
    return { number: upbeat ? i : i + 1, start_s, end_s, chords: held };
  });
}

/** Place of what sounds at a time among stretches without gaps; -1 where nothing does. */
export function spanAt(spans: readonly Span[], time_s: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle]!.start_s <= time_s) low = middle + 1;
    else high = middle;
  }
  return low > 0 && time_s < spans[low - 1]!.end_s ? low - 1 : -1;
}
