import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installation } from '../installation.ts';

/** Where things lie in a project's folder. */
export function projectFolder(project: string, home: string = installation.home): ProjectFolder {
  return folderAt(join(home, project));
}

export interface ProjectFolder {
  root: string;
  compose: string;
  lock: string;
  plan: string;
  authority: string;
  authorityKey: string;
  /** What is broken on purpose, and what was there before. */
  faults: string;
  config(service: string, file: string): string;
  secret(service: string, name: string): string;
}

export function folderAt(root: string): ProjectFolder {
  return {
    root,
    compose: join(root, 'compose.yml'),
    lock: join(root, 'lab.lock.json'),
    plan: join(root, 'plan.json'),
    authority: join(root, 'pki', 'ca.pem'),
    authorityKey: join(root, 'secrets', 'ca', 'ca.key'),
    faults: join(root, 'faults.json'),
    config: (service, file) => join(root, 'config', service, file),
    secret: (service, name) => join(root, 'secrets', service, name),
  };
}

export function isProject(folder: ProjectFolder): boolean {
  return existsSync(folder.lock);
}
