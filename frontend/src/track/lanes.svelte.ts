export const LANES = [
  'waveform',
  'spectrogram',
  'sections',
  'keys',
  'chords',
  'pitch',
  'loudness',
  'tempo',
] as const;
export type LaneName = (typeof LANES)[number];
export const SCALES = ['mel', 'log', 'cqt', 'linear'] as const;
export type Scale = (typeof SCALES)[number];

/** Which rows are shown, the same for every track, as long as the page is open. */
export const lanes = $state<{ shown: Record<LaneName, boolean>; scale: Scale }>({
  shown: {
    waveform: true,
    spectrogram: true,
    sections: true,
    keys: true,
    chords: true,
    pitch: true,
    loudness: false,
    tempo: false,
  },
  scale: 'mel',
});
