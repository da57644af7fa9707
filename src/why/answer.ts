import type { Question } from './question.ts';

/** How the attempt ended. `rejected`: a firewall refused it in the target's name. `silent`: UDP that nothing said no to. */
export type State = 'open' | 'closed' | 'filtered' | 'rejected' | 'unroutable' | 'silent';

/** The rule, or the chain's policy, that decided about a packet. */
export interface Decision {
  table: string;
  chain: string;
  /** As `iptables-save` writes it; `null` for the chain's policy. */
  rule: string | null;
  verdict: string;
  /** The flow of `lab.yml` that the rule was made from. */
  flow: string | null;
  /** Where the rule stands in the project's file; `null` for one that was put in by hand. */
  file: string | null;
  line: number | null;
  /** Packets that it has counted; `null` where it could not be found among the running rules. */
  counter: { before: number; after: number } | null;
}

/** What one firewall did with the question or with its answer. */
export interface Hop {
  firewall: string;
  direction: 'request' | 'answer';
  in: string | null;
  out: string | null;
  outcome: 'forwarded' | 'delivered' | 'sent' | 'dropped' | 'rejected' | 'lost';
  /** The rules that led to the one that decided, from chain to chain. */
  via: Decision[];
  decision: Decision | null;
  /** Where a rule sent it instead. */
  rewritten: { to: string; by: Decision | null } | null;
}

/** Why a source can, or cannot, reach a target: `lab why --json`. */
export interface Answer {
  project: string;
  from: string;
  to: Question['to'];
  reachable: boolean;
  state: State;
  /** In a sentence. */
  reason: string;
  /** What the policy says about it: the flow that allows it. */
  policy: { allowed: boolean; flow: string | null };
  /** Whether any firewall stands between the two. */
  firewallBetween: boolean;
  /** The way out of the source's own network namespace; `null` for strangers and this machine. */
  route: { via: string | null; interface: string } | null;
  hops: Hop[];
}
