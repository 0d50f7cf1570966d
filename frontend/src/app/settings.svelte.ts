import type { Language } from '../i18n/index.svelte';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'sori';

interface Kept {
  theme: Theme;
  language: Language;
  volume: number;
  instrument: string;
  hoverToHear: boolean;
}

function firstLanguage(): Language {
  return navigator.languages.find((name) => /^(ko|en)/.test(name))?.startsWith('ko') ? 'ko' : 'en';
}

function read(): Partial<Kept> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>;
  } catch {
    return {}; // storage is refused or holds something else: the defaults stand
  }
}

/** What the page remembers of a person, in this browser only. */
export const settings = $state<Kept>({
  theme: 'system',
  language: firstLanguage(),
  volume: 1,
  instrument: 'guitar',
  hoverToHear: true,
  ...read(),
});

/** Keep the settings and show the colours asked for; to be called once, inside an effect. */
export function apply(): void {
  const root = document.documentElement;
  root.style.colorScheme = settings.theme === 'system' ? 'light dark' : settings.theme;
  root.lang = settings.language;
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // a private window may refuse; then they last as long as the page
  }
}
