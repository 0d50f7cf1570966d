/** What a microphone hears right now, for the needle; the answer of the server is what counts in the end. */

export interface Heard {
  hz: number;
  /** 0 to 1: how much of the sound repeats at this period. */
  clarity: number;
}

const LOWEST_HZ = 60;
const HIGHEST_HZ = 1200;

/** Pitch of a short block by its normalised square difference (McLeod and Wyvill, ICMC 2005); null for silence. */
export function pitchOf(block: Float32Array, sampleRate: number): Heard | null {
  let power = 0;
  for (const sample of block) power += sample * sample;
  if (power / block.length < 1e-6) return null;
  const longest = Math.min(Math.floor(sampleRate / LOWEST_HZ), block.length >> 1);
  const shortest = Math.max(2, Math.floor(sampleRate / HIGHEST_HZ));
  const likeness = new Float32Array(longest + 2);
  for (let lag = shortest - 1; lag <= longest + 1; lag++) {
    let product = 0;
    let energy = 0;
    for (let i = 0; i + lag < block.length; i++) {
      const a = block[i]!;
      const b = block[i + lag]!;
      product += a * b;
      energy += a * a + b * b;
    }
    likeness[lag] = energy > 0 ? (2 * product) / energy : 0;
  }
  const peaks: number[] = [];
  for (let lag = shortest; lag <= longest; lag++) {
    if (likeness[lag]! > 0 && likeness[lag]! >= likeness[lag - 1]! && likeness[lag]! > likeness[lag + 1]!)
      peaks.push(lag);
  }
  const best = Math.max(0, ...peaks.map((lag) => likeness[lag]!));
  const lag = peaks.find((one) => likeness[one]! >= 0.9 * best);
  if (lag === undefined) return null;
  const [before, at, after] = [likeness[lag - 1]!, likeness[lag]!, likeness[lag + 1]!];
  const bend = before - 2 * at + after;
  const exact = lag + (bend ? (0.5 * (before - after)) / bend : 0);
  return { hz: sampleRate / exact, clarity: at };
}

/** Note nearest to a frequency, and how many cents above it. */
export function nearestNote(hz: number): { midi: number; cents: number } {
  const exact = 69 + 12 * Math.log2(hz / 440);
  const midi = Math.round(exact);
  return { midi, cents: Math.round(100 * (exact - midi)) };
}

/** The middle of the frequencies that are heard clearly; null where nothing is. */
export function middlePitch(hz: readonly number[], voiced: readonly boolean[]): number | null {
  const clear = hz.filter((value, i) => voiced[i] && value > 0).sort((a, b) => a - b);
  return clear[clear.length >> 1] ?? null;
}
