import type { Submission } from '../submission.ts';
import type { MountReader, submittedPath } from './mounts.ts';
import { most } from './limits.ts';
import type { Tree } from './tree.ts';
import { shown } from './tree.ts';

/** The lines `KEY=value` of a service's `env_file`, which is read here and not by Compose. */
export function readEnvironmentFile(
  reader: MountReader & { submission: Submission },
  tree: Tree,
  find: typeof submittedPath,
): [string, string][] {
  const { values, submission } = reader;
  return (tree.kind === 'list' ? tree.items : [tree]).flatMap((item) => {
    const named = item.kind === 'map' ? (item.entries.get('path')?.value ?? item) : item;
    if (item.kind === 'map') values.onlyKeys(item, 'env_file', ['path', 'required']);
    const raw = values.text(named, 'env_file');
    const path = raw === undefined ? undefined : find(reader, raw, named, 'env_file');
    if (path === undefined) return [];
    const text = submission.files.get(path);
    if (text === undefined) {
      values.wrong(named, `env_file: ${shown(path)} is not a file of the submission`, 'COMPOSE_FILE_MISSING');
      return [];
    }
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
    if (lines.length > most.list) values.wrong(named, `env_file: more than ${most.list} variables`);
    return lines.slice(0, most.list).flatMap((line): [string, string][] => {
      const [, key, rest = ''] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? [];
      const plain = /^'([^']*)'$/.exec(rest)?.[1] ?? /^"([^"\\]*)"$/.exec(rest)?.[1] ?? rest;
      if (key === undefined || /[\p{Cc}$]/u.test(plain)) {
        values.wrong(
          named,
          `env_file: ${shown(path)} holds ${shown(line)}, which is not KEY=value`,
          'COMPOSE_VARIABLE',
        );
        return [];
      }
      return [[key, plain]];
    });
  });
}
