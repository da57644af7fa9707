import { setTimeout as sleep } from 'node:timers/promises';
import { verdict, type CheckContext } from '../../checks/check.ts';
import { Load } from '../../checks/balancing/load.ts';
import { statistics } from '../../checks/balancing/statistics.ts';
import { sharedPackages } from '../../checks/servers/diverse.ts';
import { listed, servicesOf } from '../../checks/services.ts';
import { siteOf, type Site } from '../../checks/site.ts';
import { putBack, putBehind, startAgain } from '../../engine/supervised.ts';
import { stackNameOf } from '../../plan/stacks.ts';
import type { Claim } from './claim.ts';

/** The third weakness in figures: how much the servers have in common. */
export const componentsShared: Claim = {
  id: 'flaw.components-shared',
  title: 'Every component is on every server',
  run: async (context) => {
    const { packages, shared } = await sharedPackages(context);
    const most = Math.max(...Object.values(packages).map(({ length }) => length));
    return verdict(shared.length === most, `${shared.length} of ${most} packages are on all of ${names(context)}`);
  },
};

/** What one flaw does where all servers are alike. */
export const takesAllServers: Claim = {
  id: 'flaw.takes-all-servers',
  title: 'One request, sent again and again, takes all servers, and visitors are turned away',
  run: async (context) => {
    const { taken, servers, visits, failures, story } = await exploit(context);
    const turnedAway = failures.filter((words) => words.includes('503')).length;
    return {
      ...verdict(
        taken.length === servers.length && turnedAway > 0,
        `${taken.length} of ${servers.length} servers down at once; of ${visits} visits ${failures.length} failed, ${turnedAway} of them with 503`,
      ),
      exhibit: story,
    };
  },
};

/** What the same flaw does where one server alone has the component. */
export const takesOneServer: Claim = {
  id: 'flaw.takes-one-server',
  title: 'The same request takes one server, and no visitor sees an error',
  run: async (context) => {
    const { taken, servers, visits, failures, story } = await exploit(context);
    return {
      ...verdict(
        taken.length === 1 && visits > 0 && failures.length === 0,
        `${listed(taken)} of ${servers.length} servers was down; of ${visits} visits ${failures.length} failed`,
      ),
      exhibit: story,
    };
  },
};

interface Exploit {
  servers: string[];
  /** Those that were out of rotation together, when there were most of them. */
  taken: string[];
  visits: number;
  failures: readonly string[];
  story: string;
}

/**
 * The flaw, made up for the demonstration: Node.js dies of a request with this header. It is put behind the process's start in the
 * container's own writable place, and taken out at the end.
 */
const header = 'x-made-up-flaw';
const flaw = [
  `cat > /run/flaw.cjs <<'END'`,
  `const { Server } = require('node:http');`,
  'const { emit } = Server.prototype;',
  'Server.prototype.emit = function (event, request, ...rest) {',
  `  if (event === 'request' && request.headers['${header}'] !== undefined) process.kill(process.pid, 'SIGKILL');`,
  '  return emit.call(this, event, request, ...rest);',
  '};',
  'END',
  'export NODE_OPTIONS="--require=/run/flaw.cjs"',
].join('\n');

const flawed = 'nginx-node';
const attackMs = 6000;
const pauseMs = 150;
const deadlineMs = 15_000;

/** Sends the deadly request while visitors read and write, and looks at which servers the balancer has left. */
async function exploit(context: CheckContext): Promise<Exploit> {
  const servers = servicesOf(context.plan, 'web').map(({ name }) => name);
  const victims = servers.filter((name) => stackNameOf(context.plan.lab, name) === flawed);
  const site = await siteOf(context);
  const load = new Load(site);
  try {
    await Promise.all(victims.map((name) => restart(context, name, putBehind('app', flaw))));
    await allUp(context);
    await load.settle(servers);
    const began = performance.now();
    const watching = watch(context, began);
    await Promise.all([watching, attack(site, began), load.runWhile(watching)]);
    const { taken, story } = await watching;
    return { servers, taken, visits: load.requests, failures: load.failures, story };
  } finally {
    await Promise.all(victims.map((name) => restart(context, name, `${putBack('app')}; rm -f /run/flaw.cjs`)));
    await allUp(context);
    await load.clean(context);
  }
}

async function attack(site: Site, began: number): Promise<void> {
  while (performance.now() - began < attackMs) {
    await site.tryAsk({ path: '/', headers: { [header]: '1' } });
    await sleep(pauseMs);
  }
}

/** A line for each time that the balancer finds a server down, or up again. */
async function watch(context: CheckContext, began: number): Promise<{ taken: string[]; story: string }> {
  let [taken, before]: [string[], string | undefined] = [[], undefined];
  const lines = ['  0.0 s  the request is sent'];
  while (performance.now() - began < attackMs) {
    const seen = await statistics(context);
    const down = seen.filter(({ status }) => !status.startsWith('UP')).map(({ server }) => server);
    if (down.length > taken.length) taken = down;
    const now = seen.map(({ server, status }) => `${server} ${status.startsWith('UP') ? 'up' : 'DOWN'}`).join('  ');
    if (now !== before) lines.push(`${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s  ${now}`);
    before = now;
    await sleep(100, undefined, { signal: context.signal });
  }
  return { taken, story: lines.slice(0, 12).join('\n') };
}

async function restart(context: CheckContext, server: string, change: string): Promise<void> {
  const { exitCode, stderr } = await context.exec(server, ['sh', '-c', `${change}\n${startAgain('app')}`]);
  if (exitCode !== 0) throw new Error(`on ${server}: ${stderr.trim()}`);
}

async function allUp(context: CheckContext): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  // The balancer finds a server that was just started again down only at its next look.
  await sleep(1000);
  while (!(await statistics(context)).every(({ status }) => status === 'UP')) {
    if (performance.now() > deadline) throw new Error('not every server came up');
    await sleep(100, undefined, { signal: context.signal });
  }
}

function names(context: CheckContext): string {
  return listed(servicesOf(context.plan, 'web').map(({ name }) => name));
}
