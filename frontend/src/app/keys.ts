import { player } from '../player/player.svelte';
import { settings } from './settings.svelte';
import { router } from './router.svelte';
import { page } from './page.svelte';

/** Places where letters are letters. */
function writing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return !['range', 'button', 'checkbox', 'radio'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target.isContentEditable;
}

/** Places that need the arrows for themselves. */
function steering(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('select, input, [role=slider], [data-arrows]') !== null;
}

const PLAIN: Record<string, () => void> = {
  '[': () => player.faster(-1),
  ']': () => player.faster(1),
  '=': () => player.setSpeed(1),
  m: () => player.toggleMute(),
  n: () => player.next(),
  p: () => player.previous(),
  '?': () => (page.help = !page.help),
  '1': () => router.go({ view: 'library' }),
  '2': () => router.go({ view: 'map' }),
  '3': () => router.go({ view: 'try' }),
  t: () => player.current && router.go({ view: 'track', id: player.current.id }),
  s: () => player.current && router.go({ view: 'similar', id: player.current.id }),
  Escape: () => (page.help ? (page.help = false) : player.setLoop(null)),
};

/** Space always toggles, whatever button has the focus; so it is taken before any element sees it. */
function space(event: KeyboardEvent): void {
  if (event.key !== ' ' || writing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.type === 'keydown' && !event.repeat) player.toggle();
}

function arrows(event: KeyboardEvent): boolean {
  if (steering(event.target)) return false;
  const far = event.shiftKey ? 30 : 5;
  if (event.key === 'ArrowLeft') player.skip(-far);
  else if (event.key === 'ArrowRight') player.skip(far);
  else if (event.key === 'ArrowUp') player.setVolume(settings.volume + 0.05);
  else if (event.key === 'ArrowDown') player.setVolume(settings.volume - 0.05);
  else return false;
  return true;
}

function plain(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (writing(event.target)) {
    if (event.key === 'Escape') (event.target as HTMLElement).blur();
    return;
  }
  if (event.key === '/') {
    router.go({ view: 'library' });
    page.search++;
    event.preventDefault();
  } else if (arrows(event)) {
    event.preventDefault();
  } else if (!(event.target instanceof HTMLSelectElement)) {
    PLAIN[event.key]?.();
  }
}

export function listen(): void {
  addEventListener('keydown', space, { capture: true });
  addEventListener('keyup', space, { capture: true });
  addEventListener('keydown', plain);
}
