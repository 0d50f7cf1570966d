import { get } from '../api/client';
import type { Peaks } from '../api/types';
import { page } from '../app/page.svelte';
import type { Timeline } from '../draw/timeline.svelte';
import { held } from '../draw/window';

const OVERVIEW_POINTS = 2400;

/** The waveform of a track: the whole in few points, and what is looked at in as many as the screen has. */
export class Wave {
  whole = $state.raw<Peaks | null>(null);
  close = $state.raw<Peaks | null>(null);
  #timer = 0;

  constructor(
    readonly id: string,
    readonly line: Timeline,
  ) {
    $effect(() => {
      const leaving = new AbortController();
      get<Peaks>(`tracks/${id}/peaks`, { points: OVERVIEW_POINTS }, leaving.signal).then(
        (peaks) => (this.whole = peaks),
        (error: unknown) => page.complain(error),
      );
      return () => leaving.abort();
    });
    $effect(() => this.#lookCloser());
  }

  /** The finest that covers the whole of what is seen. */
  get best(): Peaks | null {
    const { seen } = this.line;
    const { close } = this;
    return close && close.start_s <= seen.start_s + 0.01 && close.end_s >= seen.end_s - 0.01
      ? close
      : this.whole;
  }

  /** Ask for what is seen and as much to either side, a little after the last move. */
  #lookCloser(): (() => void) | undefined {
    const { seen, span_s, duration_s, width } = this.line;
    const wanted = width / span_s;
    if (wanted <= OVERVIEW_POINTS / duration_s) return undefined;
    const best = this.best;
    const density = best ? best.low.length / (best.end_s - best.start_s) : 0;
    if (best === this.close && best && density >= wanted * 0.7 && density <= wanted * 8) return undefined;
    const leaving = new AbortController();
    this.#timer = window.setTimeout(() => {
      const around = held({ start_s: seen.start_s - span_s, end_s: seen.end_s + span_s }, duration_s);
      const points = Math.min(8000, Math.ceil((around.end_s - around.start_s) * wanted));
      get<Peaks>(`tracks/${this.id}/peaks`, { points, ...around }, leaving.signal).then(
        (peaks) => (this.close = peaks),
        (error: unknown) => page.complain(error),
      );
    }, 120);
    return () => {
      clearTimeout(this.#timer);
      leaving.abort();
    };
  }
}
