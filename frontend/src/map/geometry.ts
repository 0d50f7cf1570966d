/** Points of the map and what lies where; plain arrays, because there may be a hundred thousand. */

export interface Points {
  x: Float32Array;
  y: Float32Array;
}

/** What is seen: the middle, and pixels per unit. */
export interface Camera {
  x: number;
  y: number;
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

export function toScreen(camera: Camera, size: Size, x: number, y: number): [number, number] {
  return [(x - camera.x) * camera.scale + size.width / 2, (y - camera.y) * camera.scale + size.height / 2];
}

export function toMap(camera: Camera, size: Size, x: number, y: number): [number, number] {
  return [(x - size.width / 2) / camera.scale + camera.x, (y - size.height / 2) / camera.scale + camera.y];
}

/** The camera that shows every point, with room around them and for the legend at the left. */
export function fitting({ x, y }: Points, size: Size, legend_px = 0, margin_px = 46): Camera {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    left = Math.min(left, x[i]!);
    right = Math.max(right, x[i]!);
    top = Math.min(top, y[i]!);
    bottom = Math.max(bottom, y[i]!);
  }
  if (left > right) return { x: 0, y: 0, scale: 1 };
  const wide = Math.max(size.width - legend_px - 2 * margin_px, 40) / Math.max(right - left, 1e-6);
  const high = Math.max(size.height - 2 * margin_px, 40) / Math.max(bottom - top, 1e-6);
  const scale = Math.min(wide, high);
  return { x: (left + right - legend_px / scale) / 2, y: (top + bottom) / 2, scale };
}

/** Zoom so that the place under the pointer stays there. */
export function zoomedAt(
  camera: Camera,
  size: Size,
  factor: number,
  sx: number,
  sy: number,
  least: number,
): Camera {
  const scale = Math.min(Math.max(camera.scale * factor, least), least * 4000);
  const [x, y] = toMap(camera, size, sx, sy);
  return { scale, x: x - (sx - size.width / 2) / scale, y: y - (sy - size.height / 2) / scale };
}

/** The point nearest to a place on the screen, within a reach; -1 where there is none. */
export function nearest(
  points: Points,
  camera: Camera,
  size: Size,
  sx: number,
  sy: number,
  reach_px = 14,
): number {
  const [x, y] = toMap(camera, size, sx, sy);
  let best = (reach_px / camera.scale) ** 2;
  let found = -1;
  for (let i = 0; i < points.x.length; i++) {
    const away = (points.x[i]! - x) ** 2 + (points.y[i]! - y) ** 2;
    if (away <= best) {
      best = away;
      found = i;
    }
  }
  return found;
}

/** Whether a place is inside a closed line: a ray from it crosses the line an odd number of times. */
export function inside(line: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let within = false;
  for (let i = 0, j = line.length - 1; i < line.length; j = i++) {
    const [ax, ay] = line[i]!;
    const [bx, by] = line[j]!;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
  }
  return within;
}

/** The points inside a closed line given in map units. */
export function lassoed({ x, y }: Points, line: readonly (readonly [number, number])[]): number[] {
  if (line.length < 3) return [];
  const xs = line.map(([a]) => a);
  const ys = line.map(([, b]) => b);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const found: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [x[i]!, y[i]!];
    if (px < left || px > right || py < top || py > bottom) continue;
    if (inside(line, px, py)) found.push(i);
  }
  return found;
}

/** The points on the screen, those nearest to its middle first, at most so many; and how many there are. */
export function inView(
  points: Points,
  camera: Camera,
  size: Size,
  most: number,
): { near: number[]; count: number } {
  const [left, top] = toMap(camera, size, 0, 0);
  const [right, bottom] = toMap(camera, size, size.width, size.height);
  const all: number[] = [];
  for (let i = 0; i < points.x.length; i++) {
    const [x, y] = [points.x[i]!, points.y[i]!];
    if (x >= left && x <= right && y >= top && y <= bottom) all.push(i);
  }
  const away = (i: number) => (points.x[i]! - camera.x) ** 2 + (points.y[i]! - camera.y) ** 2;
  if (all.length <= 5000)
    return { near: all.sort((a, b) => away(a) - away(b)).slice(0, most), count: all.length };
  // Of very many, those of the inner part are sorted only: it is small enough, and full enough, to hold the nearest.
  const reach = ((right - left) * (bottom - top) * most * 4) / all.length / Math.PI;
  const inner = all.filter((i) => away(i) <= reach);
  return {
    near: (inner.length >= most ? inner : all).sort((a, b) => away(a) - away(b)).slice(0, most),
    count: all.length,
  };
}
