import { expect, test } from 'vitest';
import { between, held, lastBefore, zoomed } from '../src/draw/window';
import { clock, span, tickStep } from '../src/text/time';
import { missingPages, visible } from '../src/library/window';
import { closed } from '../src/library/ranges';
import { moved } from '../src/playlist/order';

test('a clock', () => {
  expect([0, 59.6, 61, 3599.4, 3661].map((s) => clock(s))).toEqual([
    '0:00',
    '1:00',
    '1:01',
    '59:59',
    '1:01:01',
  ]);
  expect([0, 12.34, 59.99, 3600.05].map((s) => clock(s, true))).toEqual([
    '0:00.0',
    '0:12.3',
    '0:59.9',
    '1:00:00.0',
  ]);
  expect([null, undefined, NaN, Infinity].map((s) => clock(s))).toEqual(Array(4).fill('–:––'));
});

test('long times in words', () => {
  expect(span(59 * 60, 'en')).toBe('59 min');
  expect(span(26 * 3600, 'en')).toBe('1 d 2 h');
  expect(span(3.5 * 3600, 'ko')).toBe('3시간 30분');
});

test('marks of an axis stand at numbers people count in', () => {
  expect(tickStep(10, 10)).toBe(1);
  expect(tickStep(3600, 8)).toBe(600);
  expect(tickStep(0.5, 10)).toBe(0.1);
});

test('zooming keeps its place and stays within the recording', () => {
  const whole = { start_s: 0, end_s: 100 };
  const close = zoomed(whole, 0.25, 40, 100);
  expect(close).toEqual({ start_s: 30, end_s: 55 });
  expect(zoomed(close, 100, 40, 100)).toEqual(whole);
  expect(zoomed(whole, 1e-6, 0, 100).end_s).toBeCloseTo(0.5);
  expect(held({ start_s: 90, end_s: 120 }, 100)).toEqual({ start_s: 70, end_s: 100 });
  expect(held({ start_s: -5, end_s: 500 }, 100)).toEqual(whole);
});

test('marks around a time', () => {
  expect([-1, 0, 0.9, 1, 5].map((t) => lastBefore([0, 1, 2], t))).toEqual([-1, 0, 0, 1, 2]);
  expect(between([2, 4, 6], 5, 9)).toEqual({ start_s: 4, end_s: 6 });
  expect(between([2, 4, 6], 1, 9)).toEqual({ start_s: 0, end_s: 2 });
  expect(between([2, 4, 6], 8, 9)).toEqual({ start_s: 6, end_s: 9 });
  expect(between([], 8, 9)).toEqual({ start_s: 0, end_s: 9 });
});

test('only the rows that can be seen are made, only the pages that lack are asked for', () => {
  expect(visible(0, 440, 44, 100_000)).toEqual({ first: 0, last: 18 });
  expect(visible(44 * 5000, 440, 44, 100_000)).toEqual({ first: 4992, last: 5018 });
  expect(visible(44 * 5000, 440, 44, 3)).toEqual({ first: 3, last: 3 });
  expect(missingPages(90, 210, 100_000, (n) => n === 1)).toEqual([0, 2]);
  expect(missingPages(90, 210, 95, () => false)).toEqual([0]);
});

test('moving within a playlist', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
  expect(moved(['a', 'b', 'c'], 2, -5)).toEqual(['c', 'a', 'b']);
  expect(moved(['a', 'b', 'c'], 7, 0)).toEqual(['a', 'b', 'c']);
});

test('an open end of a range goes as far as anything does', () => {
  expect(closed({ from: '90', to: '130' }, 0, 9999)).toBe('90-130');
  expect(closed({ from: '', to: ' −10,5 ' }, -200, 100)).toBe('-200--10.5');
  expect(closed({ from: '90', to: '' }, 0, 9999)).toBe('90-9999');
  expect(closed({ from: ' ', to: '' }, 0, 9999)).toBe('');
});
