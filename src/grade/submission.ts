/** A submission as the grader works with it: plain text by path. Nothing of it is a file of this machine any more. */
export interface Submission {
  /** The folder's or archive's own name. */
  name: string;
  /** Contents by path, with `/` between folders. Only regular files, UTF-8 without NUL bytes, within the limits. */
  files: ReadonlyMap<string, string>;
  notes: readonly string[];
}

/** A file of a submission, adapted to the lab it is graded in. */
export interface Adapted {
  text: string;
  /** What was changed and why, one line each; empty when nothing was. */
  notes: string[];
}

/** What adaptations know of the lab that the submission is graded in. */
export interface Surroundings {
  /** Where the balancer finds its certificate and key in one PEM. */
  certificate: string;
  /** The lab's web servers in order: name, address and port. */
  servers: readonly { name: string; address: string; port: number }[];
  domain: string;
}

/** Makes a text that was written for another machine fit this lab, and says each thing it changed. */
export type Adaptation = (text: string, surroundings: Surroundings) => Adapted;
