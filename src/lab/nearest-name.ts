import { distance } from 'fastest-levenshtein';

/** The name that a person most likely meant, when one is near enough to share at least a letter with it. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((candidate) => ({ candidate, far: distance(name, candidate) }))
    .sort((a, b) => a.far - b.far);
  const [best] = ranked;
  if (best === undefined) return undefined;
  const bound = Math.max(2, Math.floor(name.length / 3));
  return best.far <= bound && best.far < Math.min(name.length, best.candidate.length) ? best.candidate : undefined;
}

/** The advice that goes with it, as a part of a problem. */
export function didYouMean(name: string, names: readonly string[]): { fix?: string } {
  const nearest = nearestName(name, names);
  return nearest === undefined || nearest === name ? {} : { fix: `did you mean "${nearest}"?` };
}
