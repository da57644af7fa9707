import { describe, expect, it } from 'vitest';
import { loadExercise } from '../../../src/grade/exercise/load.ts';
import { liveChecks } from '../../../src/grade/live.ts';

describe('checks of a running lab', () => {
  it('leaves out what is about the submission’s files, and what depended on it stands alone', async () => {
    const exercise = await loadExercise('restore-service');
    const all = exercise.drills.map(({ fault }) => fault);
    const checks = liveChecks(exercise, all);
    const ids = checks.map(({ id }) => id);
    expect(ids).toEqual([
      'server.not-restarted',
      'restored.pages',
      'restored.supervised',
      'restored.room',
      'restored.quick',
      'unharmed.rest',
    ]);
    expect(checks.find(({ id }) => id === 'server.not-restarted')?.dependsOn).toEqual([]);
    expect(checks.find(({ id }) => id === 'restored.pages')?.dependsOn).toEqual(['server.not-restarted']);
    expect(checks.find(({ id }) => id === 'restored.quick')?.dependsOn).toEqual(['restored.pages']);
  });

  it('is about what was broken, and about nothing else being harmed', async () => {
    const exercise = await loadExercise('restore-service');
    const checks = liveChecks(exercise, ['server-disk-full']);
    expect(checks.map(({ id }) => id)).toEqual(['server.not-restarted', 'restored.room', 'unharmed.rest']);
  });
});
