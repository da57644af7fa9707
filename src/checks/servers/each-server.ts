import type { ServicePlan } from '../../plan/types.ts';
import type { HttpAnswer } from '../../probe/operations/http.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { once } from '../once.ts';
import { servicesOf } from '../services.ts';
import { askServer } from '../site.ts';

/** What one server answered to each path, asked directly. */
export interface ServerAnswers {
  server: ServicePlan;
  answers: Readonly<Record<string, HttpAnswer>>;
}

const paths = ['/', '/healthz', '/readyz', '/static/site.css', '/static/about.html', '/no-such-page'] as const;
export type Path = (typeof paths)[number];

/** Every server's answers to the paths that the checks look at; measured once for all of them. */
export function eachServer(context: CheckContext): Promise<ServerAnswers[]> {
  const ask = async (server: ServicePlan): Promise<ServerAnswers> => ({
    server,
    answers: Object.fromEntries(
      await Promise.all(paths.map(async (path) => [path, await askServer(context, server, { path })] as const)),
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
    const words = problem((path) => answers[path] as HttpAnswer, server);
    return words === undefined ? [] : [`${server.name}: ${words}`];
  });
  const names = servicesOf(context.plan, 'web').map(({ name }) => name);
  return verdict(found.length === 0, found.length === 0 ? `${names.join(', ')}: ${good}` : found.join('; '));
}
