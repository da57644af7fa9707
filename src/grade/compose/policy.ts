import type { Submission } from '../submission.ts';
import type { Described, DescribedNetwork, DescribedService } from './described.ts';
import type { Findings } from './findings.ts';
import { ignoredKeys, refusedKeys, refusedTopLevel } from './keys.ts';
import { memoryOf, most } from './limits.ts';
import { submittedPath } from './mounts.ts';
import { readNetwork } from './networks.ts';
import type { Roles } from './roles.ts';
import { serviceKeys } from './service-keys.ts';
import type { Around, Draft } from './service-rule.ts';
import type { Entry, MapTree, Tree } from './tree.ts';
import { shown } from './tree.ts';
import { Values } from './values.ts';
import { checkWhole } from './whole.ts';

const serviceName = /^[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?$/;
const otherName = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,60}[A-Za-z0-9])?$/;

/** Reads a student's Compose file against the allow list. What it answers means nothing once something is refused. */
export function describe(tree: Tree, roles: Roles, submission: Submission, findings: Findings): Described {
  const values = new Values(findings);
  if (tree.kind !== 'map') values.wrong(tree, 'a Compose file is a mapping with services', 'COMPOSE_YAML');
  const map: MapTree = tree.kind === 'map' ? tree : { kind: 'map', entries: new Map(), at: tree.at };
  topLevel(map, findings);
  const networks = section(values, map, 'networks', most.networks, otherName);
  const volumes = section(values, map, 'volumes', most.volumes, otherName);
  const services = section(values, map, 'services', most.services, serviceName);
  const names = new Set(volumes.keys());
  for (const [name, entry] of volumes) checkVolume(values, name, entry);
  const files = (kind: 'secrets' | 'configs'): Map<string, string> =>
    new Map(
      [...section(values, map, kind, most.list, otherName)].flatMap(([name, { value }]) => {
        const path = readFile({ values, submission, volumes: names }, kind, name, value);
        return path === undefined ? [] : [[name, path] as const];
      }),
    );
  const firewalls = new Set(Object.values(roles.firewalls));
  const shared = {
    values,
    findings,
    submission,
    services: new Set(services.keys()),
    networks: new Set([...networks.keys(), 'default']),
    volumes: names,
    secrets: files('secrets'),
    configs: files('configs'),
  };
  const described = [...services].map(([name, { at, value }]) =>
    readService(
      name,
      { kind: 'map', entries: values.map(value, `service ${shown(name)}`), at },
      { ...shared, firewall: firewalls.has(name) },
    ),
  );
  const all: DescribedNetwork[] = [...networks].map(([name, entry]) => readNetwork(values, name, entry));
  const inDefault = described.some((service) => service.networks.some(({ network }) => network === 'default'));
  if (inDefault && !networks.has('default')) all.push({ name: 'default', at: map.at });
  const whole = { services: described, networks: all, volumes: [...names], roles };
  checkWhole(whole, findings);
  return whole;
}

function topLevel(map: MapTree, findings: Findings): void {
  for (const [key, { at }] of map.entries) {
    if (['services', 'networks', 'volumes', 'secrets', 'configs'].includes(key) || key.startsWith('x-')) continue;
    const refused = Object.hasOwn(refusedTopLevel, key) ? refusedTopLevel[key] : undefined;
    if (refused !== undefined) findings.refuse(refused.code, at, `${key}: ${refused.why}`);
    else if (key === 'name' || key === 'version') findings.note(at, `${key} changes nothing here`);
    else findings.refuse('COMPOSE_KEY', at, `${shown(key)} is not taken at the top level`);
  }
}

function section(values: Values, map: MapTree, key: string, limit: number, pattern: RegExp): Map<string, Entry> {
  const tree = map.entries.get(key)?.value;
  if (tree === undefined) return new Map();
  const entries = values.map(tree, key);
  if (entries.size > limit) values.wrong(tree, `${key}: more than ${limit}`, 'COMPOSE_LIMIT');
  return new Map(
    [...entries].slice(0, limit).filter(([name, { at }]) => {
      if (name.startsWith('x-') && key !== 'services') return false;
      if (!pattern.test(name))
        values.findings.refuse('COMPOSE_NAME', at, `${key}: ${shown(name)} is not taken as a name`);
      return pattern.test(name);
    }),
  );
}

function checkVolume(values: Values, name: string, { value }: Entry): void {
  for (const [key, { at, value: inner }] of values.map(value, `volume ${shown(name)}`)) {
    const local = key === 'driver' && inner.kind === 'scalar' && inner.value === 'local';
    if (key === 'name' || key === 'labels') values.findings.note(at, `${key} of a volume changes nothing here`);
    else if (!local) {
      const why =
        key === 'external'
          ? 'only volumes of the project are used'
          : 'is not taken: options of a driver can mount the machine';
      values.findings.refuse('COMPOSE_VOLUME', at, `volumes: ${shown(key)}: ${why}`);
    }
  }
}

function readFile(
  around: { values: Values; submission: Submission; volumes: ReadonlySet<string> },
  kind: string,
  name: string,
  tree: Tree,
): string | undefined {
  const { values, submission } = around;
  const what = `${kind}: ${shown(name)}`;
  const map = values.map(tree, what);
  for (const [key, { at }] of map) {
    if (key === 'file') continue;
    if (key === 'name' || key === 'labels') values.findings.note(at, `${key} of a file changes nothing here`);
    else
      values.findings.refuse(
        'COMPOSE_FILE',
        at,
        `${what}: ${shown(key)} is not taken; file is, with a file of the submission`,
      );
  }
  const file = map.get('file')?.value;
  const raw = file && values.text(file, what);
  if (file === undefined) return values.wrong(tree, `${what}: file is needed`, 'COMPOSE_FILE');
  const path = raw === undefined ? undefined : submittedPath(around, raw, file, what);
  if (path === undefined || submission.files.has(path)) return path;
  return values.wrong(file, `${what}: ${shown(path)} is a folder`, 'COMPOSE_FILE_MISSING');
}

function readService(name: string, tree: MapTree, around: Around): DescribedService {
  const { values, findings, firewall } = around;
  const draft: Draft = {
    name,
    at: tree.at,
    part: '',
    firewall,
    environment: new Map(),
    dependsOn: [],
    restart: 'unless-stopped',
    netAdmin: false,
    sysctls: new Map(),
    hosts: [],
    mounts: [],
    tmpfs: [],
    networks: [],
    memory: Infinity,
    cpus: most.cpus,
    processes: most.processes,
    openFiles: most.openFiles,
  };
  // The image decides on limits.
  const image = tree.entries.get('image');
  if (image !== undefined) serviceKeys['image']?.(image.value, draft, around);
  else if (!tree.entries.has('build')) values.wrong(tree, `${shown(name)} has no image`, 'COMPOSE_IMAGE');
  for (const [key, { at, value }] of tree.entries) {
    if (key === 'image' || key.startsWith('x-')) continue;
    const rule = Object.hasOwn(serviceKeys, key) ? serviceKeys[key] : undefined;
    const refused = Object.hasOwn(refusedKeys, key) ? refusedKeys[key] : undefined;
    if (rule !== undefined) rule(value, draft, around);
    else if (refused !== undefined) {
      // `privileged: false` and `ports: []` say what is so anyway.
      if (!says(value)) continue;
      findings.refuse(refused.code, at, `${name}: ${key}: ${refused.why}`);
    } else if (Object.hasOwn(ignoredKeys, key)) findings.note(at, `${key}: ${ignoredKeys[key]}`);
    else findings.refuse('COMPOSE_KEY', at, `${name}: ${shown(key)} is not taken`);
  }
  draft.memory = Math.min(draft.memory, memoryOf(draft.part));
  if (draft.networks.length === 0) draft.networks.push({ network: 'default', aliases: [], priority: 0, at: tree.at });
  return draft;
}

function says(tree: Tree): boolean {
  if (tree.kind === 'list') return tree.items.length > 0;
  return !(tree.kind === 'scalar' && (tree.value === false || tree.value === null));
}
