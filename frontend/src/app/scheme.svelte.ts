import { settings } from './settings.svelte';

const system = matchMedia('(prefers-color-scheme: dark)');
const seen = $state({ dark: system.matches });
system.addEventListener('change', () => (seen.dark = system.matches));

const NAMES = [
  'paper',
  'surface',
  'raised',
  'line',
  'edge',
  'ink',
  'soft',
  'accent',
  'play',
  'warn',
] as const;
export type Palette = Record<(typeof NAMES)[number], string> & { dark: boolean };

const palettes = new Map<boolean, Palette>();

/** The page's colours as a canvas understands them; the style sheet stays the one place that names them. */
function resolve(dark: boolean): Palette {
  const probe = document.createElement('i');
  probe.style.colorScheme = dark ? 'dark' : 'light';
  document.body.append(probe);
  const colours = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return { ...(Object.fromEntries(colours) as Record<(typeof NAMES)[number], string>), dark };
}

export const scheme = {
  get dark(): boolean {
    return settings.theme === 'system' ? seen.dark : settings.theme === 'dark';
  },
  get palette(): Palette {
    const { dark } = this;
    if (!palettes.has(dark)) palettes.set(dark, resolve(dark));
    return palettes.get(dark)!;
  },
};
