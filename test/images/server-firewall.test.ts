import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { projectContainers } from '../../src/engine/containers.ts';
import { client } from '../../src/engine/docker.ts';
import { loadExercise } from '../../src/grade/exercise/load.ts';
import { parametersFor } from '../../src/grade/exercise/parameters.ts';
import { openFirewallScript, type FirewallMeasure } from '../../src/grade/firewall-script/open.ts';
import { runScript, type ScriptRun } from '../../src/grade/firewall-script/run-script.ts';
import { knownSubmissions } from '../../src/grade/variants.ts';
import { probeLabel } from '../../src/probe/probe-container.ts';
import { imageFor } from '../support/images.ts';

const docker = client();
const project = `firewallscript${randomBytes(3).toString('hex')}`;
const subnet = `10.97.${randomBytes(1)[0] ?? 0}.0/28`;
let images: { server: string; probe: string };

beforeAll(async () => {
  images = { server: await imageFor('server-firewall'), probe: await imageFor('probe') };
});

afterEach(async () => {
  // Whatever a script tried: nothing of it, and nothing that it was measured with, is left.
  expect(await projectContainers(docker, project)).toEqual([]);
  const probes = { label: [`${probeLabel.project}=${project}`] };
  expect(await docker.listContainers({ all: true, filters: probes })).toEqual([]);
  const networks = await docker.listNetworks({ filters: { name: [project] } });
  expect(networks).toEqual([]);
});

function run(script: string, signal = new AbortController().signal): Promise<ScriptRun> {
  return runScript({ docker, image: images.server, project, script, signal });
}

function rulesOf({ rules }: ScriptRun): { v4: string; v6: string } {
  if (typeof rules === 'string') throw new Error(rules);
  return rules;
}

const seal = 'iptables -A INPUT -p tcp --dport 4242 -j DROP\n';
const sealed = '-A INPUT -p tcp -m tcp --dport 4242 -j DROP';

describe('a script that means well', () => {
  test('finds sudo, apt, an editor and ssh, which are written down, and is root', async () => {
    const script = `ssh ubuntu@web-01\nsudo -E apt-get -y install ufw\nsudo -u root vim /etc/ufw/ufw.conf
      sudo X=5 bash -c 'echo "$(id -u) $X"'\nsudo systemctl restart ufw\nsudo reboot\nsudo true -y\necho end`;
    const ran = await run(script);
    expect(ran).toMatchObject({ ended: 'itself', exitCode: 0, output: '0 5\nend\n' });
    expect(ran.neutralised).toEqual([
      'ssh ubuntu@web-01',
      'sudo',
      'apt-get -y install ufw',
      'vim /etc/ufw/ufw.conf',
      'systemctl restart ufw',
      'reboot',
    ]);
  });

  test('is answered y where ufw asks', async () => {
    const { output, exitCode } = await run('ufw reset && ufw status');
    expect(output).toContain('Status: inactive');
    expect(exitCode).toBe(0);
  });

  test('with CRLF line ends does not work, as it would not elsewhere', async () => {
    const ran = await run('ufw allow 22/tcp\r\nufw enable\r\n');
    expect(rulesOf(ran).v4).not.toContain('DROP');
    const withShebang = await run('#!/bin/bash\r\nufw --force enable\r\n');
    expect(withShebang.exitCode).not.toBe(0);
    expect(rulesOf(withShebang).v4).not.toContain('DROP');
  });

  test('may change what a package reads its defaults from, and nothing else of the system', async () => {
    const { output } = await run(
      "sed -i 's/^IPV6=.*/IPV6=no/' /etc/default/ufw && grep ^IPV6 /etc/default/ufw\ntouch /usr/sbin/x /etc/x /x; ls /x",
    );
    expect(output).toContain('IPV6=no');
    expect(output.match(/Read-only file system/g)).toHaveLength(3);
  });
});

describe('a script that means harm', () => {
  test('has no network, no rights but to its own rules, and no secrets around it', async () => {
    const { output } = await run(`ip -o -4 addr | grep -vc ' lo ' ; ip route | wc -l
      grep CapEff /proc/self/status; grep NoNewPrivs /proc/self/status
      mount -t tmpfs none /mnt && echo mounted; unshare -Ur true && echo unshared; mknod /tmp/d b 8 0 && echo device
      echo x >/proc/sys/kernel/hostname && echo renamed; echo 1 >/proc/sysrq-trigger && echo sysrq; ls /var/run/docker.sock
      tr '\\0' '\\n' </proc/1/environ`);
    // CAP_NET_ADMIN is capability 12.
    expect(output).toContain('CapEff:\t0000000000001000');
    expect(output).toContain('NoNewPrivs:\t1');
    expect(output).toMatch(/^0\n0\n/);
    expect(output).not.toMatch(/mounted|unshared|device|renamed|^sysrq$/m);
    const names = [...output.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(names.filter((name) => !['PATH', 'HOSTNAME', 'HOME', 'PWD'].includes(name ?? ''))).toEqual([]);
  });

  test.each([
    ['a fork bomb', 'bomb() { bomb | bomb & }; bomb\nsleep 1'],
    ['memory', 'x=$(head -c 300M /dev/zero | tr "\\0" x)\necho $?'],
    ['a gigabyte on tmpfs', 'head -c 1G /dev/zero >/tmp/big; head -c 1G /dev/zero >/etc/ufw/big; ls -l /tmp'],
    ['the end of everything', 'kill -9 -1; kill -9 1; rm -rf --no-preserve-root / 2>/dev/null; true'],
  ])('%s stays in its container, and the rules that it left are read', async (_, script) => {
    const ran = await run(`${seal}${script}`);
    if (typeof ran.rules === 'string') expect(ran.ended).toBe('dead');
    else expect(ran.rules.v4).toContain(sealed);
    // The next one finds everything in place.
    expect(rulesOf(await run(seal)).v4).toContain(sealed);
  });

  test('cannot change its rules once it has ended, with every signal caught and under another name', async () => {
    const later = `trap "" TERM HUP INT; for n in 1 2 3 4 5 6 7 8; do sleep 1; done; iptables -F`;
    const ran = await run(`${seal}(exec -a iptables-save setsid bash -c '${later}') &\ndisown\nexit 0`);
    expect(ran).toMatchObject({ ended: 'itself', exitCode: 0 });
    expect(rulesOf(ran).v4).toContain(sealed);
  });

  test('cannot answer for iptables-save', async () => {
    const script = `${seal}mkdir -p /root/bin /tmp/bin
      for place in /root/bin /tmp/bin /usr/sbin /usr/local/sbin; do
        printf '#!/bin/sh\\necho forged\\n' >$place/iptables-save; chmod 755 $place/iptables-save
      done
      echo 'export PATH=/root/bin:$PATH' >/root/.profile; echo 'export ENV=/root/.profile' >>/root/.bashrc
      mount --bind /root/bin /usr/sbin
      iptables-save() { echo forged; }; export -f iptables-save; PATH=/root/bin:$PATH`;
    const { v4 } = rulesOf(await run(script));
    expect(v4).toContain(sealed);
    expect(v4).not.toContain('forged');
  });

  test('that never ends is stopped; what it wrote without end is bounded', async () => {
    const started = performance.now();
    expect(await run('echo first; trap "" TERM INT; sleep infinity')).toMatchObject({
      ended: 'late',
      output: 'first\n',
    });
    expect(performance.now() - started).toBeLessThan(40_000);
    const flood = await run('yes 0123456789');
    expect(flood.ended).toBe('flood');
    expect(flood.output.length).toBeLessThanOrEqual(65_536);
  });

  test('ends with its grader', async () => {
    const giveUp = new AbortController();
    const running = run('sleep infinity', giveUp.signal);
    const until = performance.now() + 10_000;
    while ((await projectContainers(docker, project)).length === 0 && performance.now() < until);
    giveUp.abort(new Error('given up'));
    await expect(running).rejects.toThrow();
  });

  test('with more rules than a server needs is told so', async () => {
    const many = `{ echo '*filter'; for n in $(seq 20000); do echo "-A INPUT -p tcp --dport 7 -m comment --comment n$n -j DROP"; done; echo COMMIT; } | iptables-restore`;
    const ran = await run(many);
    expect(typeof ran.rules).toBe('string');
  });
});

describe('the exercise', async () => {
  const exercise = await loadExercise('server-firewall');
  const known = await knownSubmissions(exercise, parametersFor(exercise, undefined, 'x'));
  const scripts = known.filter(({ files }) => files.has('firewall.sh'));

  test.each(scripts.map((one) => [one.name, one] as const))(
    '%s is what it declares',
    async (name, { files, declared }) => {
      const options = { docker, images, project, subnet, signal: new AbortController().signal };
      const script = files.get('firewall.sh') ?? '';
      const opened = await openFirewallScript({ ...options, script, seed: randomBytes(16).toString('hex') });
      try {
        const status = new Map<string, string>();
        let earned = 0;
        for (const { id, measure, with: told, dependsOn, points } of exercise.checks) {
          if (dependsOn.some((other) => status.get(other) !== 'passed')) continue;
          const seen = await opened.measure(measure as FirewallMeasure, told);
          status.set(id, seen.status);
          if (seen.status === 'passed') earned += points;
          for (const line of [seen.observed, ...seen.evidence]) expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        }
        const failed = [...status].filter(([, what]) => what === 'failed').map(([id]) => id);
        if (name === 'starter') expect(earned).toBeLessThanOrEqual(declared.percent);
        else expect({ failed, earned }).toEqual({ failed: declared.failed, earned: declared.percent });
      } finally {
        await opened.close();
      }
    },
  );
});
