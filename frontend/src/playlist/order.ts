/** Return a list with one item moved to another place; places outside it are its ends. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const result = [...list];
  const [item] = result.splice(from, 1);
  if (item === undefined) return [...list];
  result.splice(Math.min(Math.max(0, to), result.length), 0, item);
  return result;
}
