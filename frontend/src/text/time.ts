/** Seconds as a clock: 4:07, 1:02:03; with tenths where they matter. */
export function clock(seconds: number | null | undefined, tenths = false): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–:––';
  const scale = tenths ? 10 : 1;
  const whole = Math.max(0, tenths ? Math.floor(seconds * scale + 1e-6) : Math.round(seconds));
  const all = Math.floor(whole / scale);
  const [hours, minutes, rest] = [Math.floor(all / 3600), Math.floor(all / 60) % 60, all % 60];
  const tail = `${String(rest).padStart(2, '0')}${tenths ? `.${whole % scale}` : ''}`;
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** A long time in words that fit a line: 3 d 4 h, 2 h 5 min, 40 min. */
export function span(seconds: number, language: string): string {
  const minutes = Math.round(seconds / 60);
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const [dd, hh, mm] = language === 'ko' ? ['일', '시간', '분'] : [' d', ' h', ' min'];
  if (d) return `${d}${dd} ${h}${hh}`;
  return h ? `${h}${hh} ${m}${mm}` : `${m}${mm}`;
}

/** Distances between marks on a time axis that people count in. */
const STEPS_S = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

export function tickStep(spanS: number, marks: number): number {
  return STEPS_S.find((step) => spanS / step <= marks) ?? 7200;
}
