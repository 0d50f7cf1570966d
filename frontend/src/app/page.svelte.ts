import { get, Refused } from '../api/client';
import type { Indexing, Library } from '../api/types';
import { i18n } from '../i18n/index.svelte';

interface Note {
  id: number;
  text: string;
  kind: 'said' | 'wrong';
}

/** What the whole page shares: the library as it stands, what is going on, what was said. */
class Page {
  library = $state.raw<Library | null>(null);
  indexing = $state.raw<Indexing | null>(null);
  online = $state(true);
  help = $state(false);
  /** Counts up whenever somebody asks for the search field. */
  search = $state(0);
  /** Counts up whenever the library has changed. */
  revision = $state(0);
  /** Counts up whenever a new map has been laid out. */
  mapped = $state(0);
  notes = $state<Note[]>([]);
  #count = 0;

  say(text: string, kind: Note['kind'] = 'said'): void {
    if (this.notes.some((note) => note.text === text)) return;
    const id = ++this.#count;
    this.notes.push({ id, text, kind });
    setTimeout(() => this.unsay(id), kind === 'said' ? 4000 : 9000);
  }

  unsay(id: number): void {
    this.notes = this.notes.filter((note) => note.id !== id);
  }

  /** Say what went wrong in the words of whoever refused. */
  complain(error: unknown): void {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    this.say(textOf(error), 'wrong');
  }

  async look(): Promise<void> {
    try {
      this.library = await get<Library>('library');
      this.indexing = this.library.indexing ?? (this.indexing?.running ? null : this.indexing);
      this.online = true;
    } catch (error) {
      this.online = !(error instanceof Refused && error.status === 0);
      if (this.online) this.complain(error);
    }
  }

  /** Hear what the server says by itself: how far the indexing is, and that the library has changed. */
  listen(): void {
    const events = new EventSource('/api/events');
    events.addEventListener('open', () => {
      if (!this.online) void this.look();
      this.online = true;
    });
    events.addEventListener('error', () => (this.online = events.readyState === EventSource.OPEN));
    events.addEventListener('index', (event) => {
      const before = this.indexing?.running;
      this.indexing = JSON.parse((event as MessageEvent<string>).data) as Indexing;
      if (before && !this.indexing.running) void this.look();
    });
    events.addEventListener('map', () => this.mapped++);
    let waiting = 0;
    events.addEventListener('library', () => {
      // While indexing it changes many times a second; looking twice a second is enough.
      waiting ||= window.setTimeout(() => {
        waiting = 0;
        this.revision++;
        void this.look();
      }, 500);
    });
  }
}

export function textOf(error: unknown): string {
  if (error instanceof Refused && error.status === 0) return i18n.t.app.offline;
  return error instanceof Error ? error.message : String(error);
}

export const page = new Page();
