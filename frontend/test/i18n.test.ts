import { expect, test } from 'vitest';
import { en } from '../src/i18n/en';
import { ko } from '../src/i18n/ko';

type Table = { [key: string]: string | ((...words: never[]) => string) | Table };

/** Every key with its path; a function counts with how many words it takes. */
function keys(table: Table, path = ''): string[] {
  return Object.entries(table).flatMap(([key, value]) => {
    if (typeof value === 'object') return keys(value, `${path}${key}.`);
    return [`${path}${key}${typeof value === 'function' ? '()' : ''}`];
  });
}

test('both languages have the same keys', () => {
  expect(keys(ko as unknown as Table)).toEqual(keys(en as unknown as Table));
});

test('nothing is left untranslated', () => {
  const same: string[] = [];
  const walk = (a: Table, b: Table, path = '') => {
    for (const [key, value] of Object.entries(a)) {
      const other = b[key];
      if (typeof value === 'object') walk(value, other as Table, `${path}${key}.`);
      else if (typeof value === 'string' && value === other) same.push(`${path}${key}`);
    }
  };
  walk(en as unknown as Table, ko as unknown as Table);
  expect(same).toEqual(['map.bpm']);
});
