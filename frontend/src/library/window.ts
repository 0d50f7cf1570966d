/** Rows asked for at once. */
export const PAGE_ROWS = 100;

/** The rows that can be seen, and a few beyond. */
export function visible(
  scrolled_px: number,
  height_px: number,
  row_px: number,
  total: number,
): { first: number; last: number } {
  const beyond = 8;
  const first = Math.max(0, Math.floor(scrolled_px / row_px) - beyond);
  const last = Math.min(total, Math.ceil((scrolled_px + height_px) / row_px) + beyond);
  return { first: Math.min(first, last), last };
}

/** The pages of a window of rows that are not here yet. */
export function missingPages(
  first: number,
  last: number,
  total: number,
  here: (n: number) => boolean,
): number[] {
  const end = Math.min(last, total);
  const lacking: number[] = [];
  for (let n = Math.floor(first / PAGE_ROWS); n * PAGE_ROWS < end; n++) if (!here(n)) lacking.push(n);
  return lacking;
}
