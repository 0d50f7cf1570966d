import type { Palette } from '../app/scheme.svelte';
import { clock, tickStep } from '../text/time';
import type { Window } from './window';

/** What every lane is drawn on: the canvas, the stretch of time, its size in pixels, the colours. */
export interface Pad {
  ctx: CanvasRenderingContext2D;
  seen: Window;
  width: number;
  height: number;
  palette: Palette;
}

const SMALL = '11px system-ui, sans-serif';

export function xOf(pad: Pad, time_s: number): number {
  return ((time_s - pad.seen.start_s) / (pad.seen.end_s - pad.seen.start_s)) * pad.width;
}

/** Cut a text to a width, with an ellipsis, or to nothing where not even a letter fits. */
function fitted(ctx: CanvasRenderingContext2D, text: string, room: number): string {
  if (ctx.measureText(text).width <= room) return text;
  for (let n = text.length - 1; n > 0; n--) {
    const shorter = `${text.slice(0, n)}…`;
    if (ctx.measureText(shorter).width <= room) return shorter;
  }
  return '';
}

export function drawRuler(pad: Pad): void {
  const { ctx, seen, width, height, palette } = pad;
  const step = tickStep(seen.end_s - seen.start_s, width / 90);
  ctx.font = SMALL;
  ctx.textBaseline = 'middle';
  ctx.fillStyle = palette.soft;
  for (let n = Math.ceil(seen.start_s / step - 1e-9); n * step <= seen.end_s; n++) {
    const x = Math.round(xOf(pad, n * step));
    ctx.fillRect(x, height - 5, 1, 5);
    const text = clock(n * step, step < 1);
    const room = ctx.measureText(text).width;
    if (x + 4 + room < width) ctx.fillText(text, x + 4, height / 2);
  }
}

/** Beats as fine lines, bars as stronger ones with their number, as far as there is room for them. */
export function drawBeats(
  pad: Pad,
  beats_s: readonly number[],
  downbeats_s: readonly number[],
  numbers: boolean,
): void {
  const { ctx, seen, width, height, palette } = pad;
  const perSecond = width / (seen.end_s - seen.start_s);
  const within = (time: number) => time >= seen.start_s && time <= seen.end_s;
  const distance = (times: readonly number[]) =>
    times.length > 1 ? ((times[times.length - 1]! - times[0]!) / (times.length - 1)) * perSecond : Infinity;
  ctx.fillStyle = palette.edge;
  if (distance(beats_s) > 7) {
    ctx.globalAlpha = 0.45;
    for (const time of beats_s) if (within(time)) ctx.fillRect(Math.round(xOf(pad, time)), 0, 1, height);
  }
  const every = Math.max(1, 2 ** Math.ceil(Math.log2(9 / distance(downbeats_s))));
  ctx.globalAlpha = 0.9;
  ctx.font = SMALL;
  ctx.textBaseline = 'top';
  downbeats_s.forEach((time, i) => {
    if (i % every || !within(time)) return;
    const x = Math.round(xOf(pad, time));
    ctx.fillRect(x, 0, 1, height);
    if (numbers && (distance(downbeats_s) * every > 34 || i % (every * 4) === 0))
      ctx.fillText(String(i + 1), x + 4, 3);
  });
  ctx.globalAlpha = 1;
}

export interface Block extends Window {
  text: string;
  colour: string;
}

/** Stretches side by side with their names, such as chords, keys and sections. */
export function drawBlocks(pad: Pad, blocks: readonly Block[]): void {
  const { ctx, seen, height, palette } = pad;
  ctx.font = '600 12px system-ui, sans-serif';
  ctx.textBaseline = 'middle';
  for (const block of blocks) {
    if (block.end_s <= seen.start_s || block.start_s >= seen.end_s) continue;
    const left = xOf(pad, block.start_s);
    const right = xOf(pad, block.end_s);
    const room = Math.max(right - left - 1, 0.5);
    ctx.globalAlpha = palette.dark ? 0.34 : 0.3;
    ctx.fillStyle = block.colour;
    ctx.beginPath();
    ctx.roundRect(left, 1, room, height - 2, Math.min(4, room / 2));
    ctx.fill();
    ctx.globalAlpha = 1;
    if (room < 12) continue;
    ctx.fillStyle = palette.ink;
    const from = Math.max(left, 0) + 5;
    ctx.fillText(fitted(ctx, block.text, right - 4 - from), from, height / 2 + 0.5);
  }
}

/** A value over time between two bounds; where it is null there is a gap. */
export function drawCurve(
  pad: Pad,
  times_s: readonly number[],
  values: readonly (number | null)[],
  bounds: { low: number; high: number; filled?: boolean; colour: string },
): void {
  const { ctx, seen, height } = pad;
  const y = (value: number) =>
    height - 3 - ((value - bounds.low) / (bounds.high - bounds.low)) * (height - 6);
  ctx.strokeStyle = ctx.fillStyle = bounds.colour;
  ctx.lineWidth = 1.6;
  ctx.lineJoin = 'round';
  const line = new Path2D();
  let open = false;
  let first = 0;
  let last = 0;
  const margin = (seen.end_s - seen.start_s) * 0.05 + 0.5;
  for (let i = 0; i < times_s.length; i++) {
    const time = times_s[i]!;
    if (time < seen.start_s - margin || time > seen.end_s + margin) continue;
    const value = values[i];
    if (value === null || value === undefined || !Number.isFinite(value)) {
      open = false;
      continue;
    }
    const x = xOf(pad, time);
    const at = y(Math.min(Math.max(value, bounds.low), bounds.high));
    if (open) line.lineTo(x, at);
    else line.moveTo(x, at);
    if (!open && !first) first = x;
    last = x;
    open = true;
  }
  ctx.stroke(line);
  if (bounds.filled) {
    line.lineTo(last, height);
    line.lineTo(first, height);
    ctx.globalAlpha = 0.15;
    ctx.fill(line);
    ctx.globalAlpha = 1;
  }
}

/** Lines across with a name at the left, such as octaves or decibels. */
export function drawLevels(pad: Pad, levels: readonly { share: number; text: string }[]): void {
  const { ctx, width, height, palette } = pad;
  ctx.font = SMALL;
  ctx.textBaseline = 'bottom';
  for (const { share, text } of levels) {
    const y = Math.round(height - 3 - share * (height - 6)) + 0.5;
    ctx.fillStyle = palette.line;
    ctx.fillRect(0, y, width, 1);
    ctx.fillStyle = palette.soft;
    ctx.textAlign = 'right';
    ctx.fillText(text, width - 4, y);
    ctx.textAlign = 'left';
  }
}

/** A word in the middle of a row that has nothing to show yet. */
export function drawWord(pad: Pad, text: string): void {
  const { ctx, width, height, palette } = pad;
  ctx.font = '13px system-ui, sans-serif';
  ctx.fillStyle = palette.soft;
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.fillText(text, width / 2, height / 2);
  ctx.textAlign = 'left';
}
