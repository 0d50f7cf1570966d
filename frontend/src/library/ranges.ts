/** Two ends of a range as they are typed; empty is open. */
export interface Ends {
  from: string;
  to: string;
}

/** The range as the server reads it, an open end as far as anything goes; empty where both are open. */
export function closed({ from, to }: Ends, lowest: number, highest: number): string {
  const [low, high] = [from.trim(), to.trim()].map((text) => text.replace(',', '.').replace('−', '-'));
  return low || high ? `${low || lowest}-${high || highest}` : '';
}
