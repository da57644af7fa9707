import * as z from 'zod';
import { connectScript } from '../../../checks/connect-script.ts';
import { readConnections } from '../../../checks/inside.ts';
import type { TcpState } from '../../../probe/operations/tcp.ts';
import { defineMeasure, type MeasureContext, type Seen } from '../measure.ts';
import { conversationOf, conversationPattern, type Conversation } from './places.ts';

const options = z.strictObject({ conversations: z.array(z.string().regex(conversationPattern)).min(1) });

/** A denied SYN gets less than the second that the kernel waits before the next one. */
const deniedMs = 800;
const allowedMs = 2500;

/** Conversations get through: the other side answers, or refuses, as nothing need listen there. */
export const passes = defineMeasure({
  options,
  run: async (context, { conversations }) => {
    const states = await tried(context);
    return seenOf(conversations, states, (state) => state === 'open' || state === 'closed', 'got through');
  },
});

/** Conversations get no answer at all: a refusal would come from the other side, and so has passed. */
export const stops = defineMeasure({
  options,
  run: async (context, { conversations }) => {
    const states = await tried(context);
    return seenOf(conversations, states, (state) => state === 'filtered', 'were stopped');
  },
});

function seenOf(
  conversations: readonly string[],
  states: ReadonlyMap<string, TcpState>,
  isGood: (state: TcpState) => boolean,
  word: string,
): Seen {
  const lines = conversations.map((text) => ({ text, state: states.get(text) ?? 'unroutable' }));
  const unsent = lines.find(({ state }) => state === 'unroutable');
  if (unsent !== undefined) throw new Error(`${unsent.text} could not be tried from there`);
  const wrong = lines.filter(({ state }) => !isGood(state));
  // Those that went wrong stand first: evidence is cut at its end.
  const sorted = [...wrong, ...lines.filter(({ state }) => isGood(state))];
  return {
    good: wrong.length === 0,
    observed: `${lines.length - wrong.length} of ${lines.length} conversations ${word}`,
    evidence: sorted.map(({ text, state }) => `${text}: ${spoken[state]}`),
  };
}

const spoken: Record<TcpState, string> = {
  open: 'answered',
  closed: 'let through, and refused by the other side',
  filtered: 'no answer',
  unroutable: 'not sent',
};

const sweeps = new WeakMap<MeasureContext, Promise<ReadonlyMap<string, TcpState>>>();

/** Every conversation of the exercise, tried side by side once in a grading: what is silent takes its time. */
function tried(context: MeasureContext): Promise<ReadonlyMap<string, TcpState>> {
  const known = sweeps.get(context);
  if (known !== undefined) return known;
  const made = tryAll(context);
  sweeps.set(context, made);
  return made;
}

async function tryAll(context: MeasureContext): Promise<ReadonlyMap<string, TcpState>> {
  const { checks } = context.exercise;
  const written = (measure: string): string[] =>
    checks.filter((check) => check.measure === measure).flatMap((check) => options.parse(check.with).conversations);
  const allowed = new Set(written('firewall-passes'));
  const texts = [...new Set([...allowed, ...written('firewall-stops')])];
  const all = await Promise.all(texts.map((text) => conversationOf(context, text)));
  const starts = [...new Set(all.map(({ from }) => from))];
  const parts = await Promise.all(
    starts.map((from) => {
      const own = all.filter((one) => one.from === from);
      const isZone = context.plan.zones.some(({ name }) => name === from);
      return isZone ? asStranger(context, from, own, allowed) : asService(context, from, own, allowed);
    }),
  );
  return new Map(parts.flat());
}

type Tried = [string, TcpState][];

async function asStranger(
  { lab }: MeasureContext,
  zone: string,
  conversations: readonly Conversation[],
  allowed: ReadonlySet<string>,
): Promise<Tried> {
  const attempts = conversations.map(({ text, address, port }) => ({
    address,
    port,
    timeoutMs: allowed.has(text) ? allowedMs : deniedMs,
  }));
  const outcomes = await lab.vantages.from({ zone }).tcpMany(attempts, 256);
  return conversations.map(({ text }, index) => [text, outcomes[index]?.state ?? 'unroutable']);
}

async function asService(
  { lab }: MeasureContext,
  service: string,
  conversations: readonly Conversation[],
  allowed: ReadonlySet<string>,
): Promise<Tried> {
  const target = ({ address, port }: Conversation): string => `tcp/${address}:${port}`;
  const targets = conversations.map((one) => `${allowed.has(one.text) ? 'allowed' : 'denied'}=${target(one)}`);
  const { stdout } = await lab.exec(service, ['perl', '-e', connectScript, '--', ...targets], { timeoutMs: 10_000 });
  const states = readConnections(stdout, conversations.map(target));
  return conversations.map((one) => [one.text, states.get(target(one)) ?? 'unroutable']);
}
