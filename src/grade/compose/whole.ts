import type { Described, DescribedService } from './described.ts';
import type { Findings } from './findings.ts';
import { most } from './limits.ts';

/** What can only be said of all services together, or of all keys of one. */
export function checkWhole({ services, volumes }: Described, findings: Findings): void {
  const memory = services.reduce((sum, service) => sum + service.memory, 0);
  const first = services[0];
  if (first === undefined) findings.refuse('COMPOSE_SERVICES', { file: 'compose.yml' }, 'there is no service');
  else if (memory > most.memory) {
    findings.refuse(
      'COMPOSE_LIMIT',
      first.at,
      `the services may use ${memory} MiB together; ${most.memory} are given. Lower mem_limit`,
    );
  }
  for (const service of services) checkMounts(service, findings);
  for (const service of services) checkOrder(service, services, findings);
  const used = new Set(
    services.flatMap(({ mounts }) => mounts.filter(({ kind }) => kind === 'volume').map(({ source }) => source)),
  );
  for (const volume of volumes)
    if (!used.has(volume)) findings.note({ file: 'compose.yml' }, `no service mounts the volume ${volume}`);
}

function checkMounts({ name, at, mounts, tmpfs }: DescribedService, findings: Findings): void {
  const targets = [...mounts, ...tmpfs].map(({ target }) => target);
  if (targets.length > most.mounts) findings.refuse('COMPOSE_LIMIT', at, `${name}: more than ${most.mounts} mounts`);
  for (const twice of new Set(targets.filter((target, index) => targets.indexOf(target) !== index))) {
    findings.refuse('COMPOSE_MOUNT', at, `${name}: two things are mounted at ${twice}`);
  }
  const size = tmpfs.reduce((sum, one) => sum + one.size, 0);
  if (size > 2 * most.tmpfs)
    findings.refuse('COMPOSE_LIMIT', at, `${name}: its tmpfs may hold ${size} MiB; ${2 * most.tmpfs} are given`);
}

/** Compose refuses a circle as well, but as a failure of ours. */
function checkOrder(start: DescribedService, services: readonly DescribedService[], findings: Findings): void {
  const seen = new Set<string>();
  const next = [start];
  for (let service = next.pop(); service !== undefined; service = next.pop()) {
    for (const { service: needed, at } of service.dependsOn) {
      if (needed === start.name) {
        findings.refuse('COMPOSE_ORDER', at, `${start.name} waits for itself in a circle`);
        return;
      }
      const found = services.find(({ name }) => name === needed);
      if (found !== undefined && !seen.has(needed)) next.push(found);
      seen.add(needed);
    }
  }
}
