import { readAttachments, readHosts } from './attachments.ts';
import { readEnvironmentFile } from './environment-file.ts';
import { readHealthcheck } from './healthcheck.ts';
import { limitKeys } from './limit-keys.ts';
import { memoryOf, studentParts } from './limits.ts';
import { readFileReference, readTmpfs, readVolume, submittedPath } from './mounts.ts';
import { rightsKeys } from './rights-keys.ts';
import { set, type Draft, type Rule } from './service-rule.ts';
import { shown, type Tree } from './tree.ts';
import type { Values } from './values.ts';

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
  ...rightsKeys,
  ...limitKeys,
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
