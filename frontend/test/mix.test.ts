import { expect, test } from 'vitest';
import { mixed, ordered, pooled, spoken } from '../src/similar/mix';

const EVEN = { timbre: 1, rhythm: 1, harmony: 1, melody: 1, dynamics: 1 };
const FACETS = { dynamics: 0.399035, harmony: 0.331248, melody: 0.384975, rhythm: 0.738914, timbre: 0.5812 };

test('a mix is what the server says of the same facets', () => {
  expect(mixed(FACETS, EVEN)).toBeCloseTo(0.465482, 5);
});

test('only one facet counts where the others are at nothing', () => {
  expect(mixed(FACETS, { ...EVEN, timbre: 0, harmony: 0, melody: 0, dynamics: 0 })).toBeCloseTo(0.738914, 6);
  expect(mixed(FACETS, {})).toBe(0);
});

test('a facet that was not measured is as far as chance', () => {
  expect(mixed({ timbre: 1 }, { timbre: 1, rhythm: 1 })).toBeCloseTo(0.5, 6);
});

test('weights reorder', () => {
  const a = { id: 'a', facets: { timbre: 0.9, rhythm: 0.2 } };
  const b = { id: 'b', facets: { timbre: 0.3, rhythm: 0.8 } };
  const first = (weights: Record<string, number>) => ordered([a, b], weights)[0]!.id;
  expect(first({ timbre: 1, rhythm: 0 })).toBe('a');
  expect(first({ timbre: 0, rhythm: 1 })).toBe('b');
  expect(first({ timbre: 0.2, rhythm: 2 })).toBe('b');
});

test('answers keep what the server knows of them, candidates fill up, nothing comes twice', () => {
  const answer = {
    results: [{ id: 'a', similarity: 0.4, facets: { timbre: 0.5 } }],
    candidates: [
      { id: 'a', similarity: 0.5, facets: { timbre: 0.5 } },
      { id: 'b', similarity: 0.45, facets: { timbre: 0.45 } },
    ],
  };
  const pool = pooled<{ id: string; similarity: number; facets: Record<string, number> }>(
    answer,
    { timbre: 1 },
    false,
  );
  expect(ordered(pool, { timbre: 1 }).map(({ id, now }) => [id, now.toFixed(2)])).toEqual([
    ['b', '0.45'],
    ['a', '0.40'],
  ]);
  expect(pooled(answer, { timbre: 1 }, true).map(({ id }) => id)).toEqual(['a']);
});

test('weights are said as the server reads them', () => {
  expect(spoken({ timbre: 1, rhythm: 0.5 })).toBe('timbre=1,rhythm=0.5');
});
