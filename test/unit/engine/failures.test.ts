import { describe, expect, it } from 'vitest';
import { explainOutput } from '../../../src/engine/failures.ts';

const otherwise = { code: 'COMPOSE_FAILED', message: 'docker compose up ended with exit code 1.' };

/** What Compose 2.26.1 on Engine 26.1.5 (and, where marked, newer engines, apt and dpkg) really printed. */
const captured: { name: string; text: string; code: string; exitCode: number; message: string }[] = [
  {
    name: 'a port that a process holds',
    text: ' Container p-a-1  Starting\nError response from daemon: driver failed programming external connectivity on endpoint p-a-1 (23f45858d6be2d65): Error starting userland proxy: listen tcp4 127.0.0.1:18999: bind: address already in use',
    code: 'PORT_TAKEN',
    exitCode: 3,
    message: 'Port 18999 of 127.0.0.1 is taken.',
  },
  {
    name: 'a port that a container holds',
    text: 'Error response from daemon: driver failed programming external connectivity on endpoint p-a-1 (b3f52b012ab8d2af): Bind for 127.0.0.1:18999 failed: port is already allocated',
    code: 'PORT_TAKEN',
    exitCode: 3,
    message: 'Port 18999 of 127.0.0.1 is taken.',
  },
  {
    name: 'a port that is held, on Engine 28',
    text: 'Error response from daemon: failed to set up container networking: driver failed programming external connectivity on endpoint x (07f9): failed to bind host port for 127.0.0.1:8443:172.18.0.2:443/tcp: address already in use',
    code: 'PORT_TAKEN',
    exitCode: 3,
    message: 'Port 8443 of 127.0.0.1 is taken.',
  },
  {
    name: 'a container that ended',
    text: ' Container p-a-1  Error\ndependency failed to start: container p-a-1 exited (3)',
    code: 'CONTAINER_DIED',
    exitCode: 1,
    message: 'Container p-a-1 exited (3).',
  },
  {
    name: 'a registry without a network',
    text: ' b Error Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.255.255.53:53: no such host',
    code: 'REGISTRY_UNREACHABLE',
    exitCode: 3,
    message: 'The container registry registry-1.docker.io cannot be reached.',
  },
  {
    name: 'a subnet that another network has',
    text: ' Network p_n  Error\nfailed to create network p_n: Error response from daemon: Pool overlaps with other one on this address space',
    code: 'SUBNET_TAKEN',
    exitCode: 3,
    message: 'Another network of this engine uses a subnet of the lab.',
  },
  {
    name: 'a limit that the engine may not give',
    text: 'Error response from daemon: failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: unknown',
    code: 'LIMIT_TOO_HIGH',
    exitCode: 3,
    message: 'The engine may not give as many open files as the lab asks for.',
  },
  {
    name: 'a mirror without a name',
    text: "W: Failed to fetch http://nowhere.invalid/debian/dists/trixie/InRelease  Could not resolve 'nowhere.invalid'\nE: Some index files failed to download.",
    code: 'MIRROR_UNREACHABLE',
    exitCode: 3,
    message: 'The Debian mirror cannot be reached (http://nowhere.invalid/debian/dists/trixie/InRelease).',
  },
  {
    name: 'a mirror, in a container without a network',
    text: "Err:1 http://deb.debian.org/debian trixie InRelease\n  Temporary failure resolving 'deb.debian.org'\nReading package lists...\nE: Unable to locate package s6",
    code: 'MIRROR_UNREACHABLE',
    exitCode: 3,
    message: 'The Debian mirror cannot be reached (deb.debian.org).',
  },
  {
    name: 'a mirror that refuses, to mmdebstrap',
    text: 'Err:1 http://127.0.0.1:9/debian trixie InRelease\n  Could not connect to 127.0.0.1:9 (127.0.0.1). - connect (111: Connection refused)\nE: mmdebstrap failed to run',
    code: 'MIRROR_UNREACHABLE',
    exitCode: 3,
    message: 'The Debian mirror cannot be reached (127.0.0.1:9).',
  },
  {
    name: 'a disk that fills up while dpkg unpacks',
    text: 'dpkg: error processing archive x.deb (--unpack):\n cannot copy extracted data: failed to write (No space left on device)\nE: Sub-process /usr/bin/dpkg returned an error code (1)',
    code: 'DISK_FULL',
    exitCode: 3,
    message: 'The disk is full.',
  },
];

describe('what went wrong, from what was printed', () => {
  it.each(captured)('$name', ({ text, code, exitCode, message }) => {
    const error = explainOutput(text, otherwise);
    expect({ code: error.code, exitCode: error.exitCode, message: error.message }).toEqual({ code, exitCode, message });
    expect(error.problems[0]?.fix).toBeTruthy();
    expect(text).toContain(error.problems[0]?.found);
  });

  it('shows the last lines when it knows no better', () => {
    const text = Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\n');
    const error = explainOutput(text, otherwise);
    expect(error.code).toBe('COMPOSE_FAILED');
    expect(error.problems[0]?.found?.split('\n')).toHaveLength(15);
    expect(error.problems[0]?.found).toMatch(/line 39$/);
  });

  it('takes a package that was not there for what it is, not for an unreachable mirror', () => {
    expect(explainOutput('E: Unable to locate package nothing-here', otherwise).code).toBe('COMPOSE_FAILED');
  });
});
