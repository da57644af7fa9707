import { edited, type Edit } from '../edit.ts';
import type { Change } from '../fault.ts';

/**
 * The running rules of a firewall, edited as `iptables-save` writes them. `forget`: conversations under way are judged anew, which
 * would pass on otherwise.
 */
export function firewallRules(firewall: string, edits: { v4?: Edit; v6?: Edit }, { forget = false } = {}): Change {
  const load = async (lab: Parameters<Change['apply']>[0], text: string): Promise<void> => {
    const now = await read(lab);
    const [before, present] = [families(text), families(now)];
    await lab.run(firewall, ['iptables-restore'], { stdin: whole(before.v4, present.v4) });
    await lab.run(firewall, ['ip6tables-restore'], { stdin: whole(before.v6, present.v6) });
  };
  const read: Change['read'] = async (lab) => {
    const [v4, v6] = [await lab.run(firewall, ['iptables-save']), await lab.run(firewall, ['ip6tables-save'])];
    return `${canonical(v4)}${boundary}${canonical(v6)}`;
  };
  return {
    touches: `${firewall}/rules`,
    read,
    apply: async (lab, before) => {
      const { v4, v6 } = families(before);
      await load(lab, `${edits.v4 ? edited(v4, edits.v4) : v4}${boundary}${edits.v6 ? edited(v6, edits.v6) : v6}`);
      if (forget) await lab.run(firewall, ['conntrack', '-F']);
    },
    restore: load,
  };
}

const boundary = '# IPv6\n';

function families(text: string): { v4: string; v6: string } {
  const [v4 = '', v6 = ''] = text.split(boundary);
  return { v4, v6 };
}

/** Without counters, times and tables that say nothing. */
export function canonical(saved: string): string {
  const lines = saved.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const tables = lines
    .join('\n')
    .split(/^COMMIT$/m)
    .map((table) => table.trim());
  return tables
    .filter((table) => table !== '' && !isEmpty(table))
    .map((table) => `${table.replace(/\[\d+:\d+\]/g, '[0:0]')}\nCOMMIT\n`)
    .join('');
}

function isEmpty(table: string): boolean {
  return table.split('\n').every((line) => line.startsWith('*') || / ACCEPT \[/.test(line));
}

/** The saved text, and each table that is there now and was not then, emptied. */
function whole(saved: string, present: string): string {
  const tables = (text: string): string[] => [...text.matchAll(/^\*(\w+)$/gm)].map(([, name = '']) => name);
  const gone = tables(present).filter((name) => !tables(saved).includes(name));
  const emptied = gone.map((name) => `*${name}\n${builtIn(present, name)}COMMIT\n`);
  return [saved, ...emptied].join('');
}

function builtIn(text: string, table: string): string {
  const body = text.split(`*${table}\n`)[1]?.split('COMMIT')[0] ?? '';
  return [...body.matchAll(/^:(\S+) (?:ACCEPT|DROP) \[/gm)]
    .map(([, chain = '']) => `:${chain} ACCEPT [0:0]\n`)
    .join('');
}
