import { settings } from '../app/settings.svelte';
import { en, type Strings } from './en';
import { ko } from './ko';

export type Language = 'en' | 'ko';
export const tables: Record<Language, Strings> = { en, ko };

/** The words of the language in use; read inside a component, it follows the switch. */
export const i18n = {
  get t(): Strings {
    return tables[settings.language];
  },
  get language(): Language {
    return settings.language;
  },
};
