import type { Tiles } from '../api/types';
import type { Window } from './window';

type Rgb = readonly [number, number, number];

/** Soft to loud, in colours that belong to the page. */
const DARK: Rgb[] = [
  [18, 20, 22],
  [20, 48, 58],
  [30, 100, 96],
  [110, 178, 140],
  [244, 214, 140],
  [255, 244, 220],
];
const LIGHT: Rgb[] = [
  [255, 255, 255],
  [224, 238, 230],
  [136, 190, 176],
  [42, 122, 112],
  [24, 66, 78],
  [24, 22, 30],
];

/** A table of 256 colours through some stops. */
export function ramp(stops: readonly Rgb[]): Uint8ClampedArray {
  const table = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (stops.length - 1);
    const from = Math.min(Math.floor(at), stops.length - 2);
    for (let c = 0; c < 3; c++) {
      table[i * 4 + c] = stops[from]![c]! + (at - from) * (stops[from + 1]![c]! - stops[from]![c]!);
    }
    table[i * 4 + 3] = 255;
  }
  return table;
}

/** The coarsest zoom that still has a column for every pixel, or else the finest there is. */
export function zoomFor(tiles: Tiles, seen: Window, width: number): Tiles['zooms'][number] | undefined {
  const wanted = width / (seen.end_s - seen.start_s);
  const finest = [...tiles.zooms].sort((a, b) => b.tile_s - a.tile_s);
  return finest.find((zoom) => tiles.tile.width / zoom.tile_s >= wanted * 0.8) ?? finest.at(-1);
}

/** Tiles of one track, fetched as they come into view, coloured once. */
export class TileShelf {
  #tiles = new Map<string, HTMLCanvasElement | null>();
  #tables = { dark: ramp(DARK), light: ramp(LIGHT) };

  constructor(
    readonly id: string,
    readonly plan: Tiles,
    readonly onReady: () => void,
  ) {}

  /** Draw what is here, and see to it that the rest comes; says whether all of it was here. */
  draw(
    ctx: CanvasRenderingContext2D,
    kind: string,
    seen: Window,
    size: { width: number; height: number },
    dark: boolean,
  ): boolean {
    const zoom = zoomFor(this.plan, seen, size.width);
    if (!zoom) return true;
    let whole = true;
    const first = Math.max(0, Math.floor(seen.start_s / zoom.tile_s));
    const last = Math.min(zoom.tiles - 1, Math.floor(seen.end_s / zoom.tile_s));
    const scale = size.width / (seen.end_s - seen.start_s);
    ctx.imageSmoothingEnabled = true;
    for (let n = first; n <= last; n++) {
      const tile = this.#tile(kind, zoom.zoom, n, dark);
      if (!tile) {
        whole = false;
        continue;
      }
      // The last tile may be narrower: it holds the rest of the time at the same columns a second.
      const length = (tile.width / this.plan.tile.width) * zoom.tile_s;
      const left = (n * zoom.tile_s - seen.start_s) * scale;
      ctx.drawImage(tile, left, 0, length * scale + 0.6, size.height);
    }
    return whole;
  }

  #tile(kind: string, zoom: number, n: number, dark: boolean): HTMLCanvasElement | null {
    const key = `${kind}/${zoom}/${n}/${dark}`;
    const kept = this.#tiles.get(key);
    if (kept !== undefined) return kept;
    this.#tiles.set(key, null);
    if (this.#tiles.size > 240) this.#tiles.delete(this.#tiles.keys().next().value!);
    const picture = new Image();
    picture.onload = () => {
      this.#tiles.set(key, this.#coloured(picture, dark));
      this.onReady();
    };
    picture.onerror = () => setTimeout(() => this.#tiles.delete(key), 5000);
    picture.src = `/api/tracks/${this.id}/spectrogram/${kind}/${zoom}/${n}.png`;
    return null;
  }

  #coloured(picture: HTMLImageElement, dark: boolean): HTMLCanvasElement {
    const canvas = document.createElement('canvas');
    canvas.width = picture.naturalWidth;
    canvas.height = picture.naturalHeight;
    const ctx = canvas.getContext('2d')!;
    ctx.drawImage(picture, 0, 0);
    const pixels = ctx.getImageData(0, 0, canvas.width, canvas.height);
    const from = pixels.data;
    const table = new Uint32Array((dark ? this.#tables.dark : this.#tables.light).buffer);
    const to = new Uint32Array(from.buffer);
    for (let i = 0; i < to.length; i++) to[i] = table[from[i * 4]!]!;
    ctx.putImageData(pixels, 0, 0);
    return canvas;
  }
}
