import type { ServicePlan } from '../../plan/types.ts';
import type { HttpAnswer, HttpOutcome } from '../../probe/operations/http.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { once } from '../once.ts';
import { servicesOf } from '../services.ts';
import { tryServer } from '../site.ts';

/** What one server answered to each path, asked directly; no answer is an outcome too. */
export interface ServerAnswers {
  server: ServicePlan;
  answers: Readonly<Record<string, HttpOutcome>>;
}

const paths = ['/', '/healthz', '/readyz', '/static/site.css', '/static/about.html', '/no-such-page'] as const;
export type Path = (typeof paths)[number];

/** Every server's answers to the paths that the checks look at; measured once for all of them. */
export function eachServer(context: CheckContext): Promise<ServerAnswers[]> {
  const ask = async (server: ServicePlan): Promise<ServerAnswers> => ({
    server,
    answers: Object.fromEntries(
      await Promise.all(paths.map(async (path) => [path, await tryServer(context, server, { path })] as const)),
    ),
  });
  return once(context, 'servers/each', () => Promise.all(servicesOf(context.plan, 'web').map(ask)), 100);
}

/** Passes when `problem` finds nothing wrong with any server; otherwise says what is, server by server. */
export async function everyServer(
  context: CheckContext,
  good: string,
  problem: (answer: (path: Path) => HttpAnswer, server: ServicePlan) => string | undefined,
): Promise<Observation> {
  const found = (await eachServer(context)).flatMap(({ server, answers }) => {
    const words = problemOrSilence(answers, (answer) => problem(answer, server));
    return words === undefined ? [] : [`${server.name}: ${words}`];
  });
  const names = servicesOf(context.plan, 'web').map(({ name }) => name);
  return verdict(found.length === 0, found.length === 0 ? `${names.join(', ')}: ${good}` : found.join('; '));
}

/** One that does not answer a path has a problem with those who look at that path, and with no others. */
function problemOrSilence(
  answers: ServerAnswers['answers'],
  problem: (answer: (path: Path) => HttpAnswer) => string | undefined,
): string | undefined {
  try {
    return problem((path) => {
      const outcome = answers[path];
      if (outcome?.ok === true) return outcome;
      throw new Silence(`no answer to ${path}: ${outcome?.error.message ?? ''}`);
    });
  } catch (error) {
    if (error instanceof Silence) return error.message;
    throw error;
  }
}

class Silence extends Error {}
