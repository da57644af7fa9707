import { execa } from 'execa';
import { inputError } from '../../errors.ts';
import type { Pinned } from './github-classroom.ts';

/**
 * Which version of this repository a workflow checks out: as given, otherwise what is checked out here and where its
 * remote lies on GitHub. @throws UserError EXPORT_REPOSITORY, EXPORT_VERSION
 */
export async function pinnedVersion(root: string, given: Partial<Pinned>): Promise<Pinned> {
  const repository = given.repository ?? repositoryOf(await git(root, 'remote', 'get-url', 'origin'));
  if (repository === undefined || !/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/.test(repository))
    throw inputError('EXPORT_REPOSITORY', {
      message: 'where this repository lies on GitHub is not known',
      expected: 'owner/name',
      ...(given.repository === undefined ? {} : { found: given.repository }),
      fix: 'name it: --repository owner/name',
    });
  const commit = given.commit ?? (await git(root, 'rev-parse', 'HEAD'));
  if (commit === undefined || !/^[0-9a-f]{40}$/.test(commit))
    throw inputError('EXPORT_VERSION', {
      message: 'which version is to grade is not known',
      expected: 'a whole commit id of 40 hexadecimal digits, since branches and tags move',
      ...(given.commit === undefined ? {} : { found: given.commit }),
      fix: 'name it: --ref $(git rev-parse HEAD)',
    });
  return { repository, commit };
}

/** `owner/name` of a remote on GitHub, over HTTPS or SSH. */
export function repositoryOf(remote: string | undefined): string | undefined {
  return /^(?:https:\/\/(?:[^@/]+@)?github\.com\/|(?:ssh:\/\/)?git@github\.com[:/])([^/]+\/[^/]+?)(?:\.git)?\/?$/.exec(
    remote ?? '',
  )?.[1];
}

async function git(root: string, ...words: string[]): Promise<string | undefined> {
  const { stdout, failed } = await execa('git', ['-C', root, ...words], { reject: false });
  return failed ? undefined : stdout.trim();
}
