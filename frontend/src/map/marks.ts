import type { Palette } from '../app/scheme.svelte';
import { inView, toScreen, type Camera, type Points, type Size } from './geometry';

export interface Marks {
  camera: Camera;
  size: Size;
  points: Points;
  titles: readonly (string | null)[];
  palette: Palette;
  chosen: readonly number[];
  path: readonly number[];
  start: number | null;
  hovered: number;
  playing: number;
  line: readonly (readonly [number, number])[];
}

/** So few are named that their names can be read. */
const NAMED = 45;

/** What lies over the dots: names, rings around what is meant, the way from one to another, the lasso. */
export function drawMarks(ctx: CanvasRenderingContext2D, marks: Marks): void {
  const { camera, size, points, palette } = marks;
  ctx.clearRect(0, 0, size.width, size.height);
  const at = (i: number) => toScreen(camera, size, points.x[i]!, points.y[i]!);
  drawNames(ctx, marks);
  if (marks.path.length > 1) {
    ctx.strokeStyle = palette.play;
    ctx.lineWidth = 2.5;
    ctx.lineJoin = 'round';
    ctx.beginPath();
    for (const i of marks.path) ctx.lineTo(...at(i));
    ctx.stroke();
  }
  const ring = (i: number, colour: string, radius: number) => {
    ctx.strokeStyle = colour;
    ctx.lineWidth = 2;
    ctx.beginPath();
    ctx.arc(...at(i), radius, 0, 7);
    ctx.stroke();
  };
  for (const i of marks.chosen.slice(0, 5000)) ring(i, palette.ink, 7);
  if (marks.start !== null) ring(marks.start, palette.play, 11);
  if (marks.playing >= 0) ring(marks.playing, palette.play, 10);
  if (marks.hovered >= 0) ring(marks.hovered, palette.ink, 9);
  if (marks.line.length > 1) {
    ctx.beginPath();
    for (const [x, y] of marks.line) ctx.lineTo(...toScreen(camera, size, x, y));
    ctx.closePath();
    ctx.globalAlpha = 0.12;
    ctx.fillStyle = palette.accent;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.strokeStyle = palette.accent;
    ctx.lineWidth = 2;
    ctx.setLineDash([6, 4]);
    ctx.stroke();
    ctx.setLineDash([]);
  }
}

function drawNames(ctx: CanvasRenderingContext2D, { camera, size, points, titles, palette }: Marks): void {
  const { near, count } = inView(points, camera, size, NAMED);
  if (count > NAMED) return;
  ctx.font = '12px system-ui, sans-serif';
  ctx.textBaseline = 'middle';
  ctx.fillStyle = palette.soft;
  const taken = near.map((i): [number, number, number] => {
    const [x, y] = toScreen(camera, size, points.x[i]!, points.y[i]!);
    return [x - 6, y, 12];
  });
  for (const i of near) {
    const [x, y] = toScreen(camera, size, points.x[i]!, points.y[i]!);
    const full = titles[i] ?? '';
    const text = full.length > 26 ? `${full.slice(0, 25)}…` : full;
    const width = ctx.measureText(text).width;
    const left = x + 11;
    if (left + width > size.width) continue;
    if (taken.some(([l, t, w]) => Math.abs(t - y) < 14 && l < left + width && left < l + w)) continue;
    taken.push([left, y, width]);
    ctx.fillText(text, left, y);
  }
}
