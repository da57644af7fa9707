import { neverEnds, ofFiles, type Hostile, type Target } from './hostile.ts';
import { solutionOf } from './known.ts';

const solution = solutionOf('whole-stack');
const compose = solution['compose.yml'] ?? '';

/** Services of the solution, as they begin, and what is put into each. */
type Changes = Readonly<Record<string, string>>;

/** @throws Error when the solution does not hold one of the texts */
function changed(changes: Changes): string {
  return Object.entries(changes).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the solution of whole-stack no longer holds ${from}`);
    return text.replace(from, () => to);
  }, compose);
}

function project(
  name: string,
  tries: string,
  outcome: Hostile['outcome'],
  changes: Changes | ((target: Target) => Changes),
): Hostile {
  return ofFiles(name, tries, outcome, (target) => ({
    ...solution,
    'compose.yml': changed(typeof changes === 'function' ? changes(target) : changes),
  }));
}

const web = (name: string): string => `${name}: { <<: *web,`;
/** Runs a shell beside what the image runs anyway. */
const shell = (script: string, then = 'supervise'): string =>
  `entrypoint: ${JSON.stringify(['bash', '-c', `(${script}) & exec ${then}`]).replaceAll('$', '$$$$')}`;

const reach = ({ hosts, port, secret, trace }: Target): string =>
  `echo stack-reaches-out runs; cat ${secret} /proc/1/root${secret}; touch ${trace}
while :; do
for a in ${hosts.map((host) => `${host}/${port}`).join(' ')} 169.254.169.254/80 8.8.8.8/53; do timeout 1 bash -c "exec 3<>/dev/tcp/$a" 2>/dev/null && echo reached-$a-outside; done
timeout 2 getent hosts example.com && echo reached-dns-outside; sleep 1; done`;

/** Hostile submissions of the exercise `whole-stack` that the allow list takes: what they try, they try while they run. */
const running: readonly Hostile[] = [
  {
    ...project(
      'stack-uses-up',
      'use up processes, memory, logs and the disk',
      { most: 100 },
      {
        [web('web1')]: `${web('web1')} ${shell('echo stack-uses-up runs; f() { f | f & }; f')},`,
        [web('web2')]:
          `${web('web2')} ${shell('while :; do head -c 4G /dev/zero | tail; done & yes "$(head -c 900 /dev/zero)"')},`,
        [web('web3')]:
          `${web('web3')} user: "0:0", ${shell('for i in $(seq 12); do head -c 400M /dev/zero >/full/$i; done')},`,
        'volumes: ["./web:/etc/lab:ro"]': 'volumes: ["./web:/etc/lab:ro", "full:/full"]',
        'volumes: { primary: {},': 'volumes: { full: {}, primary: {},',
      },
    ),
    says: 'stack-uses-up runs',
    noted: 'wrote more to its volumes',
  },
  {
    ...project(
      'stack-reaches-out',
      'connect to the host from every zone, with a firewall’s rights too',
      { most: 100 },
      (target) => ({
        [web('web1')]: `${web('web1')} ${shell(reach(target))},`,
        'fw-edge:\n    <<: *firewall': `fw-edge:\n    <<: *firewall\n    ${shell(
          `sleep 3; iptables -P OUTPUT ACCEPT; iptables -F OUTPUT; ip addr add 172.17.0.99/16 dev edge; ip route add 172.17.0.0/16 dev edge
for h in ${target.hosts.join(' ')}; do ip route replace $h dev edge; ip route add $h via 10.77.0.1; ip neigh replace $h lladdr ff:ff:ff:ff:ff:ff dev edge; done
${reach(target)}`,
          '/usr/local/bin/firewall',
        )}`,
      }),
    ),
    says: 'stack-reaches-out runs',
  },
  {
    ...project(
      'stack-collides',
      'bear the names of the grader and of others, and stay when it is told to go',
      { most: 100 },
      {
        'services:\n': 'name: lab\n\nservices:\n',
        [web('web1')]:
          `${web('web1')} container_name: lab-probe, hostname: db-primary, labels: { project: lab }, stop_signal: SIGWINCH, ${shell(
            `echo stack-collides runs; trap '' TERM; for i in $(seq 30); do (trap '' TERM; setsid sleep ${neverEnds}) & done; sleep 15; kill -STOP 1`,
          )},`,
        [web('web2')]: `${web('web2')} container_name: lab-probe, init: true,`,
        'networks:\n  edge: { <<: *zone,': 'networks:\n  edge: { name: bridge, <<: *zone,',
        'core: { <<: *zone, ipam': 'core: { name: host, labels: { project: lab }, <<: *zone, ipam',
        'volumes: { primary: {},': 'volumes: { primary: { name: lab_primary, labels: { project: lab } },',
        'dmz: { ipv4_address: 10.77.0.68 }': 'dmz: { ipv4_address: 10.77.0.68, aliases: [web1, probe, localhost] }',
      },
    ),
    says: 'stack-collides runs',
  },
  {
    ...project(
      'stack-forges',
      'say in Prometheus’s place that all is well',
      { most: 90 },
      {
        'image: lab/prometheus\n    user: "10040:10040"\n    volumes: ["./prometheus:/etc/lab:ro", "figures:/prometheus"]': `image: lab/web
    user: "10020:10020"
    entrypoint: ${JSON.stringify([
      'node',
      '-e',
      `console.log('stack-forges runs');
const names = ['fw-edge', 'fw-app', 'fw-data', 'balancer', 'web1', 'web2', 'web3', 'db-primary', 'db-replica'];
const result = [...names, '\\u001b[2J<script>alert(1)</script>'].map((name) => ({ metric: { __name__: 'up', instance: name + ':9100' }, value: [Date.now() / 1000, '1'] }));
const activeTargets = names.map((name) => ({ labels: {}, scrapePool: 'node', scrapeUrl: 'http://' + name + ':9100/metrics', health: 'up', lastError: '', lastScrape: new Date().toISOString(), scrapeInterval: '2s' }));
require('http').createServer((q, a) => a.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result, activeTargets } }))).listen(9090);`,
    ])}`,
        'figures: {} }': '}',
      },
    ),
    says: 'stack-forges runs',
  },
];

/** What is refused before anything is made on the engine. */
const refused: readonly Hostile[] = [
  project(
    'stack-privileged',
    'be root of the host',
    { refused: 'COMPOSE_PRIVILEGE' },
    {
      [web('web1')]: `${web('web1')} privileged: true,`,
    },
  ),
  project(
    'stack-socket',
    'have the engine’s socket',
    { refused: 'COMPOSE_HOST_PATH' },
    {
      'volumes: ["./web:/etc/lab:ro"]': 'volumes: ["./web:/etc/lab:ro", "/var/run/docker.sock:/run/docker.sock"]',
    },
  ),
  project('stack-secret', 'mount a file of the host', { refused: 'COMPOSE_HOST_PATH' }, ({ secret }) => ({
    'ca: { file: ./keys/ca.pem }': `ca: { file: ${secret} }`,
  })),
  project(
    'stack-label',
    'belong to another project',
    { refused: 'COMPOSE_LABEL' },
    {
      [web('web1')]: `${web('web1')} labels: { com.docker.compose.project: lab },`,
    },
  ),
  project(
    'stack-network',
    'join the network of the host',
    { refused: 'COMPOSE_NAMESPACE' },
    {
      [web('web1')]: `${web('web1')} network_mode: host,`,
    },
  ),
  project(
    'stack-volume',
    'mount the root of the host as a volume',
    { refused: 'COMPOSE_VOLUME' },
    {
      'volumes: { primary: {},': 'volumes: { primary: { driver_opts: { type: none, o: bind, device: / } },',
    },
  ),
];

export const hostileProjects: readonly Hostile[] = [...running, ...refused];
