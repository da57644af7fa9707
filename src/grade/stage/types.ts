/** How one of a submission's services came up. */
export interface Start {
  /** What the accepting command said; undefined where the exercise has none, or a file is missing. */
  accepted?: { good: boolean; output: string };
  ready: boolean;
  /** Why it is not ready, in words for `observed`. */
  words: string;
  /** The last lines that it wrote. */
  log: string[];
}
