import { describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { parseOsRelease } from '../../../src/engine/setup/distribution.ts';
import { parsePolicy } from '../../../src/engine/setup/facts.ts';
import { asCommands, planSetup, type SetupFacts, type SetupStep } from '../../../src/engine/setup/plan.ts';

const bookworm = parseOsRelease('PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n');
const trixie = parseOsRelease('ID=debian\nVERSION_CODENAME=trixie\n');
const noble = parseOsRelease('ID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\nPRETTY_NAME="Ubuntu 24.04"\n');

const bare: SetupFacts = {
  distribution: bookworm,
  root: true,
  systemd: false,
  dockerHost: undefined,
  engine: 'silent',
  dockerd: undefined,
  compose: 'missing',
  candidates: { 'docker.io': '20.10.24+dfsg1-1+deb12u1+b2', 'docker-compose': '1.29.2-3' },
  mirror: 'http://mirror.classroom/debian',
  apparmor: false,
};

const installed = (steps: readonly SetupStep[]): readonly string[] =>
  steps.flatMap((step) =>
    step.kind === 'run' && step.argv.includes('install') ? step.argv.slice(step.argv.indexOf('install') + 1) : [],
  );
const kinds = (steps: readonly SetupStep[]): string[] => steps.map(({ kind }) => kind);
const codeOf = (facts: SetupFacts): string => {
  try {
    planSetup(facts);
    return 'no error';
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.code;
  }
};

describe('setting up an engine', () => {
  it('takes it from trixie on Debian 12, whose own is too old', () => {
    const steps = planSetup(bare);
    expect(kinds(steps)).toEqual(['write', 'write', 'run', 'run', 'start']);
    expect(installed(steps)).toEqual([
      'docker.io/trixie',
      'docker-cli/trixie',
      'docker-compose/trixie',
      'docker-buildx/trixie',
      'iptables',
    ]);
    const source = steps.find((step) => step.kind === 'write' && step.path.endsWith('.sources'));
    expect(source).toMatchObject({ path: '/etc/apt/sources.list.d/lab-trixie.sources' });
    expect(source?.kind === 'write' && source.content).toContain('URIs: http://mirror.classroom/debian\n');
  });

  it('pins trixie below what is installed, before apt can see the source', () => {
    const [first] = planSetup(bare);
    expect(first).toMatchObject({ kind: 'write', path: '/etc/apt/preferences.d/lab-trixie' });
    expect(first?.kind === 'write' && first.content).toContain('Pin: release n=trixie\nPin-Priority: 100\n');
  });

  it('says in each file that lab wrote it', () => {
    for (const step of planSetup(bare))
      if (step.kind === 'write') expect(step.content).toMatch(/^# Written by `lab setup`/);
  });

  it('uses a distribution’s own packages where they are new enough', () => {
    const debian13 = {
      ...bare,
      distribution: trixie,
      candidates: { 'docker.io': '26.1.5+dfsg1-9+b4', 'docker-compose': '2.26.1-4' },
    };
    expect(kinds(planSetup(debian13))).toEqual(['run', 'run', 'start']);
    expect(installed(planSetup(debian13))).toEqual([
      'docker.io',
      'docker-cli',
      'docker-compose',
      'docker-buildx',
      'iptables',
    ]);
    const ubuntu = {
      ...bare,
      distribution: noble,
      candidates: { 'docker.io': '28.2.2-0ubuntu1~24.04.1', 'docker-compose-v2': '2.37.1' },
    };
    expect(installed(planSetup(ubuntu))).toEqual(['docker.io', 'docker-compose-v2', 'docker-buildx', 'iptables']);
  });

  it('brings AppArmor’s tools where the kernel confines by it', () => {
    expect(installed(planSetup({ ...bare, apparmor: true }))).toContain('apparmor');
  });

  it('does nothing when everything is there', () => {
    expect(planSetup({ ...bare, engine: 'fine', compose: 'fine' })).toEqual([]);
    expect(planSetup({ ...bare, engine: 'fine', compose: 'fine', dockerHost: 'tcp://elsewhere:2375' })).toEqual([]);
  });

  it.each([
    [true, 'systemd'],
    [false, 'detached'],
  ])('only starts what is installed (systemd: %s)', (systemd, how) => {
    const steps = planSetup({ ...bare, systemd, dockerd: { version: '26.1.5+dfsg1' }, compose: 'fine' });
    expect(steps).toMatchObject([{ kind: 'start', how, restart: false }]);
  });

  it('leaves a running engine alone when only Compose is missing', () => {
    const steps = planSetup({ ...bare, engine: 'fine' });
    expect(kinds(steps)).not.toContain('start');
    expect(installed(steps)).toEqual(['docker-compose/trixie', 'docker-buildx/trixie', 'iptables']);
  });

  it('replaces an engine that is too old, and says that its containers stop', () => {
    const steps = planSetup({ ...bare, engine: 'too-old', dockerd: { version: '20.10.24' } });
    expect(installed(steps)).toContain('docker.io/trixie');
    expect(steps.at(-1)).toMatchObject({ kind: 'start', restart: true });
    expect(steps.at(-1)?.title).toContain('containers stop');
  });

  it('refuses what it does not know, with a code for each', () => {
    expect(codeOf({ ...bare, distribution: parseOsRelease('ID=fedora\n') })).toBe('SETUP_UNSUPPORTED');
    expect(codeOf({ ...bare, distribution: parseOsRelease('ID=linuxmint\nID_LIKE="ubuntu debian"\n') })).toBe(
      'SETUP_UNSUPPORTED',
    );
    expect(
      codeOf({ ...bare, distribution: noble, candidates: { 'docker.io': '24.0.7', 'docker-compose-v2': '2.20.2' } }),
    ).toBe('SETUP_UNSUPPORTED');
    expect(codeOf({ ...bare, engine: 'no-rights' })).toBe('ENGINE_NO_RIGHTS');
    expect(codeOf({ ...bare, dockerHost: 'tcp://elsewhere:2375' })).toBe('SETUP_REMOTE');
  });

  it('gives commands that a user can paste', () => {
    const commands = asCommands(planSetup(bare));
    expect(commands[0]).toMatch(
      /^sudo tee \/etc\/apt\/preferences\.d\/lab-trixie >\/dev\/null <<'EOF'\n# Written[^]*\nEOF$/,
    );
    expect(commands.at(-1)).toBe("sudo sh -c 'setsid dockerd >>/var/log/dockerd-lab.log 2>&1 </dev/null &'");
  });
});

it('reads what apt-cache policy says of each package', () => {
  const text = [
    'docker.io:',
    '  Installed: (none)',
    '  Candidate: 20.10.24+dfsg1-1+deb12u1+b2',
    '  Version table:',
    '     26.1.5+dfsg1-9+b4 100',
    'docker-compose-v2:',
    '  Installed: (none)',
    '  Candidate: (none)',
    '  Version table:',
    'docker-compose:',
    '  Installed: 2.26.1-4',
    '  Candidate: 2.26.1-4',
    '',
  ].join('\n');
  expect(parsePolicy(text)).toEqual({ 'docker.io': '20.10.24+dfsg1-1+deb12u1+b2', 'docker-compose': '2.26.1-4' });
});
