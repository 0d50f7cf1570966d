import type { Peaks } from '../api/types';
import type { Window } from './window';

/** Draw the lowest and highest sample of every column; where there are fewer points than columns they are joined. */
export function drawWaveform(
  ctx: CanvasRenderingContext2D,
  peaks: Peaks,
  seen: Window,
  size: { width: number; height: number },
  colour: string,
): void {
  const { width, height } = size;
  const count = peaks.low.length;
  if (!count) return;
  const perPoint = (peaks.end_s - peaks.start_s) / count;
  const perColumn = (seen.end_s - seen.start_s) / width;
  const middle = height / 2;
  const scale = (middle - 2) / 127;
  const tops: number[] = [];
  const feet: number[] = [];
  for (let x = 0; x < width; x++) {
    const from = (seen.start_s + x * perColumn - peaks.start_s) / perPoint;
    const to = Math.max(from + perColumn / perPoint, Math.floor(from) + 1);
    let low = 127;
    let high = -127;
    for (let i = Math.max(0, Math.floor(from)); i < Math.min(count, to); i++) {
      low = Math.min(low, peaks.low[i]!);
      high = Math.max(high, peaks.high[i]!);
    }
    if (high < low) low = high = 0;
    tops.push(middle - high * scale - 0.5);
    feet.push(middle - low * scale + 0.5);
  }
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.moveTo(0, tops[0]!);
  for (let x = 1; x < width; x++) ctx.lineTo(x, tops[x]!);
  for (let x = width - 1; x >= 0; x--) ctx.lineTo(x, feet[x]!);
  ctx.fill();
}
