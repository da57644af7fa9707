import { setTimeout as sleep } from 'node:timers/promises';
import { stackOf } from '../../plan/stacks.ts';
import { statistics } from '../balancing/statistics.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { servicesOf } from '../services.ts';
import { siteOf } from '../site.ts';

/** Until the balancer has looked twice, and, at the end, until it takes the server back. */
const deadlineMs = 15_000;
const requests = 30;
/** HAProxy's name for a connection that came about, and a handshake that did not. */
const refusedCertificate = 'L6RSP';

/**
 * Has the last server show the certificate of its neighbour, whose key it was given: one that the lab's CA has signed, for another
 * name. Looks at what the balancer and its visitors make of it, and puts things back.
 */
export async function verifiesServers(context: CheckContext): Promise<Observation> {
  const servers = servicesOf(context.plan, 'web').map(({ name }) => name);
  const [neighbour, impostor] = [servers[0], servers.at(-1)];
  if (neighbour === undefined || impostor === undefined || neighbour === impostor)
    throw new Error('two servers are needed');
  const site = await siteOf(context);
  try {
    await disguise(context, impostor, neighbour);
    // While it starts anew, nobody listens (L4CON): that is not yet the certificate's doing.
    const state = await until(
      context,
      impostor,
      ({ status, check }) => status === 'DOWN' && check === refusedCertificate,
    );
    const outcomes = await site.askMany(
      Array.from({ length: requests }, () => ({ path: '/healthz' })),
      { width: 4 },
    );
    const failed = outcomes.filter((outcome) => !outcome.ok || outcome.status !== 200).length;
    const served = outcomes.filter((outcome) => outcome.ok && outcome.headers['x-served-by'] === impostor).length;
    return verdict(
      state.status === 'DOWN' && state.check === refusedCertificate && served === 0 && failed === 0,
      `${impostor} with the certificate of ${neighbour}: ${state.status} (${state.check}); of ${outcomes.length} requests it served ${served}, and ${failed} failed`,
    );
  } finally {
    await undisguise(context, impostor);
    await until(context, impostor, ({ status }) => status === 'UP');
  }
}

interface State {
  status: string;
  /** HAProxy's own short name, such as L6RSP: TLS failed. */
  check: string;
}

async function until(context: CheckContext, server: string, reached: (state: State) => boolean): Promise<State> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const found = (await statistics(context)).filter((one) => one.server === server);
    // Every balancer has to see it.
    const state = found.find((one) => !reached(one)) ?? found[0] ?? { status: 'unknown', check: 'unknown' };
    if (reached(state) || performance.now() > deadline) return state;
    await sleep(100, undefined, { signal: context.signal });
  }
}

/** The web server runs on a copy of its configuration in which the certificate is another's. */
async function disguise(context: CheckContext, server: string, as: string): Promise<void> {
  const { process, file } = stackOf(context.plan.lab, server);
  const [certificate, key] = await Promise.all(['crt', 'key'].map((end) => context.secret(as, `server.${end}`)));
  await restarted(
    context,
    server,
    [
      'umask 077',
      'cat > /run/impostor.pem',
      `sed -E 's#/run/secrets/server\\.(crt|key)#/run/impostor.pem#g' /etc/lab/${file} > /run/impostor.conf`,
      `sed 's#/etc/lab/${file}#/run/impostor.conf#' /etc/s6/${process}/run > /run/impostor-run`,
      'chmod +x /run/impostor-run',
      `mv -f /run/impostor-run /run/service/${process}/run`,
    ],
    `${certificate ?? ''}\n${key ?? ''}\n`,
  );
}

async function undisguise(context: CheckContext, server: string): Promise<void> {
  const { process } = stackOf(context.plan.lab, server);
  await restarted(context, server, [
    `ln -sfn /etc/s6/${process}/run /run/service/${process}/run`,
    'rm -f /run/impostor.pem /run/impostor.conf',
  ]);
}

/** @throws when a step fails, or the web server does not run afterwards */
async function restarted(context: CheckContext, server: string, steps: readonly string[], stdin = ''): Promise<void> {
  const restart = `s6-svc -wR -T 5000 -r /run/service/${stackOf(context.plan.lab, server).process}`;
  const script = ['set -eu', ...steps, restart].join('\n');
  const { exitCode, stderr } = await context.exec(server, ['sh', '-c', script], { stdin });
  if (exitCode !== 0) throw new Error(`on ${server}: ${stderr.trim()}`);
}
