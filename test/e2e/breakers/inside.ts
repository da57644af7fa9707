import { runIn } from '../../support/run-in.ts';
import type { LabUnderTest } from './types.ts';

/**
 * Runs a shell script in a service's container as the service's own user: root without capabilities may not touch what is
 * that user's. @throws what it said when it failed
 */
export async function shell(lab: LabUnderTest, service: string, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await runIn(await lab.container(service), ['sh', '-euc', script], {
    timeoutMs: 30_000,
  });
  if (exitCode !== 0) throw new Error(`on ${service}: exit ${exitCode}: ${stderr.trim()}${stdout.trim()}`);
  return stdout;
}

/** Stops or starts one supervised process, and returns once it is so. */
export async function supervise(
  lab: LabUnderTest,
  service: string,
  process: string,
  state: 'up' | 'down',
): Promise<void> {
  const change =
    state === 'up'
      ? `s6-svc -wu -T 5000 -u /run/service/${process}; ${untilHealthy}`
      : `s6-svc -wd -T 5000 -d /run/service/${process}`;
  await shell(lab, service, change);
}

export interface Configured {
  service: string;
  /** The process below /run/service, and its configuration file below /etc/lab. */
  process: string;
  file: string;
}

// Broken, it may never be healthy.
const untilHealthy = 'tries=0; until healthy || [ $((tries += 1)) -ge 40 ]; do sleep 0.05; done';

const restart = (process: string): string =>
  `s6-svc -wd -T 5000 -d /run/service/${process}; s6-svc -wu -T 5000 -u /run/service/${process}; ${untilHealthy}`;

/**
 * Has a process run on a copy of its configuration, changed by a sed script (extended expressions).
 * @throws when the script changes nothing, as then nothing is broken
 */
export async function runChanged(
  lab: LabUnderTest,
  { service, process, file }: Configured,
  edit: string,
): Promise<void> {
  await shell(
    lab,
    service,
    `sed -E '${edit}' /etc/lab/${file} > /run/changed-${file}
    if [ "$(cat /etc/lab/${file})" = "$(cat /run/changed-${file})" ]; then echo 'the edit changes nothing'; exit 9; fi
    sed 's#/etc/lab/${file}#/run/changed-${file}#' /etc/s6/${process}/run > /run/changed-run
    chmod +x /run/changed-run
    mv -f /run/changed-run /run/service/${process}/run
    ${restart(process)}`,
  );
}

/** Has it run on its own configuration again. */
export async function runUnchanged(lab: LabUnderTest, { service, process, file }: Configured): Promise<void> {
  await shell(
    lab,
    service,
    `ln -sfn /etc/s6/${process}/run /run/service/${process}/run; rm -f /run/changed-${file}; ${restart(process)}`,
  );
}

/** Services of one kind in the lab under test. */
export function named(lab: LabUnderTest, kind: string): string[] {
  return lab.plan.services.filter((service) => service.kind === kind).map(({ name }) => name);
}

/** The first service of a kind. @throws when there is none */
export function first(lab: LabUnderTest, kind: string): string {
  const [name] = named(lab, kind);
  if (name === undefined) throw new Error(`no ${kind}`);
  return name;
}

/** The last server: the one that a breaker may have for itself. */
export function lastServer(lab: LabUnderTest): string {
  const name = named(lab, 'web').at(-1);
  if (name === undefined) throw new Error('no server');
  return name;
}

/** @throws when there is no database of that role */
export function database(lab: LabUnderTest, role: 'primary' | 'replica'): string {
  const name = named(lab, 'database').find((one) => {
    const service = lab.plan.lab.services[one];
    return service?.kind === 'database' && service.role === role;
  });
  if (name === undefined) throw new Error(`no ${role}`);
  return name;
}
