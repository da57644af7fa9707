import { imageReferences } from '../engine/images/hash.ts';
import { installation } from '../installation.ts';
import { loadLab } from '../life/labs.ts';
import { offlineSettings } from '../life/offline-settings.ts';
import { makePlan } from '../plan/plan.ts';
import type { Plan } from '../plan/types.ts';

/** The plan of a lab with its own settings, as no machine has changed them. @throws as `loadLab` */
export async function plannedLab(name: string): Promise<Plan> {
  const lab = await loadLab(name);
  const images = imageReferences(installation.root);
  return makePlan(lab, offlineSettings(lab, { project: lab.name, ports: {} }, images));
}
