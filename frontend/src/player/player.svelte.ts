import { settings } from '../app/settings.svelte';
import type { Span } from '../api/types';

export interface Playable {
  id: string;
  title: string;
  artist: string | null;
  duration_s: number;
}

export const SPEEDS = [0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2];

/** The one player of the page: it outlives every view. */
class Player {
  current = $state<Playable | null>(null);
  playing = $state(false);
  position_s = $state(0);
  duration_s = $state(0);
  speed = $state(1);
  muted = $state(false);
  loop = $state<Span | null>(null);
  failed = $state(false);
  queue = $state.raw<Playable[]>([]);

  #sound = new Audio();
  #form: 'auto' | 'transcoded' = 'auto';
  #frame = 0;
  #after_s: number | null = null;

  constructor() {
    const sound = this.#sound;
    sound.preload = 'auto';
    sound.preservesPitch = true;
    sound.volume = settings.volume;
    sound.addEventListener('play', () => {
      this.playing = true;
      this.#tick();
    });
    sound.addEventListener('pause', () => (this.playing = false));
    sound.addEventListener('ended', () => (this.has(1) ? this.next() : undefined));
    sound.addEventListener('timeupdate', () => this.#look());
    sound.addEventListener('seeked', () => this.#look());
    sound.addEventListener('error', () => this.#other());
    sound.addEventListener('loadedmetadata', () => {
      if (Number.isFinite(sound.duration)) this.duration_s = sound.duration;
      if (this.#after_s !== null) sound.currentTime = this.#after_s;
      this.#after_s = null;
      sound.playbackRate = this.speed;
    });
    this.#mediaKeys();
  }

  /** Play a track from a list; the list is what next and previous walk through. */
  play(track: Playable, list?: readonly Playable[], from_s = 0): void {
    if (list) this.queue = [...list];
    else if (!this.queue.some((one) => one.id === track.id)) this.queue = [track];
    if (this.current?.id !== track.id || this.failed) this.load(track);
    if (from_s || this.#sound.ended) this.seek(from_s);
    void this.#start();
  }

  load(track: Playable): void {
    this.current = track;
    this.failed = false;
    this.loop = null;
    this.position_s = 0;
    this.duration_s = track.duration_s;
    this.#form = 'auto';
    this.#sound.src = `/api/tracks/${track.id}/audio`;
    if ('mediaSession' in navigator) {
      navigator.mediaSession.metadata = new MediaMetadata({ title: track.title, artist: track.artist ?? '' });
    }
  }

  toggle(): void {
    if (!this.current) return;
    if (this.#sound.paused) void this.#start();
    else this.#sound.pause();
  }

  pause(): void {
    this.#sound.pause();
  }

  seek(to_s: number): void {
    const at = Math.min(Math.max(0, to_s), Math.max(0, this.duration_s - 0.05));
    this.position_s = at;
    if (this.#sound.readyState >= HTMLMediaElement.HAVE_METADATA) this.#sound.currentTime = at;
    else this.#after_s = at;
  }

  skip(by_s: number): void {
    if (this.current) this.seek(this.position_s + by_s);
  }

  has(step: 1 | -1): boolean {
    return this.#beside(step) !== undefined;
  }

  next(): void {
    const track = this.#beside(1);
    if (track) this.play(track);
  }

  /** As everywhere: first to the start, then to the track before. */
  previous(): void {
    const track = this.#beside(-1);
    if (this.position_s > 3 || !track) this.seek(0);
    else this.play(track);
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    this.#sound.playbackRate = speed;
  }

  faster(step: 1 | -1): void {
    const at = SPEEDS.reduce((best, one, i) => {
      return Math.abs(one - this.speed) < Math.abs(SPEEDS[best]! - this.speed) ? i : best;
    }, 0);
    this.setSpeed(SPEEDS[Math.min(Math.max(0, at + step), SPEEDS.length - 1)]!);
  }

  setVolume(volume: number): void {
    settings.volume = Math.round(100 * Math.min(1, Math.max(0, volume))) / 100;
    this.#sound.volume = settings.volume;
    if (settings.volume > 0) this.#mute(false);
  }

  toggleMute(): void {
    this.#mute(!this.muted);
  }

  setLoop(loop: Span | null): void {
    this.loop = loop;
    if (loop && (this.position_s < loop.start_s || this.position_s >= loop.end_s)) this.seek(loop.start_s);
  }

  #mute(muted: boolean): void {
    this.muted = muted;
    this.#sound.muted = muted;
  }

  #beside(step: 1 | -1): Playable | undefined {
    const at = this.queue.findIndex((one) => one.id === this.current?.id);
    return at < 0 ? undefined : this.queue[at + step];
  }

  async #start(): Promise<void> {
    try {
      await this.#sound.play();
    } catch (error) {
      // Another track was asked for meanwhile, or the error event says what is the matter.
      if (!(error instanceof DOMException)) throw error;
    }
  }

  /** Follow the sound frame by frame while it plays: markers move smoothly, loops end on time. */
  #tick(): void {
    cancelAnimationFrame(this.#frame);
    this.#look();
    if (this.playing) this.#frame = requestAnimationFrame(() => this.#tick());
  }

  #look(): void {
    if (this.#after_s !== null) return;
    const { loop } = this;
    if (loop && this.#sound.currentTime >= loop.end_s && !this.#sound.seeking) {
      this.#sound.currentTime = loop.start_s;
    }
    this.position_s = this.#sound.currentTime;
  }

  /** What the browser cannot play as it is, the server turns into FLAC. */
  #other(): void {
    if (!this.current || !this.#sound.getAttribute('src')) return;
    if (this.#form === 'transcoded') {
      this.failed = true;
      this.playing = false;
      return;
    }
    const goOn = this.playing || !this.#sound.paused;
    this.#form = 'transcoded';
    this.#after_s = this.position_s || null;
    this.#sound.src = `/api/tracks/${this.current.id}/audio?form=transcoded`;
    if (goOn) void this.#start();
  }

  #mediaKeys(): void {
    if (!('mediaSession' in navigator)) return;
    const session = navigator.mediaSession;
    session.setActionHandler('play', () => void this.#start());
    session.setActionHandler('pause', () => this.pause());
    session.setActionHandler('nexttrack', () => this.next());
    session.setActionHandler('previoustrack', () => this.previous());
    session.setActionHandler('seekto', (detail) => this.seek(detail.seekTime ?? 0));
  }
}

export const player = new Player();
