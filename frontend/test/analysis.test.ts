import { expect, test } from 'vitest';
import type { Track } from '../src/api/types';
import { known } from '../src/track/analysis';

test('what trained models said stands under their names', () => {
  const said = { labels: ['crow'], scores: [{ label: 'crow', score: 0.9 }] };
  const results = { 'tags:birds': said, tuning: { cents: 3 } };
  expect(known({ results } as unknown as Track).tags).toEqual({ birds: said });
  expect(known({ results: {} } as unknown as Track).tags).toEqual({});
});
