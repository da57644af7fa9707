import type { Submission } from '../submission.ts';
import type { Attachment, DescribedService, Mount, Tmpfs } from './described.ts';
import type { Findings } from './findings.ts';
import { readHealthcheck } from './healthcheck.ts';
import { memoryOf, most, studentParts } from './limits.ts';
import { readFileReference, readTmpfs, readVolume, submittedPath } from './mounts.ts';
import { readEnvironmentFile } from './environment-file.ts';
import { readSysctls } from './sysctls.ts';
import { readAttachments, readHosts } from './attachments.ts';
import type { Tree } from './tree.ts';
import { shown } from './tree.ts';
import type { Values } from './values.ts';

/** What the rules of a service may look at. */
export interface Around {
  values: Values;
  findings: Findings;
  submission: Submission;
  /** Whether lab-roles.yml makes it a firewall. */
  firewall: boolean;
  services: ReadonlySet<string>;
  networks: ReadonlySet<string>;
  volumes: ReadonlySet<string>;
  secrets: ReadonlyMap<string, string>;
  configs: ReadonlyMap<string, string>;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A service while it is read. */
export type Draft = Omit<Writable<DescribedService>, 'mounts' | 'tmpfs' | 'environment' | 'networks'> & {
  mounts: Mount[];
  tmpfs: Tmpfs[];
  environment: Map<string, string>;
  networks: Attachment[];
};

type Rule = (tree: Tree, draft: Draft, around: Around) => void;

const name = /^[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}$/;

/** Every key that a service may have and that counts, with what may stand there. */
export const serviceKeys: Readonly<Record<string, Rule>> = {
  image: (tree, draft, { values }) => {
    const image = values.text(tree, 'image');
    const part = image?.replace(/^lab\//, '');
    if (image === undefined || part === undefined) return;
    if (image.startsWith('lab/') && studentParts.includes(part)) {
      draft.part = part;
      draft.memory = Math.min(draft.memory, memoryOf(part));
    } else {
      values.wrong(
        tree,
        `image: ${shown(image)} is not an image of the lab; write lab/balancer, lab/web and so on, without a tag`,
        'COMPOSE_IMAGE',
      );
    }
  },
  command: (tree, draft, { values }) => set(draft, 'command', values.command(tree, 'command')),
  entrypoint: (tree, draft, { values }) => set(draft, 'entrypoint', values.command(tree, 'entrypoint')),
  user: (tree, draft, { values }) => set(draft, 'user', values.text(tree, 'user', /^\d{1,6}(?::\d{1,6})?$/)),
  hostname: (tree, draft, { values }) => set(draft, 'hostname', values.text(tree, 'hostname', name)),
  working_dir: (tree, draft, { values }) =>
    set(draft, 'workingDir', values.text(tree, 'working_dir', /^\/[A-Za-z0-9._/-]{0,200}$/)),
  init: (tree, draft, { values }) => set(draft, 'init', values.flag(tree, 'init')),
  stop_signal: (tree, draft, { values }) =>
    set(draft, 'stopSignal', values.text(tree, 'stop_signal', /^SIG(?:TERM|INT|QUIT|HUP|USR1|USR2|WINCH|KILL)$/)),
  restart: (tree, draft, { values, findings }) => {
    const restart = values.text(tree, 'restart', /^(?:no|false|always|unless-stopped|on-failure(?::\d{1,4})?)$/);
    if (restart === undefined) return;
    draft.restart = restart === 'no' || restart === 'false' ? 'no' : 'unless-stopped';
    if (!['no', 'false', 'unless-stopped'].includes(restart))
      findings.note(tree.at, `restart: ${restart} counts as unless-stopped`);
  },
  environment: (tree, draft, { values }) => {
    for (const { key, value } of values.pairs(tree, 'environment')) {
      if (value.kind === 'scalar' && value.value === null) {
        values.wrong(
          value,
          `environment: ${shown(key)} has no value; it would be filled in from the grader’s own environment`,
          'COMPOSE_VARIABLE',
        );
      } else setVariable(draft, key, values.text(value, 'environment'), tree, values);
    }
  },
  env_file: (tree, draft, around) => {
    for (const [key, value] of readEnvironmentFile(around, tree, submittedPath)) {
      if (!draft.environment.has(key)) setVariable(draft, key, value, tree, around.values);
    }
  },
  healthcheck: (tree, draft, { values }) => set(draft, 'healthcheck', readHealthcheck(values, tree)),
  depends_on: (tree, draft, { values, services }) => {
    const entries =
      tree.kind === 'map'
        ? [...tree.entries].map(([service, { at, value }]) => ({ service, at, value }))
        : values
            .items(tree, 'depends_on')
            .map((item) => ({ service: values.text(item, 'depends_on'), at: item.at, value: undefined }));
    draft.dependsOn = entries.flatMap(({ service, at, value }) => {
      if (service === undefined) return [];
      if (!services.has(service)) values.wrong({ ...tree, at }, `depends_on: there is no service ${shown(service)}`);
      if (value !== undefined) values.onlyKeys(value, 'depends_on', ['condition', 'required', 'restart']);
      const wanted = value?.kind === 'map' ? value.entries.get('condition')?.value : undefined;
      const condition =
        wanted && values.text(wanted, 'depends_on.condition', /^service_(?:started|healthy|completed_successfully)$/);
      return [{ service, at, condition: condition ?? 'service_started' }];
    });
  },
  cap_add: (tree, draft, { values, firewall }) => {
    for (const item of values.items(tree, 'cap_add')) {
      const capability = values.text(item, 'cap_add')?.replace(/^CAP_/i, '').toUpperCase();
      if (capability === undefined) continue;
      if (capability === 'NET_ADMIN' && firewall) draft.netAdmin = true;
      else
        values.wrong(
          item,
          `cap_add: ${shown(capability)} is not taken; only a firewall of lab-roles.yml gets NET_ADMIN, and nothing else`,
          'COMPOSE_CAPABILITY',
        );
    }
  },
  security_opt: (tree, _, { values }) => {
    for (const item of values.items(tree, 'security_opt')) {
      const option = values.text(item, 'security_opt');
      if (option !== undefined && !/^no-new-privileges(?:[:=]true)?$/.test(option)) {
        values.wrong(
          item,
          `security_opt: ${shown(option)} is not taken; no-new-privileges:true is`,
          'COMPOSE_SECURITY_OPTION',
        );
      }
    }
  },
  sysctls: (tree, draft, { values, firewall }) => set(draft, 'sysctls', readSysctls(values, tree, firewall)),
  ulimits: (tree, draft, { values }) => {
    for (const [key, { at, value }] of values.map(tree, 'ulimits')) {
      const amounts = value.kind === 'map' ? [...value.entries.values()].map((entry) => entry.value) : [value];
      if (value.kind === 'map') values.onlyKeys(value, `ulimits.${key}`, ['soft', 'hard']);
      if (key === 'nofile')
        for (const one of amounts)
          draft.openFiles = Math.min(
            draft.openFiles,
            values.integer(one, 'ulimits.nofile', 64, most.openFiles) ?? most.openFiles,
          );
      else if (key === 'core') for (const one of amounts) values.integer(one, 'ulimits.core', 0, 0);
      else values.findings.refuse('COMPOSE_LIMIT', at, `ulimits: ${shown(key)} is not taken; nofile and core are`);
    }
  },
  mem_limit: (tree, draft, { values }) => {
    draft.memory = Math.min(draft.memory, values.mebibytes(tree, 'mem_limit', memoryOf(draft.part)) ?? draft.memory);
  },
  cpus: (tree, draft, { values }) => {
    const value = tree.kind === 'scalar' ? Number(tree.value) : NaN;
    if (value >= 0.01 && value <= most.cpus) draft.cpus = Math.round(value * 100) / 100;
    else values.wrong(tree, `cpus: up to ${most.cpus} are given`, 'COMPOSE_LIMIT');
  },
  pids_limit: (tree, draft, { values }) => {
    draft.processes = Math.min(
      draft.processes,
      values.integer(tree, 'pids_limit', 1, most.processes) ?? draft.processes,
    );
  },
  shm_size: (tree, _, { values }) => void values.mebibytes(tree, 'shm_size', most.tmpfs),
  extra_hosts: (tree, draft, { values }) => set(draft, 'hosts', readHosts(values, tree)),
  networks: (tree, draft, { values, networks }) => {
    draft.networks = readAttachments(values, tree, networks);
  },
  tmpfs: (tree, draft, { values }) => {
    for (const item of tree.kind === 'list' ? tree.items : [tree]) {
      const tmpfs = readTmpfs(values, item);
      if (tmpfs !== undefined) draft.tmpfs.push(tmpfs);
    }
  },
  volumes: (tree, draft, around) => {
    for (const item of around.values.items(tree, 'volumes')) {
      const volume = readVolume(around, item);
      if (volume === undefined) continue;
      if ('tmpfs' in volume) draft.tmpfs.push(volume.tmpfs);
      else draft.mounts.push(volume.mount);
    }
  },
  secrets: (tree, draft, { values, secrets }) => mountFiles(tree, draft, values, secrets, 'secrets'),
  configs: (tree, draft, { values, configs }) => mountFiles(tree, draft, values, configs, 'configs'),
  labels: (tree, _, { values, findings }) => {
    for (const { key, value } of values.pairs(tree, 'labels')) {
      if (/^(?:com\.docker\.|lab\.)/i.test(key)) {
        values.wrong(
          value,
          `labels: ${shown(key)} is a name that the engine and the grader keep for themselves`,
          'COMPOSE_LABEL',
        );
      }
    }
    findings.note(tree.at, 'labels are left out: nobody reads them here');
  },
};

function set<K extends keyof Draft>(draft: Draft, key: K, value: Draft[K] | undefined): void {
  if (value !== undefined) draft[key] = value;
}

function setVariable(draft: Draft, key: string, value: string | undefined, tree: Tree, values: Values): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(key))
    values.wrong(tree, `environment: ${shown(key)} is not the name of a variable`);
  else if (value !== undefined) draft.environment.set(key, value);
}

function mountFiles(
  tree: Tree,
  draft: Draft,
  values: Values,
  files: ReadonlyMap<string, string>,
  kind: 'secrets' | 'configs',
): void {
  for (const item of values.items(tree, kind)) {
    const mount = readFileReference({ values, files, kind }, item);
    if (mount !== undefined) draft.mounts.push(mount);
  }
}
