import type { CheckContext, Observation } from '../../checks/check.ts';

/** Something that a demo says of a lab and no check asks for: a weakness, say. Measured like a check, with something to look at. */
export interface Claim {
  id: string;
  title: string;
  run(context: CheckContext): Promise<Exhibit>;
}

export interface Exhibit extends Observation {
  /** What was seen itself, such as a packet; nothing where the words say it all. */
  exhibit?: string;
}
