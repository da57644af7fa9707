import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names this process among all that this machine has run: host, process id and the time it started, as a
 * process id alone is given again.
 */
export function ownerOfThisProcess(): string {
  return `${hostname()}/${process.pid}/${startTime(process.pid) ?? 'unknown'}`;
}

/** Whether the process that `owner` names has ended; false when that cannot be known from here. */
export function ownerIsGone(owner: string): boolean {
  const [host, pid, started] = owner.split('/');
  if (host !== hostname()) return false;
  const number = Number(pid);
  if (!Number.isInteger(number) || number <= 0) return true;
  if (!isAlive(number)) return true;
  const now = startTime(number);
  return now !== undefined && started !== 'unknown' && now !== started;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

// Field 22 of /proc/<pid>/stat, in clock ticks since boot (proc(5)); the name, field 2, may hold spaces.
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
