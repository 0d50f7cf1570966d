import { expect, test } from 'vitest';
import source from '../../src/sori/library/reasons.py?raw';
import { reasonIn } from '../src/i18n/reasons';

/** The phrases as the server has them: in `SPOKEN`, of each facet what both are, and what is close. */
function spoken(): string[] {
  const table = /SPOKEN = \{([^}]*)\}/.exec(source)![1]!;
  const rows = table
    .replaceAll(/\s+/g, ' ')
    .matchAll(/\(\s*"(\w+)", "([^"]+)", "([^"]+)", "([^"]+)",?\s*\)/g);
  return [...rows].flatMap(([, , above, below, close]) => [`both ${above}`, `both ${below}`, close!]);
}

const BUILT = [
  'both 140 BPM',
  '118 and 121 BPM',
  '70 and 140 BPM, double time',
  'both in F# minor',
  'A minor and C major are relatives',
  'C major and G major are a fifth apart',
  'both tuned to A = 432 Hz',
  'both steady in loudness (range 2 and 3 LU)',
  'both wide in loudness (range 14 and 13 LU)',
  'similar timbre',
  'nearly the same harmony',
];

test('every reason of the server has its Korean', () => {
  const phrases = [...spoken(), ...BUILT];
  expect(phrases.length).toBeGreaterThan(30);
  for (const phrase of phrases) {
    expect(reasonIn('ko', phrase), phrase).toMatch(/[가-힣]/);
    expect(reasonIn('ko', phrase), phrase).not.toMatch(/\b(both|similar|and|than|major|minor)\b/);
    expect(reasonIn('en', phrase)).toBe(phrase);
  }
});
