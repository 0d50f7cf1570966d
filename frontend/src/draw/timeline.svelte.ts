import { held, zoomed, type Window } from './window';

/** The stretch of time that all lanes of a track show, and what is selected in it. */
export class Timeline {
  duration_s = $state(1);
  seen = $state.raw<Window>({ start_s: 0, end_s: 1 });
  width = $state(800);
  selection = $state.raw<Window | null>(null);
  follow = $state(true);

  constructor(duration_s: number) {
    this.duration_s = Math.max(duration_s, 0.01);
    this.whole();
  }

  get span_s(): number {
    return this.seen.end_s - this.seen.start_s;
  }

  get isWhole(): boolean {
    return this.span_s > this.duration_s * 0.999;
  }

  x(time_s: number): number {
    return ((time_s - this.seen.start_s) / this.span_s) * this.width;
  }

  time(x: number): number {
    return this.seen.start_s + (x / this.width) * this.span_s;
  }

  whole(): void {
    this.seen = { start_s: 0, end_s: this.duration_s };
  }

  /** Show a shorter (factor below 1) or longer stretch; a time stays where it is on the screen. */
  zoom(factor: number, about_s: number): void {
    this.seen = zoomed(this.seen, factor, about_s, this.duration_s);
  }

  pan(by_s: number): void {
    const { start_s, end_s } = this.seen;
    this.seen = held({ start_s: start_s + by_s, end_s: end_s + by_s }, this.duration_s);
  }

  show(start_s: number): void {
    this.pan(start_s - this.seen.start_s);
  }

  /** Turn the page when what plays has left it. */
  keepUp(position_s: number): void {
    if (!this.follow || this.isWhole) return;
    const { start_s, end_s } = this.seen;
    if (position_s < start_s || position_s >= end_s) this.show(position_s - 0.08 * this.span_s);
  }
}
