import { resolve } from 'node:path';
import { imageReferences } from '../engine/images/hash.ts';
import { installation } from '../installation.ts';
import { makePlan } from '../plan/plan.ts';
import type { CertificateSource, Plan } from '../plan/types.ts';
import { emitProject } from '../project/emit.ts';
import { folderAt } from '../project/folder.ts';
import type { WriteResult } from '../project/write.ts';
import { loadLab } from './labs.ts';
import { offlineSettings } from './offline-settings.ts';
import { checkProjectName } from './projects.ts';

export interface GenerateOptions {
  lab: string;
  out: string;
  seed: number;
  project?: string;
  certificates?: CertificateSource;
  ports: Record<string, number>;
  grafana: boolean;
}

/** Emits a lab's Compose project into a folder, without Docker. The same input gives the same bytes, keys and secrets aside. */
export async function generate(options: GenerateOptions): Promise<WriteResult & { plan: Plan }> {
  const { lab: name, out, ...wishes } = options;
  const lab = await loadLab(name);
  const project = checkProjectName(wishes.project ?? lab.name);
  const plan = makePlan(lab, offlineSettings(lab, { ...wishes, project }, imageReferences(installation.root)));
  const { written, unchanged, removed } = await emitProject(plan, folderAt(resolve(out)), new Date());
  return { plan, written, unchanged, removed };
}
