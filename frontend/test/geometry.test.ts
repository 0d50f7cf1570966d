import { expect, test } from 'vitest';
import { fitting, inside, inView, lassoed, nearest, toMap, toScreen, zoomedAt } from '../src/map/geometry';

const SIZE = { width: 400, height: 300 };
const points = { x: Float32Array.of(0, 1, 2, 3), y: Float32Array.of(0, 1, 0, 1) };

test('the picture shows every point within its margin', () => {
  const camera = fitting(points, SIZE);
  for (let i = 0; i < 4; i++) {
    const [x, y] = toScreen(camera, SIZE, points.x[i]!, points.y[i]!);
    expect(x).toBeGreaterThanOrEqual(45);
    expect(x).toBeLessThanOrEqual(355);
    expect(y).toBeGreaterThanOrEqual(45);
    expect(y).toBeLessThanOrEqual(255);
  }
});

test('no points, or all in one place, still make a picture', () => {
  expect(fitting({ x: new Float32Array(), y: new Float32Array() }, SIZE).scale).toBe(1);
  const one = fitting({ x: Float32Array.of(5), y: Float32Array.of(5) }, SIZE);
  expect(toScreen(one, SIZE, 5, 5)).toEqual([200, 150]);
});

test('what is under the pointer stays there while zooming', () => {
  const camera = fitting(points, SIZE);
  const before = toMap(camera, SIZE, 320, 80);
  const after = toMap(zoomedAt(camera, SIZE, 2.5, 320, 80, 1), SIZE, 320, 80);
  expect(after[0]).toBeCloseTo(before[0], 9);
  expect(after[1]).toBeCloseTo(before[1], 9);
});

test('the nearest point within reach is found, and none beyond it', () => {
  const camera = fitting(points, SIZE);
  const [x, y] = toScreen(camera, SIZE, 2, 0);
  expect(nearest(points, camera, SIZE, x + 5, y - 5)).toBe(2);
  expect(nearest(points, camera, SIZE, x + 40, y)).toBe(-1);
});

test('a lasso holds what is inside it, whichever way it is drawn', () => {
  const square: [number, number][] = [
    [0.5, -1],
    [2.5, -1],
    [2.5, 2],
    [0.5, 2],
  ];
  expect(lassoed(points, square)).toEqual([1, 2]);
  expect(lassoed(points, [...square].reverse())).toEqual([1, 2]);
  expect(lassoed(points, square.slice(0, 2))).toEqual([]);
});

test('a hollow of a lasso is outside', () => {
  const horseshoe: [number, number][] = [
    [0, 0],
    [4, 0],
    [4, 4],
    [3, 4],
    [3, 1],
    [1, 1],
    [1, 4],
    [0, 4],
  ];
  expect(inside(horseshoe, 2, 3)).toBe(false);
  expect(inside(horseshoe, 0.5, 3)).toBe(true);
  expect(inside(horseshoe, 2, 0.5)).toBe(true);
});

test('of a hundred thousand points in view the nearest to the middle are named', () => {
  const n = 100_000;
  const x = Float32Array.from({ length: n }, (_, i) => Math.cos(i * 2.4) * Math.sqrt(i / n));
  const y = Float32Array.from({ length: n }, (_, i) => Math.sin(i * 2.4) * Math.sqrt(i / n));
  const { near, count } = inView({ x, y }, { x: 0, y: 0, scale: 120 }, SIZE, 50);
  expect(count).toBe(n);
  expect(near.slice().sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
});
