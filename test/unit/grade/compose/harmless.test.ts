import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { planOwnProject } from '../../../../src/grade/compose/plan.ts';
import { planned, rolesText, settings, small, submission } from './stack.ts';

interface Written {
  name: string;
  services: Record<string, Record<string, unknown>>;
  networks: Record<string, Record<string, unknown>>;
  volumes: Record<string, unknown>;
}

function written(compose: object | string): Written {
  const plan = planned(compose);
  if ('refusals' in plan) throw new Error(JSON.stringify(plan.refusals));
  return parse(plan.project.composeYaml) as Written;
}

function withKeys(more: object, service = 'lb'): object {
  const project = small();
  project['services'] = { ...project['services'], [service]: { ...project['services']?.[service], ...more } };
  return project;
}

const ours = {
  top: ['name', 'services', 'networks', 'volumes'],
  service: [
    ...[
      'image',
      'pull_policy',
      'command',
      'entrypoint',
      'environment',
      'user',
      'hostname',
      'working_dir',
      'init',
      'stop_signal',
    ],
    ...[
      'healthcheck',
      'depends_on',
      'cap_drop',
      'cap_add',
      'security_opt',
      'read_only',
      'restart',
      'dns',
      'pids_limit',
      'cpus',
    ],
    ...[
      'mem_limit',
      'memswap_limit',
      'oom_score_adj',
      'stop_grace_period',
      'ulimits',
      'logging',
      'sysctls',
      'extra_hosts',
    ],
    ...['networks', 'tmpfs', 'volumes'],
  ],
  network: ['name', 'driver', 'driver_opts', 'ipam'],
};

/** What holds for every project that is written, whatever was read. */
function expectSafe(compose: Written): void {
  expect(Object.keys(compose)).toEqual(ours.top);
  expect(compose.name).toBe(settings.project);
  for (const service of Object.values(compose.services)) {
    for (const key of Object.keys(service)) expect(ours.service).toContain(key);
    expect(service).toMatchObject({
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      read_only: true,
      dns: ['127.0.0.1'],
      pull_policy: 'never',
      logging: { driver: 'json-file', options: { 'max-size': '5m', 'max-file': '2' } },
    });
    expect(Object.values(settings.images)).toContain(service['image']);
    for (const mount of service['volumes'] as { type: string; source: string; read_only: boolean }[]) {
      if (mount.type === 'bind') expect(mount).toMatchObject({ read_only: true, bind: { create_host_path: false } });
      if (mount.type === 'bind') expect(mount.source).toMatch(/^\.\/submitted(?:\/|$)(?!.*\.\.)/);
      else expect(Object.keys(compose.volumes)).toContain(mount.source);
    }
    for (const tmpfs of service['tmpfs'] as string[]) expect(tmpfs).toMatch(/size=([1-9]|[1-5]\d|6[0-4])m/);
  }
  for (const network of Object.values(compose.networks)) {
    for (const key of Object.keys(network)) expect(ours.network).toContain(key);
    expect(network['driver_opts']).toMatchObject({
      'com.docker.network.bridge.inhibit_ipv4': 'true',
      'com.docker.network.bridge.enable_ip_masquerade': 'false',
    });
  }
  for (const volume of Object.values(compose.volumes)) expect(volume).toEqual({});
}

test.each([
  ['container_name', 'lab-probe'],
  ['read_only', false],
  ['cap_drop', []],
  ['dns', ['8.8.8.8']],
  ['restart', 'always'],
  ['stop_grace_period', '10h'],
  ['pull_policy', 'always'],
  ['memswap_limit', -1],
  ['cpu_shares', 100_000],
  ['expose', ['80']],
  ['labels', { a: '<script>' }],
  ['tty', true],
])('%s is made harmless, and said', (key, value) => {
  const plan = planned(withKeys({ [key]: value }));
  if ('refusals' in plan) throw new Error(JSON.stringify(plan.refusals));
  const compose = parse(plan.project.composeYaml) as Written;
  expectSafe(compose);
  expect(plan.notes.join('\n')).toMatch(new RegExp(`compose.yml:\\d+:\\d+: ${key}`));
  const plain = written(small()).services['lb'];
  expect({ ...compose.services['lb'], networks: null }).toEqual({ ...plain, networks: null });
});

test('a name of the project is the grader’s', () => {
  expect(written({ ...small(), name: 'lab-other' }).name).toBe('grade-1');
});

test('two dollars stay one for the container and are no variable for Compose', () => {
  const compose = written(withKeys({ command: ['sh', '-c', 'echo $$HOME'], environment: { A: '$$$$' } }));
  expect(compose.services['lb']).toMatchObject({ command: ['sh', '-c', 'echo $$HOME'], environment: { A: '$$$$' } });
});

test('an env_file of the submission becomes variables', () => {
  expect(written(withKeys({ env_file: ['variables.env'] })).services['lb']).toMatchObject({
    environment: { COLOUR: 'blue' },
  });
});

test('anchors and merges are taken, and an own key wins', () => {
  const text = stringify(small())
    .replaceAll('image: lab/web', '<<: *server')
    .replace('services:', 'x-server: &server { image: lab/web, mem_limit: 100m }\nservices:');
  const compose = written(text.replace('  two:', '  two:\n    mem_limit: 90m'));
  expect(compose.services['one']).toMatchObject({ mem_limit: '100m', image: 'lab/web:0123456789ab' });
  expect(compose.services['two']).toMatchObject({ mem_limit: '90m' });
  expectSafe(compose);
});

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('host', '/', '${HOME}', '$$x', './config', '/etc/lab', '10.77.0.70', 'true', 'lab/web', '__proto__'),
);
const scalar = fc.oneof(text, fc.boolean(), fc.integer(), fc.constant(null));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(text, fc.constantFrom('source', 'target', 'type', 'test', 'size', 'subnet')), tie('value'), {
      maxKeys: 3,
    }),
  ),
}));
const keys = fc.oneof(
  fc.constantFrom(
    ...ours.service,
    'privileged',
    'devices',
    'network_mode',
    'ports',
    'build',
    'secrets',
    'configs',
    'env_file',
    'labels',
    'x-a',
    'deploy',
  ),
  fc.string({ maxLength: 8 }),
);
/** Values that are often taken, so that projects get through. */
const good = fc.record(
  {
    command: fc.oneof(fc.string(), fc.array(fc.string(), { maxLength: 4 })),
    entrypoint: fc.array(fc.string({ minLength: 1 }), { maxLength: 3 }),
    environment: fc.dictionary(fc.stringMatching(/^[A-Z_]{1,8}$/), fc.string()),
    hostname: fc.stringMatching(/^[a-z]{1,8}$/),
    user: fc.stringMatching(/^[1-9]\d{0,4}$/),
    healthcheck: fc.record({ test: fc.string(), interval: fc.constantFrom('1s', '500ms', '1m') }, { requiredKeys: [] }),
    mem_limit: fc.constantFrom('32m', '128m', '96mb'),
    tmpfs: fc.constantFrom('/x:size=1m', '/x:size=64m,mode=1777'),
    working_dir: fc.constantFrom('/', '/tmp'),
    depends_on: fc.constantFrom(['one'], { two: { condition: 'service_healthy' } }),
    extra_hosts: fc.constantFrom(['a:10.77.0.3'], { b: '1.2.3.4' }),
  },
  { requiredKeys: [] },
);

test('whatever goes in, nothing comes out but what is ours', () => {
  let taken = 0;
  const noise = fc.dictionary(keys, value as fc.Arbitrary<unknown>, { maxKeys: 3 });
  fc.assert(
    fc.property(
      good,
      fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: noise }),
      (some, more) => {
        const plan = planOwnProject(submission(stringify(withKeys({ ...some, ...more }))), settings);
        if ('refusals' in plan) {
          expect(plan.refusals.length).toBeGreaterThan(0);
          return;
        }
        taken++;
        expectSafe(parse(plan.project.composeYaml) as Written);
        // Compose would fill in what is not doubled.
        expect(plan.project.composeYaml.replaceAll('$$', '')).not.toContain('$');
      },
    ),
    { numRuns: 400 },
  );
  expect(taken).toBeGreaterThan(40);
});

test('whatever text comes as YAML, it is refused or safe, and never a crash', () => {
  const lines = stringify(small()).split('\n');
  const broken = fc
    .tuple(fc.nat(lines.length), fc.string({ unit: 'binary', maxLength: 30 }))
    .map(([at, line]) => [...lines.slice(0, at), line, ...lines.slice(at)].join('\n'));
  fc.assert(
    fc.property(
      fc.oneof(broken, fc.string({ unit: 'binary' })),
      fc.oneof(fc.constant(rolesText), fc.string()),
      (compose, roles) => {
        const plan = planned(compose, roles);
        if ('project' in plan) expectSafe(parse(plan.project.composeYaml) as Written);
        else expect(plan.refusals.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 300 },
  );
});
