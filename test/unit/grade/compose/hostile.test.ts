import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { planned, rolesText, small } from './stack.ts';

type Service = Record<string, unknown>;

/** The small project with more in one service. */
function withKeys(more: Service, service = 'lb'): string {
  const project = small();
  project['services'] = { ...project['services'], [service]: { ...project['services']?.[service], ...more } };
  return stringify(project);
}

function withTop(more: object): string {
  return stringify({ ...small(), ...more });
}

const network = (more: object): string => withTop({ networks: { ...small()['networks'], extra: more } });
const mount = (volume: unknown): string => withKeys({ volumes: [volume] });
const deep = (levels: number): string => `x-a: ${'['.repeat(levels)}${']'.repeat(levels)}\n${stringify(small())}`;
const indented = Array.from({ length: 25 }, (_, level) => `${' '.repeat(level)}x-a:`).join('\n');
const bomb = [
  'x-a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]',
  ...['b', 'c', 'd', 'e'].map((name, index) => `x-${name}: &${name} [${`*${'abcd'[index]}, `.repeat(10)}]`),
].join('\n');
/** Few aliases, each with two of the one before; merges do the same with mappings. */
const doubling = Array.from(
  { length: 10 },
  (_, i) => `x-${i}: &n${i} [${i === 0 ? 'a, '.repeat(60) : `*n${i - 1}, *n${i - 1}`}]`,
).join('\n');
const merging = Array.from({ length: 4 }, (_, i) =>
  i === 0
    ? `x-0: &m0 {${Array.from({ length: 3000 }, (_, key) => `k${key}: 1`).join(', ')}}`
    : `x-${i}: &m${i} {a: *m${i - 1}, <<: {b: *m${i - 1}}}`,
).join('\n');

/** One trick each, and the code with which it is refused. */
const tricks: readonly [trick: string, code: string, compose: string, files?: Record<string, string>][] = [
  ['privileged', 'COMPOSE_PRIVILEGE', withKeys({ privileged: true })],
  ['privileged as a text', 'COMPOSE_PRIVILEGE', withKeys({ privileged: 'true' })],
  ['processes of the machine', 'COMPOSE_NAMESPACE', withKeys({ pid: 'host' })],
  ['processes of another service', 'COMPOSE_NAMESPACE', withKeys({ pid: 'service:one' })],
  ['shared memory of the machine', 'COMPOSE_NAMESPACE', withKeys({ ipc: 'host' })],
  ['name of the machine', 'COMPOSE_NAMESPACE', withKeys({ uts: 'host' })],
  ['users of the machine', 'COMPOSE_NAMESPACE', withKeys({ userns_mode: 'host' })],
  ['control groups of the machine', 'COMPOSE_NAMESPACE', withKeys({ cgroup: 'host' })],
  ['another control group', 'COMPOSE_NAMESPACE', withKeys({ cgroup_parent: '/' })],
  ['network of the machine', 'COMPOSE_NAMESPACE', withKeys({ network_mode: 'host' })],
  ['network of another container', 'COMPOSE_NAMESPACE', withKeys({ network_mode: 'container:lab-probe' })],
  ['the root of the machine', 'COMPOSE_HOST_PATH', mount('/:/host')],
  ['the engine’s socket', 'COMPOSE_HOST_PATH', mount('/var/run/docker.sock:/run/docker.sock')],
  ['a way up', 'COMPOSE_HOST_PATH', mount('./config/../../secret:/etc/lab')],
  ['only up', 'COMPOSE_HOST_PATH', mount('..:/etc/lab')],
  ['the grader’s home', 'COMPOSE_HOST_PATH', mount('~/.ssh:/etc/lab')],
  ['a variable as a path', 'COMPOSE_VARIABLE', mount('${HOME}:/etc/lab')],
  ['a short variable', 'COMPOSE_VARIABLE', mount('$HOME:/etc/lab')],
  ['a host path in the long form', 'COMPOSE_HOST_PATH', mount({ type: 'bind', source: '/etc', target: '/etc/lab' })],
  [
    'a way up in the long form',
    'COMPOSE_HOST_PATH',
    mount({ type: 'bind', source: 'config/../..', target: '/etc/lab' }),
  ],
  [
    'propagation',
    'COMPOSE_KEY',
    mount({ type: 'bind', source: './config', target: '/etc/lab', bind: { propagation: 'shared' } }),
  ],
  ['shared mounts', 'COMPOSE_MOUNT', mount('./config:/etc/lab:rshared')],
  ['a named pipe', 'COMPOSE_VALUE', mount({ type: 'npipe', source: 'a', target: '/etc/lab' })],
  ['a cluster’s volume', 'COMPOSE_VALUE', mount({ type: 'cluster', source: 'a', target: '/etc/lab' })],
  ['an image as a volume', 'COMPOSE_VALUE', mount({ type: 'image', source: 'lab/probe', target: '/etc/lab' })],
  ['over the kernel’s files', 'COMPOSE_MOUNT', mount('./config:/proc/sys')],
  ['over the devices, around a corner', 'COMPOSE_MOUNT', mount('./config:/run/../dev')],
  ['over its own root', 'COMPOSE_MOUNT', mount('./config:/')],
  ['a volume without a name', 'COMPOSE_MOUNT', mount('/data')],
  ['a file that is not there', 'COMPOSE_FILE_MISSING', mount('./etc/passwd:/etc/lab')],
  ['a tmpfs without a size, in the long form', 'COMPOSE_LIMIT', mount({ type: 'tmpfs', target: '/big' })],
  ['a device', 'COMPOSE_DEVICE', withKeys({ devices: ['/dev/sda:/dev/sda'] })],
  ['a rule for devices', 'COMPOSE_DEVICE', withKeys({ device_cgroup_rules: ['a *:* rwm'] })],
  ['graphics cards', 'COMPOSE_DEVICE', withKeys({ gpus: 'all' })],
  ['all capabilities', 'COMPOSE_CAPABILITY', withKeys({ cap_add: ['ALL'] })],
  ['the system’s administrator', 'COMPOSE_CAPABILITY', withKeys({ cap_add: ['CAP_SYS_ADMIN'] }, 'door')],
  ['raw packets in a firewall', 'COMPOSE_CAPABILITY', withKeys({ cap_add: ['NET_RAW'] }, 'door')],
  ['a balancer that changes the network', 'COMPOSE_CAPABILITY', withKeys({ cap_add: ['net_admin'] })],
  ['no confinement', 'COMPOSE_SECURITY_OPTION', withKeys({ security_opt: ['seccomp:unconfined'] })],
  ['a profile of its own', 'COMPOSE_SECURITY_OPTION', withKeys({ security_opt: ['seccomp=./profile.json'] })],
  ['new privileges', 'COMPOSE_SECURITY_OPTION', withKeys({ security_opt: ['no-new-privileges:false'] })],
  ['the system’s paths', 'COMPOSE_SECURITY_OPTION', withKeys({ security_opt: ['systempaths=unconfined'] })],
  ['more groups', 'COMPOSE_PRIVILEGE', withKeys({ group_add: ['docker'] })],
  ['a build', 'COMPOSE_BUILD', withKeys({ build: '.' })],
  ['a build from elsewhere', 'COMPOSE_BUILD', withKeys({ build: { context: 'https://example.com/x.git' } })],
  ['a foreign image', 'COMPOSE_IMAGE', withKeys({ image: 'docker.io/library/alpine' })],
  ['the grader’s own probe', 'COMPOSE_IMAGE', withKeys({ image: 'lab/probe' })],
  ['an image by its tag', 'COMPOSE_IMAGE', withKeys({ image: 'lab/web:latest' })],
  ['a name that objects have', 'COMPOSE_IMAGE', withKeys({ image: 'lab/constructor' })],
  ['a published port', 'COMPOSE_PORTS', withKeys({ ports: ['0.0.0.0:80:80'] })],
  ['a network of others', 'COMPOSE_NETWORK', network({ external: true, name: 'other_default' })],
  ['the machine’s own cards', 'COMPOSE_NETWORK', network({ driver: 'macvlan', driver_opts: { parent: 'eth0' } })],
  ['a bridge of others', 'COMPOSE_NETWORK', network({ driver_opts: { 'com.docker.network.bridge.name': 'docker0' } })],
  [
    'a way out',
    'COMPOSE_VALUE',
    network({ driver_opts: { 'com.docker.network.bridge.enable_ip_masquerade': 'maybe' } }),
  ],
  [
    'another gateway mode',
    'COMPOSE_VALUE',
    network({ driver_opts: { 'com.docker.network.bridge.gateway_mode_ipv4': 'nat-unprotected' } }),
  ],
  ['IPv6', 'COMPOSE_NETWORK', network({ enable_ipv6: true })],
  ['a subnet over all addresses', 'COMPOSE_NETWORK', network({ ipam: { config: [{ subnet: '0.0.0.0/0' }] } })],
  ['a subnet of the internet', 'COMPOSE_NETWORK', network({ ipam: { config: [{ subnet: '8.8.8.0/24' }] } })],
  ['a subnet of another block', 'COMPOSE_SUBNET', network({ ipam: { config: [{ subnet: '10.78.0.0/27' }] } })],
  ['a subnet twice', 'COMPOSE_SUBNET', network({ ipam: { config: [{ subnet: '10.77.0.0/27' }] } })],
  ['a subnet in another', 'COMPOSE_SUBNET', network({ ipam: { config: [{ subnet: '10.77.0.0/28' }] } })],
  ['another keeper of addresses', 'COMPOSE_VALUE', network({ ipam: { driver: 'dhcp' } })],
  ['a network’s label of the engine', 'COMPOSE_LABEL', network({ labels: { 'com.docker.compose.project': 'other' } })],
  ['an address of another zone', 'COMPOSE_ADDRESS', withKeys({ networks: { middle: { ipv4_address: '10.77.0.2' } } })],
  ['the gateway’s address', 'COMPOSE_ADDRESS', withKeys({ networks: { middle: { ipv4_address: '10.77.0.65' } } })],
  ['a neighbour’s address', 'COMPOSE_ADDRESS', withKeys({ networks: { middle: { ipv4_address: '10.77.0.66' } } })],
  ['a neighbour’s card', 'COMPOSE_ADDRESS', withKeys({ networks: { middle: { mac_address: '02:42:0a:4d:00:42' } } })],
  ['a card of all', 'COMPOSE_VALUE', withKeys({ networks: { middle: { mac_address: 'ff:ff:ff:ff:ff:ff' } } })],
  ['an option of an attachment', 'COMPOSE_KEY', withKeys({ networks: { middle: { driver_opts: { a: 'b' } } } })],
  ['the machine by name', 'COMPOSE_NETWORK', withKeys({ extra_hosts: ['host:host-gateway'] })],
  ['links outside', 'COMPOSE_NETWORK', withKeys({ external_links: ['other'] })],
  ['a volume of others', 'COMPOSE_VOLUME', withTop({ volumes: { db: { external: true, name: 'other_db' } } })],
  [
    'a volume that is the machine',
    'COMPOSE_VOLUME',
    withTop({ volumes: { db: { driver_opts: { type: 'none', o: 'bind', device: '/' } } } }),
  ],
  ['a driver of volumes', 'COMPOSE_VOLUME', withTop({ volumes: { db: { driver: 'sshfs' } } })],
  ['volumes of another container', 'COMPOSE_MOUNT', withKeys({ volumes_from: ['container:lab-probe'] })],
  ['a secret of the machine', 'COMPOSE_HOST_PATH', withTop({ secrets: { 'site.pem': { file: '/etc/shadow' } } })],
  ['a secret from the environment', 'COMPOSE_FILE', withTop({ secrets: { 'site.pem': { environment: 'HOME' } } })],
  ['a secret of others', 'COMPOSE_FILE', withTop({ secrets: { 'site.pem': { external: true } } })],
  ['a configuration with variables', 'COMPOSE_FILE', withTop({ configs: { a: { content: '${HOME}' } } })],
  [
    'a secret over the kernel’s files',
    'COMPOSE_MOUNT',
    withKeys({ secrets: [{ source: 'site.pem', target: '/proc/1/mem' }] }),
  ],
  ['another file', 'COMPOSE_OTHER_FILE', withTop({ include: ['../other.yml'] })],
  ['extends', 'COMPOSE_OTHER_FILE', withKeys({ extends: { file: '/etc/x.yml', service: 'a' } })],
  ['an env_file outside', 'COMPOSE_HOST_PATH', withKeys({ env_file: '../.env' })],
  ['an env_file with a variable', 'COMPOSE_VARIABLE', withKeys({ env_file: 'bad.env' }), { 'bad.env': 'A=${HOME}\n' }],
  ['the grader’s environment by a name', 'COMPOSE_VALUE', withKeys({ environment: ['HOME'] })],
  ['the grader’s environment by nothing', 'COMPOSE_VARIABLE', withKeys({ environment: { HOME: null } })],
  ['the grader’s environment by a variable', 'COMPOSE_VARIABLE', withKeys({ environment: { A: '${HOME:-x}' } })],
  ['a variable behind dollars', 'COMPOSE_VARIABLE', withKeys({ command: 'echo $$$HOME' })],
  ['a variable in a health check', 'COMPOSE_VARIABLE', withKeys({ healthcheck: { test: 'echo ${HOME}' } })],
  ['a health check without rest', 'COMPOSE_VALUE', withKeys({ healthcheck: { test: 'true', interval: '1ms' } })],
  [
    'logs elsewhere',
    'COMPOSE_LOGGING',
    withKeys({ logging: { driver: 'syslog', options: { 'syslog-address': 'tcp://10.0.0.1' } } }),
  ],
  ['the engine’s label', 'COMPOSE_LABEL', withKeys({ labels: { 'com.docker.compose.project': 'other' } })],
  ['the grader’s label', 'COMPOSE_LABEL', withKeys({ labels: ['lab.kind=probe'] })],
  ['a setting of the kernel', 'COMPOSE_SYSCTL', withKeys({ sysctls: { 'kernel.core_pattern': '|/tmp/x' } }, 'door')],
  ['forwarding in a balancer', 'COMPOSE_SYSCTL', withKeys({ sysctls: ['net.ipv4.ip_forward=1'] })],
  ['more files', 'COMPOSE_VALUE', withKeys({ ulimits: { nofile: 1_000_000 } })],
  ['more processes', 'COMPOSE_LIMIT', withKeys({ ulimits: { nproc: -1 } })],
  ['no limit of processes', 'COMPOSE_VALUE', withKeys({ pids_limit: -1 })],
  ['more memory', 'COMPOSE_LIMIT', withKeys({ mem_limit: '64g' })],
  ['more memory at start', 'COMPOSE_LIMIT', withKeys({ shm_size: '8g' })],
  ['more processors', 'COMPOSE_LIMIT', withKeys({ cpus: 64 })],
  [
    'processors without number',
    'COMPOSE_LIMIT',
    stringify(small()).replace('image: lab/web', 'image: lab/web\n    cpus: .nan'),
  ],
  ['never the first to go', 'COMPOSE_LIMIT', withKeys({ oom_score_adj: -1000 })],
  ['never to go', 'COMPOSE_LIMIT', withKeys({ oom_kill_disable: true })],
  ['a tmpfs without a size', 'COMPOSE_LIMIT', withKeys({ tmpfs: '/big' })],
  ['a large tmpfs', 'COMPOSE_LIMIT', withKeys({ tmpfs: ['/big:size=100g'] })],
  ['many tmpfs', 'COMPOSE_LIMIT', withKeys({ tmpfs: ['/a:size=64m', '/b:size=64m', '/c:size=64m'] })],
  ['devices in a tmpfs', 'COMPOSE_MOUNT', withKeys({ tmpfs: ['/a:size=1m,dev'] })],
  ['two at one place', 'COMPOSE_MOUNT', withKeys({ tmpfs: ['/etc/lab:size=1m'] })],
  ['many copies', 'COMPOSE_DEPLOY', withKeys({ deploy: { replicas: 1000 } })],
  ['many copies, the short way', 'COMPOSE_DEPLOY', withKeys({ scale: 1000 })],
  ['hidden services', 'COMPOSE_DEPLOY', withKeys({ profiles: ['later'] })],
  ['watching', 'COMPOSE_DEPLOY', withKeys({ develop: { watch: [] } })],
  [
    'a hook with privileges',
    'COMPOSE_HOOK',
    withKeys({ post_start: [{ command: 'id', privileged: true, user: 'root' }] }),
  ],
  ['a hook at the end', 'COMPOSE_HOOK', withKeys({ pre_stop: [{ command: 'sleep 999' }] })],
  ['another runtime', 'COMPOSE_RUNTIME', withKeys({ runtime: 'sysbox' })],
  ['a program of the machine', 'COMPOSE_RUNTIME', withKeys({ provider: { type: '/bin/sh' } })],
  ['access to the engine', 'COMPOSE_KEY', withKeys({ use_api_socket: true })],
  ['a user by name', 'COMPOSE_VALUE', withKeys({ user: 'root' })],
  ['a circle', 'COMPOSE_ORDER', withKeys({ depends_on: { lb: { condition: 'service_healthy' } } })],
  [
    'many services',
    'COMPOSE_LIMIT',
    withTop({ services: Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`s${i}`, { image: 'lab/web' }])) }),
  ],
  [
    'much memory in all',
    'COMPOSE_LIMIT',
    withTop({
      services: {
        ...small()['services'],
        ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`s${i}`, { image: 'lab/server' }])),
      },
    }),
  ],
  [
    'many networks',
    'COMPOSE_LIMIT',
    withTop({
      networks: { ...small()['networks'], ...Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`n${i}`, {}])) },
    }),
  ],
  [
    'a service with a strange name',
    'COMPOSE_NAME',
    withTop({ services: { ...small()['services'], '../x': { image: 'lab/web' } } }),
  ],
  [
    'a service named __proto__',
    'COMPOSE_NAME',
    `${stringify(small())}`.replace('  two:', '  __proto__: { image: lab/web }\n  two:'),
  ],
  ['a long text', 'COMPOSE_VALUE', withKeys({ command: 'x'.repeat(5000) })],
  ['an unknown key', 'COMPOSE_KEY', withTop({ secrets_: {} })],
  ['escape sequences', 'COMPOSE_CONTROL_CHARACTER', withKeys({ command: '\u001b]0;x\u0007' })],
  ['no list of services', 'COMPOSE_SERVICES', 'services: {}\n'],
  ['no mapping', 'COMPOSE_YAML', '- a\n'],
  ['nothing', 'COMPOSE_YAML', '# nothing\n'],
  ['two documents', 'COMPOSE_YAML', `${stringify(small())}---\nservices: {}\n`],
  ['a directive', 'COMPOSE_YAML', `%YAML 1.1\n---\n${stringify(small())}`],
  ['a key twice', 'COMPOSE_DUPLICATE_KEY', `${stringify(small())}services: {}\n`],
  ['a tag', 'COMPOSE_TAG', `${stringify(small())}x-a: !!binary aGk=\n`],
  [
    'Compose’s own tags',
    'COMPOSE_TAG',
    stringify(small()).replace('image: lab/web', 'image: lab/web\n    ports: !reset []'),
  ],
  ['a bomb of aliases', 'COMPOSE_ALIASES', `${bomb}\n${stringify(small())}`],
  ['a small bomb of aliases', 'COMPOSE_TOO_LARGE', `${doubling}\n${stringify(small())}`],
  ['a bomb of merges', 'COMPOSE_TOO_LARGE', `${merging}\n${stringify(small())}`],
  ['an alias in itself', 'COMPOSE_ALIASES', `x-a: &a [*a]\n${stringify(small())}`],
  ['many brackets', 'COMPOSE_TOO_DEEP', deep(5000)],
  ['deep brackets', 'COMPOSE_TOO_DEEP', deep(25)],
  ['deep lines', 'COMPOSE_TOO_DEEP', `${indented}\n${' '.repeat(25)}a\n${stringify(small())}`],
  ['a large file', 'COMPOSE_TOO_LARGE', `# ${'x'.repeat(300_000)}\n${stringify(small())}`],
  ['two Compose files', 'COMPOSE_MISSING', stringify(small()), { 'docker-compose.yml': 'services: {}' }],
];

test.each(tricks)('%s is refused', (_, code, compose, more = {}) => {
  const plan = planned(compose, rolesText, more);
  const refusals = 'refusals' in plan ? plan.refusals : [];
  expect(refusals.map((refusal) => refusal.code)).toContain(code);
  for (const { message, where } of refusals) {
    expect(message).toMatch(/^[^\p{Cc}]{5,300}$/u);
    expect(where).toMatch(/\.ya?ml(:\d+:\d+)?$/);
  }
});

test('a trick is refused for itself: without it the project is taken', () => {
  expect(planned(small())).toHaveProperty('project');
  expect(new Set(tricks.map(([trick]) => trick)).size).toBe(tricks.length);
});
