import type { Shell } from '../../engine/shell.ts';

/** A server's rules as iptables-save and ip6tables-save write them. */
export interface Rules {
  v4: string;
  v6: string;
}

/** More than any firewall of one server needs. */
const mostBytes = 512 * 1024;

/**
 * Reads the rules of a network namespace from a container in which nothing of the submission ever ran.
 * @returns the rules, or why they cannot be read
 */
export async function readRules(shell: Shell): Promise<Rules | string> {
  const read = async (program: string): Promise<string> => {
    const { stdout } = await shell.run([`/usr/sbin/${program}`], { maxBytes: mostBytes });
    return stdout;
  };
  try {
    return { v4: await read('iptables-save'), v6: await read('ip6tables-save') };
  } catch (error) {
    return `its rules cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Gives a fresh server the rules. @returns why it does not take them, if it does not */
export async function loadRules(shell: Shell, rules: Rules): Promise<string | undefined> {
  for (const [program, text] of [
    ['iptables-restore', rules.v4],
    ['ip6tables-restore', rules.v6],
  ] as const) {
    if (text.trim() === '') continue;
    const { exitCode, stderr } = await shell.run([`/usr/sbin/${program}`], { stdin: text });
    if (exitCode !== 0) return `a fresh server does not take its rules: ${stderr.trim().slice(0, 400)}`;
  }
  return undefined;
}
