import { get } from '../api/client';
import type { Brief, TrackPage } from '../api/types';
import { page, textOf } from '../app/page.svelte';
import { closed, type Ends } from './ranges';
import { missingPages, PAGE_ROWS } from './window';

export type Sort =
  | 'title'
  | 'artist'
  | 'album'
  | 'genre'
  | 'year'
  | 'duration_s'
  | 'tempo_bpm'
  | 'key'
  | 'tuning_hz'
  | 'loudness_lufs';

const OPEN: Ends = { from: '', to: '' };

/** The tracks that fit what is asked for; only the windows that were looked at are here. */
class Rows {
  query = $state('');
  sort = $state<Sort>('title');
  order = $state<'asc' | 'desc'>('asc');
  tempo = $state<Ends>({ ...OPEN });
  tuning = $state<Ends>({ ...OPEN });
  loudness = $state<Ends>({ ...OPEN });
  year = $state<Ends>({ ...OPEN });
  key = $state('');
  genre = $state('');
  folder = $state('');

  total = $state(0);
  loaded = $state(false);
  error = $state<string | null>(null);
  /** Where the list is scrolled to, so that coming back finds the same place. */
  scrolled = 0;
  #pages = $state.raw(new Map<number, Brief[]>());
  #waiting = new Set<number>();
  #asked = new AbortController();

  /** What the server is asked; a change of it begins anew. */
  get words(): Record<string, string> {
    return {
      query: this.query.trim(),
      sort: this.sort,
      order: this.order,
      tempo: closed(this.tempo, 0, 9999),
      tuning: closed(this.tuning, 0, 9999),
      loudness: closed(this.loudness, -200, 100),
      year: closed(this.year, 0, 9999),
      key: this.key,
      genre: this.genre,
      folder: this.folder,
    };
  }

  /** How many filters are set, the search apart. */
  get filters(): number {
    const { query, sort, order, ...rest } = this.words;
    void [query, sort, order];
    return Object.values(rest).filter(Boolean).length;
  }

  clear(): void {
    for (const ends of [this.tempo, this.tuning, this.loudness, this.year]) Object.assign(ends, OPEN);
    this.key = this.genre = this.folder = '';
  }

  at(index: number): Brief | undefined {
    return this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
  }

  sortBy(sort: Sort): void {
    if (this.sort === sort) this.order = this.order === 'asc' ? 'desc' : 'asc';
    else [this.sort, this.order] = [sort, 'asc'];
  }

  /** Ask anew from the first row; what is shown stays until the answer is there. */
  async begin(): Promise<void> {
    this.#asked.abort();
    this.#asked = new AbortController();
    this.#waiting.clear();
    await this.#ask([0], true);
  }

  /** See to it that the rows of a window come. */
  need(first: number, last: number): void {
    const lacking = missingPages(first, last, this.total, (n) => this.#pages.has(n) || this.#waiting.has(n));
    if (lacking.length) void this.#ask(lacking, false);
  }

  /** Some rows from one on, for the player: what comes after what was chosen. */
  async from(index: number, count: number): Promise<Brief[]> {
    const answer = await get<TrackPage>('tracks', { ...this.words, offset: index, limit: count });
    return answer.tracks;
  }

  async #ask(pages: number[], anew: boolean): Promise<void> {
    const { signal } = this.#asked;
    for (const n of pages) this.#waiting.add(n);
    try {
      for (const n of pages) {
        const words = { ...this.words, offset: n * PAGE_ROWS, limit: PAGE_ROWS };
        const answer = await get<TrackPage>('tracks', words, signal);
        this.#pages = new Map(anew ? [] : this.#pages).set(n, answer.tracks);
        this.total = answer.total;
        this.#waiting.delete(n);
      }
      this.error = null;
      this.loaded = true;
    } catch (error) {
      if (signal.aborted) return;
      for (const n of pages) this.#waiting.delete(n);
      if (anew) this.error = textOf(error);
      else page.complain(error);
    }
  }
}

export const rows = new Rows();
