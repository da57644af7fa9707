import { readFile } from 'node:fs/promises';

/** What /etc/os-release says, as far as it decides how packages are installed. */
export interface Distribution {
  id: string;
  codename: string;
  name: string;
  /** `debian`: Debian itself. `ubuntu`: Ubuntu. `other`: everything else, also what derives from those two. */
  kind: 'debian' | 'ubuntu' | 'other';
  /** Whether it has apt. */
  family: 'debian' | 'other';
}

/** The distribution of this machine. */
export async function readDistribution(file = '/etc/os-release'): Promise<Distribution> {
  return parseOsRelease(await readFile(file, 'utf8').catch(() => ''));
}

/** Reads os-release(5). */
export function parseOsRelease(text: string): Distribution {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^([A-Z_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line.trim());
    if (match) values.set(match[1] as string, match[2] ?? match[3] ?? match[4] ?? '');
  }
  const id = values.get('ID') ?? 'unknown';
  const like = [id, ...(values.get('ID_LIKE') ?? '').split(' ')];
  return {
    id,
    codename: values.get('VERSION_CODENAME') ?? '',
    name: values.get('PRETTY_NAME') ?? id,
    kind: id === 'debian' || id === 'ubuntu' ? id : 'other',
    family: like.includes('debian') || like.includes('ubuntu') ? 'debian' : 'other',
  };
}

/** Whether this process may change the system. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}
