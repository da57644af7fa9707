import type { LabStatus } from '../life/status.ts';
import type { Colours } from './colours.ts';
import { columns } from './table.ts';

/** `lab status` for people: every service with its zone, address and health, then where to look at it. */
export function statusText(status: LabStatus, colours: Colours): string {
  const { bold, dim } = colours;
  const state = { up: colours.green, degraded: colours.yellow, down: colours.red }[status.state](status.state);
  const head = `${bold(status.project)} is ${state}${status.lab === status.project ? '' : ` (lab ${status.lab})`}\n\n`;
  const titles = ['SERVICE', 'ZONE', 'ADDRESS', 'STATE', 'HEALTH', 'IMAGE'].map(dim);
  const rows = status.services.map(({ name, zone, address, state: running, health, image }) => [
    name,
    zone,
    address,
    running === 'running' ? running : colours.red(running),
    healthText(health, colours),
    dim(image),
  ]);
  const endpoints = status.endpoints.map(({ name, url }) => [name, url]);
  const hint = status.state === 'up' ? '' : `\n${status.state === 'down' ? 'Start it' : 'Mend it'} with \`lab up\`.\n`;
  return `${head}${columns([titles, ...rows])}\n${endpoints.length === 0 ? '' : `\n${columns(endpoints)}\n`}${hint}`;
}

function healthText(health: string | null, { green, red, yellow, dim }: Colours): string {
  if (health === null) return dim('–');
  return health === 'healthy' ? green(health) : health === 'starting' ? yellow(health) : red(health);
}
