import { existsSync } from 'node:fs';
import { readFile, statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { execa } from 'execa';
import type Docker from 'dockerode';
import { findProgram } from '../programs.ts';
import { lookDeadlineMs, ok, problem, warning, type DoctorFinding } from './finding.ts';

const gib = 2 ** 30;
/** The whole lab takes 1.2 GiB at rest; the rest is for what runs beside it. */
const wantedMemory = 2 * gib;
const wantedDisk = 5 * gib;

/** Node.js, which must be 20.19 or newer. */
export function lookAtNode(version = process.versions.node): DoctorFinding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return ok('node', 'Node.js', version);
  return problem('node', 'Node.js', version, 'Install Node.js 20.19 or newer: https://nodejs.org/en/download.');
}

/** Memory that programs can still have (MemAvailable of proc(5)). */
export async function lookAtMemory(): Promise<DoctorFinding> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kib = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  return judgeMemory(kib === undefined ? freemem() : Number(kib) * 1024);
}

/** @param bytes available */
export function judgeMemory(bytes: number): DoctorFinding {
  const observed = `${gibibytes(bytes)} available`;
  if (bytes >= wantedMemory) return ok('memory', 'Memory', observed);
  return warning(
    'memory',
    'Memory',
    `${observed}, ${gibibytes(wantedMemory)} wanted`,
    'Close other programs, take down other labs, or give this machine more memory.',
  );
}

/** Room where the engine keeps its data, if that is on this machine. */
export async function lookAtDisk(docker: Docker): Promise<DoctorFinding> {
  const { DockerRootDir } = (await docker.info()) as { DockerRootDir: string };
  const title = 'Disk';
  try {
    const { bavail, bsize } = await statfs(DockerRootDir);
    return judgeDisk(bavail * bsize, DockerRootDir);
  } catch {
    return ok('disk', title, `${DockerRootDir} cannot be looked at from here`);
  }
}

/** @param bytes free @param place the folder that was asked */
export function judgeDisk(bytes: number, place: string): DoctorFinding {
  const observed = `${gibibytes(bytes)} free in ${place}`;
  if (bytes >= wantedDisk) return ok('disk', 'Disk', observed);
  return (bytes < gib ? problem : warning)(
    'disk',
    'Disk',
    `${observed}, ${gibibytes(wantedDisk)} wanted`,
    'Make room: `docker system df` shows what uses it, `docker builder prune` empties the build cache.',
  );
}

/** Which kernel interface iptables speaks; the firewalls in a lab bring their own program, so any will do. */
export async function lookAtIptables(): Promise<DoctorFinding> {
  const title = 'iptables';
  const program = await findProgram('iptables');
  if (program === undefined) {
    return warning(
      'iptables',
      title,
      'not installed',
      'The Docker engine needs it to publish ports: apt-get install iptables.',
    );
  }
  const { stdout } = await execa(program, ['--version'], { reject: false, timeout: lookDeadlineMs });
  return judgeIptables(stdout);
}

/** @param text what `iptables --version` says, such as `iptables v1.8.9 (nf_tables)` */
export function judgeIptables(text: string): DoctorFinding {
  const match = /^iptables v([\d.]+)(?: \((\w+)\))?/.exec(text);
  if (!match)
    return warning(
      'iptables',
      'iptables',
      `does not run: ${text.trim() || 'no output'}`,
      'Install it again: apt-get install --reinstall iptables.',
    );
  return ok('iptables', 'iptables', `${match[1]} with ${match[2] ?? 'legacy'} rules`);
}

/** What the kernel must have for bridges and firewalls, as far as it can be read without changing anything. */
export async function lookAtKernel(): Promise<DoctorFinding> {
  const title = 'Kernel';
  if (process.platform !== 'linux')
    return ok('kernel', title, `${process.platform}: the engine runs in a virtual machine of its own`);
  const [release, forwarding] = await Promise.all(
    ['/proc/sys/kernel/osrelease', '/proc/sys/net/ipv4/ip_forward'].map((file) =>
      readFile(file, 'utf8').then(
        (text) => text.trim(),
        () => undefined,
      ),
    ),
  );
  const absent = [
    isAny('/proc/sys/net/netfilter', '/proc/net/nf_conntrack') ? [] : ['nf_conntrack'],
    isAny('/sys/module/nf_tables', '/sys/module/ip_tables', '/proc/net/ip_tables_names', '/proc/net/netfilter')
      ? []
      : ['nf_tables'],
    isAny('/sys/module/bridge', '/proc/sys/net/bridge') ? [] : ['bridge'],
  ].flat();
  if (absent.length > 0) {
    return warning(
      'kernel',
      title,
      `${release}: ${absent.join(', ')} not loaded`,
      `The engine loads them at its start; if a lab’s networks fail: modprobe ${absent.join(' ')}.`,
    );
  }
  if (forwarding === '0') {
    return warning(
      'kernel',
      title,
      `${release}: net.ipv4.ip_forward is off`,
      'The engine turns it on at its start; if something turned it off again: sysctl -w net.ipv4.ip_forward=1.',
    );
  }
  return ok('kernel', title, `${release}: bridges, connection tracking, packet filter`);
}

/** What is built into a kernel is not in /sys/module, so each feature has a second sign. */
function isAny(...paths: string[]): boolean {
  return paths.some((path) => existsSync(path));
}

function gibibytes(bytes: number): string {
  return `${(bytes / gib).toFixed(1)} GiB`;
}
