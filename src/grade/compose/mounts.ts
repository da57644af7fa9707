import { posix } from 'node:path';
import type { Submission } from '../submission.ts';
import type { Mount, Tmpfs } from './described.ts';
import { most } from './limits.ts';
import type { Tree } from './tree.ts';
import { shown } from './tree.ts';
import type { Values } from './values.ts';

/** Where a container's own system is; nothing is mounted over it. */
const ofTheSystem = /^\/(?:$|proc(?:\/|$)|sys(?:\/|$)|dev(?:\/|$)|etc\/(?:hosts|hostname|resolv\.conf)$)/;

export interface MountReader {
  values: Values;
  submission: Submission;
  volumes: ReadonlySet<string>;
}

/** A path of the submission: `./config/web` is `config/web`. Host paths, ways up and what is not there are refused. */
export function submittedPath(
  { values, submission }: MountReader,
  raw: string,
  tree: Tree,
  what: string,
): string | undefined {
  const text = values.clean(raw, tree, what, /^[^]*$/);
  if (text === undefined) return undefined;
  const path = posix.normalize(text).replace(/^\.\/|\/$/g, '');
  if (text.startsWith('/') || text.startsWith('~') || text.includes('\\') || text.split('/').includes('..')) {
    return values.wrong(
      tree,
      `${what}: ${shown(text)} is a path of the machine; only files of the submission can be mounted`,
      'COMPOSE_HOST_PATH',
    );
  }
  if (path === '.' || path === '') return '';
  const there = [...submission.files.keys()].some((file) => file === path || file.startsWith(`${path}/`));
  return there ? path : values.wrong(tree, `${what}: the submission holds no ${shown(path)}`, 'COMPOSE_FILE_MISSING');
}

export function targetPath(values: Values, raw: string, tree: Tree, what: string): string | undefined {
  const text = values.clean(raw, tree, what, /^\/[A-Za-z0-9._/+-]{0,200}$/);
  if (text === undefined) return undefined;
  const path = posix.normalize(text).replace(/(?<=.)\/$/, '');
  if (!text.split('/').includes('..') && !ofTheSystem.test(path)) return path;
  return values.wrong(tree, `${what}: nothing is mounted at ${shown(text)}`, 'COMPOSE_MOUNT');
}

/** An entry of a service's `volumes`, in either form. */
export function readVolume(reader: MountReader, tree: Tree): { mount: Mount } | { tmpfs: Tmpfs } | undefined {
  return tree.kind === 'map' ? longForm(reader, tree) : shortForm(reader, tree);
}

function shortForm(reader: MountReader, tree: Tree): { mount: Mount } | undefined {
  const { values } = reader;
  const text = values.text(tree, 'volumes');
  if (text === undefined) return undefined;
  const [source, target, mode = 'rw', ...more] = text.split(':');
  if (source === undefined || target === undefined || more.length > 0) {
    return values.wrong(
      tree,
      `volumes: ${shown(text)} is not SOURCE:TARGET; a volume without a name is not taken`,
      'COMPOSE_MOUNT',
    );
  }
  if (!/^(?:rw|ro)$/.test(mode))
    return values.wrong(tree, `volumes: the mode ${shown(mode)} is not taken; ro and rw are`, 'COMPOSE_MOUNT');
  return mounted(reader, tree, source, target, mode === 'ro');
}

function longForm(
  reader: MountReader,
  tree: Extract<Tree, { kind: 'map' }>,
): { mount: Mount } | { tmpfs: Tmpfs } | undefined {
  const { values } = reader;
  const get = (key: string): Tree | undefined => tree.entries.get(key)?.value;
  const type = get('type') && values.text(get('type') as Tree, 'volumes.type', /^(?:bind|volume|tmpfs)$/);
  const targetTree = get('target');
  if (type === undefined || targetTree === undefined)
    return values.wrong(tree, 'volumes: type (bind, volume or tmpfs) and target are needed', 'COMPOSE_MOUNT');
  const target = values.text(targetTree, 'volumes.target');
  if (target === undefined) return undefined;
  if (type === 'tmpfs') {
    values.onlyKeys(tree, 'volumes', ['type', 'target', 'tmpfs']);
    const inner = get('tmpfs');
    if (inner !== undefined) values.onlyKeys(inner, 'volumes.tmpfs', ['size', 'mode']);
    const size = inner?.kind === 'map' ? inner.entries.get('size')?.value : undefined;
    if (size === undefined)
      return values.wrong(tree, `volumes: a tmpfs needs a size, up to ${most.tmpfs}m`, 'COMPOSE_LIMIT');
    const mebibytes = values.mebibytes(size, 'volumes.tmpfs.size', most.tmpfs);
    const at = targetPath(values, target, tree, 'volumes.target');
    return mebibytes === undefined || at === undefined
      ? undefined
      : { tmpfs: { target: at, size: mebibytes, options: ['mode=1777'] } };
  }
  values.onlyKeys(tree, 'volumes', ['type', 'source', 'target', 'read_only']);
  const sourceTree = get('source');
  const source = sourceTree && values.text(sourceTree, 'volumes.source');
  if (source === undefined) return values.wrong(tree, 'volumes: a source is needed', 'COMPOSE_MOUNT');
  const readOnly = get('read_only');
  const volume = type === 'volume';
  if (volume && !reader.volumes.has(source))
    return values.wrong(tree, `volumes: there is no volume ${shown(source)}`, 'COMPOSE_MOUNT');
  const only = readOnly === undefined ? false : (values.flag(readOnly, 'volumes.read_only') ?? true);
  return mounted(reader, tree, volume ? source : `./${source}`.replace(/^\.\/(?=[./~])/, ''), target, only);
}

function mounted(
  reader: MountReader,
  tree: Tree,
  source: string,
  target: string,
  readOnly: boolean,
): { mount: Mount } | undefined {
  const { values } = reader;
  const at = targetPath(values, target, tree, 'volumes');
  if (at === undefined) return undefined;
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(source)) {
    if (reader.volumes.has(source)) return { mount: { kind: 'volume', source, target: at, readOnly } };
    return values.wrong(
      tree,
      `volumes: there is no volume ${shown(source)}; a file of the submission is written ./${source}`,
      'COMPOSE_MOUNT',
    );
  }
  const path = submittedPath(reader, source, tree, 'volumes');
  if (path === undefined) return undefined;
  if (!readOnly) values.findings.note(tree.at, `${shown(source)} is mounted read-only`);
  return { mount: { kind: 'submitted', source: path, target: at, readOnly: true } };
}

/** `- /run:uid=10010,mode=0755,size=16m` */
export function readTmpfs(values: Values, tree: Tree): Tmpfs | undefined {
  const text = values.text(tree, 'tmpfs', /^[^:]+(?::[a-z0-9=,_]*)?$/);
  if (text === undefined) return undefined;
  const [target = '', list = ''] = text.split(':');
  const path = targetPath(values, target, tree, 'tmpfs');
  const options = list.split(',').filter((option) => option !== '');
  const size = options.find((option) => option.startsWith('size='))?.slice('size='.length);
  if (size === undefined)
    return values.wrong(tree, `tmpfs: ${shown(target)} needs a size, such as :size=16m`, 'COMPOSE_LIMIT');
  const mebibytes = values.mebibytes({ kind: 'scalar', value: size, at: tree.at }, 'tmpfs', most.tmpfs);
  const rest = options.filter((option) => !option.startsWith('size=') && !['rw', 'nosuid', 'nodev'].includes(option));
  for (const option of rest) {
    if (!/^(?:uid=\d{1,6}|gid=\d{1,6}|mode=[01]?[0-7]{3}|exec|noexec)$/.test(option)) {
      return values.wrong(tree, `tmpfs: the option ${shown(option)} is not taken`, 'COMPOSE_MOUNT');
    }
  }
  return path === undefined || mebibytes === undefined ? undefined : { target: path, size: mebibytes, options: rest };
}

/** An entry of a service's `secrets` or `configs`: a file of the submission in the container. */
export function readFileReference(
  { values, files, kind }: { values: Values; files: ReadonlyMap<string, string>; kind: 'secrets' | 'configs' },
  tree: Tree,
): Mount | undefined {
  const folder = kind === 'secrets' ? '/run/secrets/' : '/';
  let name: string | undefined;
  let target: string | undefined;
  if (tree.kind === 'map') {
    // Owner and mode are for swarms; Compose ignores them for files.
    values.onlyKeys(tree, kind, ['source', 'target', 'uid', 'gid', 'mode']);
    const source = tree.entries.get('source')?.value;
    const at = tree.entries.get('target')?.value;
    name = source && values.text(source, kind);
    target = at === undefined ? name : values.text(at, kind);
  } else {
    name = values.text(tree, kind);
    target = name;
  }
  if (name === undefined || target === undefined) return undefined;
  const file = files.get(name);
  if (file === undefined)
    return values.wrong(tree, `${kind}: there is no ${shown(name)} at the top level`, 'COMPOSE_MOUNT');
  const path = targetPath(values, target.startsWith('/') ? target : folder + target, tree, kind);
  return path === undefined ? undefined : { kind: 'submitted', source: file, target: path, readOnly: true };
}
