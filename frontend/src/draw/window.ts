/** A stretch of time. */
export interface Window {
  start_s: number;
  end_s: number;
}

/** No closer than this: about the length of a tone's attack across the screen. */
export const CLOSEST_S = 0.5;

/** Move a stretch into the recording without changing how long it is, unless it is longer than all. */
export function held({ start_s, end_s }: Window, duration_s: number): Window {
  const span = Math.min(end_s - start_s, duration_s);
  const start = Math.min(Math.max(0, start_s), duration_s - span);
  return { start_s: start, end_s: start + span };
}

export function zoomed(seen: Window, factor: number, about_s: number, duration_s: number): Window {
  const span = seen.end_s - seen.start_s;
  const to = Math.min(Math.max(span * factor, Math.min(CLOSEST_S, duration_s)), duration_s);
  const share = (about_s - seen.start_s) / span;
  const start = about_s - share * to;
  return held({ start_s: start, end_s: start + to }, duration_s);
}

/** Place of the last value that is not after a time, -1 before all of them; the values ascend. */
export function lastBefore(times_s: readonly number[], time_s: number): number {
  let low = 0;
  let high = times_s.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times_s[middle]! <= time_s) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The stretch between neighbouring marks that holds a time; the ends of the recording are marks too. */
export function between(marks_s: readonly number[], time_s: number, duration_s: number): Window {
  const at = lastBefore(marks_s, time_s);
  return { start_s: marks_s[at] ?? 0, end_s: marks_s[at + 1] ?? duration_s };
}
