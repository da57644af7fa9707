import { labNames, loadLab } from '../life/labs.ts';
import { openProject, projectNames } from '../life/projects.ts';
import { siteEndpoint } from '../plan/site.ts';
import { plannedLab } from './planned-lab.ts';
import { defaultLab } from './options.ts';

/** One line of `lab list`. */
export interface Listed {
  name: string;
  about: string;
  [more: string]: string | number;
}

/** What `lab list` can list. */
export const listings = {
  labs: async (): Promise<Listed[]> =>
    Promise.all((await labNames()).map(async (name) => ({ name, about: (await loadLab(name)).title }))),
  projects: async (): Promise<Listed[]> =>
    Promise.all(
      (await projectNames()).map(async (name) => {
        const { lock, plan } = await openProject(name);
        return { name, lab: lock.lab, about: siteEndpoint(plan)?.url ?? '' };
      }),
    ),
  /** Of one lab, or every fault that there is. */
  faults: async (lab?: string): Promise<Listed[]> => {
    const known =
      lab === undefined
        ? (await import('../faults/all.ts')).faults
        : (await import('../faults/break.ts')).faultsFor(await plannedLab(lab));
    return known.map(({ name, title, part, difficulty, alert }) => ({
      name,
      about: title,
      part,
      difficulty,
      alert: alert.name,
    }));
  },
  demos: async (): Promise<Listed[]> => {
    const { demoNames, loadDemo } = await import('../demo/load.ts');
    return Promise.all(
      (await demoNames()).map(async (name) => {
        const { title, labs } = await loadDemo(name);
        return { name, labs: labs.join(', '), about: title };
      }),
    );
  },
  exercises: async (): Promise<Listed[]> => {
    const { exerciseNames, loadExercise } = await import('../grade/exercise/load.ts');
    return Promise.all(
      (await exerciseNames()).map(async (name) => {
        const { title, lab } = await loadExercise(name);
        return { name, lab, about: title };
      }),
    );
  },
  checks: async (lab = defaultLab): Promise<Listed[]> => {
    const [{ checksFor }, plan] = await Promise.all([import('../checks/all.ts'), plannedLab(lab)]);
    return checksFor(plan).map(({ id, title, requirement, points }) => ({
      name: id,
      about: title,
      requirement,
      points,
    }));
  },
};
