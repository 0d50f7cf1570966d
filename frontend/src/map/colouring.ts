import type { MapColumns } from '../api/types';
import { keyColour, tempoShare } from '../music/colours';

export const COLOURINGS = ['key', 'tempo', 'genre', 'folder'] as const;
export type Colouring = (typeof COLOURINGS)[number];

export interface LegendItem {
  /** What the item stands for; null is "not known", undefined all the rest. */
  value: string | null | undefined;
  colour: string;
  count: number;
}

export interface Coloured {
  legend: LegendItem[];
  /** Place in the legend, one per track. */
  item: Uint16Array;
  /** Colour of each track where it does not depend on the item alone. */
  own?: string[];
}

const UNKNOWN = 'oklch(0.62 0 0)';
/** So many groups have a colour of their own; more could not be told apart. */
const GROUPS = 11;
const TEMPOS = [60, 75, 90, 105, 120, 135, 150, 165, 180];

export function tempoColour(bpm: number): string {
  const share = tempoShare(bpm);
  return `oklch(${(0.62 + 0.1 * share).toFixed(3)} 0.14 ${(255 - 225 * share).toFixed(0)})`;
}

function groupColour(n: number): string {
  return `oklch(${n % 2 ? 0.6 : 0.73} 0.125 ${Math.round(25 + (n * 360) / GROUPS)})`;
}

/** Give every track a colour and a place in the legend; the most frequent come first. */
export function colouring(map: MapColumns, by: Colouring): Coloured {
  if (by === 'tempo') return byTempo(map);
  const values = map.id.map((_, i) => valueOf(map, by, i));
  const counts = new Map<string | null, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const known = [...counts.keys()].filter((value): value is string => value !== null);
  known.sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1));
  const shown = by === 'key' ? known.sort(aroundTheCircle) : known.slice(0, GROUPS);
  const legend: LegendItem[] = shown.map((value, n) => ({
    value,
    colour: by === 'key' ? ofKey(value) : groupColour(n),
    count: counts.get(value)!,
  }));
  const rest = known.slice(shown.length).reduce((sum, value) => sum + counts.get(value)!, 0);
  if (rest && by !== 'key') legend.push({ value: undefined, colour: 'oklch(0.62 0.03 90)', count: rest });
  if (counts.has(null)) legend.push({ value: null, colour: UNKNOWN, count: counts.get(null)! });
  const places = new Map(legend.map((item, n) => [item.value, n]));
  const item = Uint16Array.from(values, (value) => places.get(value) ?? places.get(undefined) ?? 0);
  return { legend, item };
}

function valueOf(map: MapColumns, by: Colouring, i: number): string | null {
  if (by === 'key') return map.key[i] ?? null;
  const at = by === 'genre' ? map.genre[i] : map.folder[i];
  return at === null || at === undefined ? null : ((by === 'genre' ? map.genres : map.folders)[at] ?? null);
}

function ofKey(name: string): string {
  const [tonic = '', mode = ''] = name.split(' ');
  return keyColour(tonic, mode);
}

const CIRCLE = ['C', 'G', 'D', 'A', 'E', 'B', 'F#', 'C#', 'Ab', 'Eb', 'Bb', 'F'];

function aroundTheCircle(a: string, b: string): number {
  const place = (name: string) => {
    const [tonic = '', mode = ''] = name.split(' ');
    return CIRCLE.indexOf(tonic) + (mode === 'minor' ? 100 : 0);
  };
  return place(a) - place(b);
}

function byTempo(map: MapColumns): Coloured {
  const bin = (bpm: number | null) => {
    if (bpm === null) return TEMPOS.length;
    const at = TEMPOS.findIndex((edge, i) => bpm < (edge + (TEMPOS[i + 1] ?? Infinity)) / 2);
    return at < 0 ? TEMPOS.length - 1 : at;
  };
  const bins = Uint16Array.from(map.tempo_bpm, bin);
  const counts = new Array<number>(TEMPOS.length + 1).fill(0);
  for (const n of bins) counts[n]!++;
  const all: LegendItem[] = TEMPOS.map((bpm, n) => ({
    value: `${bpm}`,
    colour: tempoColour(bpm),
    count: counts[n]!,
  }));
  all.push({ value: null, colour: UNKNOWN, count: counts[TEMPOS.length]! });
  const legend = all.filter((one) => one.count);
  const item = bins.map((n) => legend.indexOf(all[n]!));
  return { legend, item, own: map.tempo_bpm.map((bpm) => (bpm === null ? UNKNOWN : tempoColour(bpm))) };
}

const kept = new Map<string, readonly [number, number, number]>();
let pixel: CanvasRenderingContext2D | null = null;

/** A CSS colour as bytes; the browser itself does the sum. */
export function bytes(colour: string): readonly [number, number, number] {
  const known = kept.get(colour);
  if (known) return known;
  pixel ??= new OffscreenCanvas(1, 1).getContext('2d', {
    willReadFrequently: true,
  }) as unknown as CanvasRenderingContext2D;
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  const [r, g, b] = pixel.getImageData(0, 0, 1, 1).data;
  const found = [r!, g!, b!] as const;
  kept.set(colour, found);
  return found;
}

/** Four bytes for every track; where one item of the legend is chosen, the others step back. */
export function paint({ legend, item, own }: Coloured, only: number | null): Uint8Array<ArrayBuffer> {
  const colours = new Uint8Array(4 * item.length);
  const items = legend.map((one) => bytes(one.colour));
  item.forEach((n, i) => {
    const [r, g, b] = own ? bytes(own[i]!) : items[n]!;
    colours.set([r, g, b, only === null || only === n ? 225 : 34], 4 * i);
  });
  return colours;
}
