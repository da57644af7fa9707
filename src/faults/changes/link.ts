import type { Change } from '../fault.ts';

/** A firewall's interface to a zone, switched off. */
export function linkDown(firewall: string, zone: string): Change {
  const routes = async (lab: Parameters<Change['read']>[0]): Promise<string> =>
    (await lab.run(firewall, ['ip', 'route', 'show'])).trim();
  return {
    touches: `${firewall}/link/${zone}`,
    read: async (lab) => {
      const flags = /<([^>]*)>/.exec(await lab.run(firewall, ['ip', '-o', 'link', 'show', 'dev', zone]))?.[1] ?? '';
      return `${flags.split(',').includes('UP') ? 'up' : 'down'}\n${await routes(lab)}`;
    },
    apply: async (lab) => void (await lab.run(firewall, ['ip', 'link', 'set', 'dev', zone, 'down'])),
    restore: async (lab, before) => {
      await lab.run(firewall, ['ip', 'link', 'set', 'dev', zone, 'up']);
      // Routes by way of the link went with it; those on its own subnet come back by themselves.
      for (const route of before
        .split('\n')
        .slice(1)
        .filter((line) => line.includes(' via '))) {
        await lab.run(firewall, ['ip', 'route', 'replace', ...route.trim().split(/\s+/)]);
      }
    },
  };
}
