/** Mixing facets on this side of the wire, so that a slider reorders at once.
 *
 * A match's similarity is the weighted geometric mean of its facets' similarities, as the server has it
 * (docs/facets.md); only the evening-out of hubs needs the server, whose answer follows a moment later.
 */

export type Weights = Record<string, number>;

export interface Mixable {
  id: string;
  facets: Record<string, number>;
  /** What the server's answer is to ours, for how crowded the place is; 1 where it has not said. */
  factor?: number;
}

/** A facet that was not measured on both sides is as far apart as two tracks drawn at random. */
const UNKNOWN = 0.25;

export function mixed(facets: Record<string, number>, weights: Weights): number {
  let total = 0;
  let sum = 0;
  for (const [name, weight] of Object.entries(weights)) {
    if (weight <= 0) continue;
    total += weight;
    sum += weight * Math.log(Math.max(facets[name] ?? UNKNOWN, 1e-9));
  }
  return total ? Math.exp(sum / total) : 0;
}

/** Each facet's part in a match: how much nearer than chance, weighted; together 1, or all 0. */
export function shares(facets: Record<string, number>, weights: Weights): Record<string, number> {
  const gains = Object.entries(facets).map(([name, value]) => {
    const distance = -Math.log(Math.max(value, 1e-9)) / Math.log(4);
    return [name, (weights[name] ?? 0) * Math.max(0, 1 - distance)] as const;
  });
  const total = gains.reduce((sum, [, gain]) => sum + gain, 0);
  return Object.fromEntries(gains.map(([name, gain]) => [name, total ? gain / total : 0]));
}

/** Put the answers with their reasons and the bare candidates together, once each.
 *
 * Where something was to be left out ("less like this") only the answers count: the candidates do not know of it.
 */
export function pooled<T extends Mixable & { similarity: number }>(
  answer: { results: readonly T[]; candidates: readonly T[] },
  weights: Weights,
  less: boolean,
): T[] {
  const results = answer.results.map((one) => {
    const ours = mixed(one.facets, weights);
    return { ...one, factor: ours > 0 ? one.similarity / ours : 1 };
  });
  const known = new Set(results.map((one) => one.id));
  return less ? results : [...results, ...answer.candidates.filter((one) => !known.has(one.id))];
}

/** The matches with their similarity under some weights, best first; equals keep to their ids. */
export function ordered<T extends Mixable>(matches: readonly T[], weights: Weights): (T & { now: number })[] {
  return matches
    .map((match) => ({ ...match, now: Math.min(1, mixed(match.facets, weights) * (match.factor ?? 1)) }))
    .sort((a, b) => b.now - a.now || (a.id < b.id ? -1 : 1));
}

/** Weights as the server reads them. */
export function spoken(weights: Weights): string {
  return Object.entries(weights)
    .map(([name, weight]) => `${name}=${weight}`)
    .join(',');
}
