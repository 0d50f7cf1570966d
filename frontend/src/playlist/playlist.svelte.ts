import type { Brief } from '../api/types';
import type { Playable } from '../player/player.svelte';
import { titleOf } from '../text/names';
import { moved } from './order';

const KEY = 'sori.playlist';

/** A track as the player and the playlist know it. */
export function playable(track: Pick<Brief, 'id' | 'title' | 'path' | 'artist' | 'duration_s'>): Playable {
  return { id: track.id, title: titleOf(track), artist: track.artist, duration_s: track.duration_s };
}

function read(): Playable[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? (kept as Playable[]) : [];
  } catch {
    return []; // storage is refused or holds something else
  }
}

/** The playlist that is being made; it stays in this browser until it is saved as a file. */
class Playlist {
  tracks = $state.raw<Playable[]>(read());
  open = $state(false);

  /** Add what is not there yet; return how many that was. */
  add(...tracks: Playable[]): number {
    const known = new Set(this.tracks.map((track) => track.id));
    const fresh = tracks.filter((track) => !known.has(track.id) && known.add(track.id));
    this.#keep([...this.tracks, ...fresh]);
    return fresh.length;
  }

  remove(id: string): void {
    this.#keep(this.tracks.filter((track) => track.id !== id));
  }

  move(from: number, to: number): void {
    this.#keep(moved(this.tracks, from, to));
  }

  clear(): void {
    this.#keep([]);
  }

  has(id: string): boolean {
    return this.tracks.some((track) => track.id === id);
  }

  #keep(tracks: Playable[]): void {
    this.tracks = tracks;
    try {
      localStorage.setItem(KEY, JSON.stringify(tracks));
    } catch {
      // a private window may refuse; then it lasts as long as the page
    }
  }
}

export const playlist = new Playlist();
