import type { Submission } from '../submission.ts';
import type { Attachment, DescribedService, Mount, Tmpfs } from './described.ts';
import type { Findings } from './findings.ts';
import type { Tree } from './tree.ts';
import type { Values } from './values.ts';

/** What the rules of a service may look at. */
export interface Around {
  values: Values;
  findings: Findings;
  submission: Submission;
  /** Whether lab-roles.yml makes it a firewall. */
  firewall: boolean;
  services: ReadonlySet<string>;
  networks: ReadonlySet<string>;
  volumes: ReadonlySet<string>;
  secrets: ReadonlyMap<string, string>;
  configs: ReadonlyMap<string, string>;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A service while it is read. */
export type Draft = Omit<Writable<DescribedService>, 'mounts' | 'tmpfs' | 'environment' | 'networks'> & {
  mounts: Mount[];
  tmpfs: Tmpfs[];
  environment: Map<string, string>;
  networks: Attachment[];
};

/** What becomes of one key. */
export type Rule = (tree: Tree, draft: Draft, around: Around) => void;

/** What could be read is taken; what could not has been told of already. */
export function set<K extends keyof Draft>(draft: Draft, key: K, value: Draft[K] | undefined): void {
  if (value !== undefined) draft[key] = value;
}
