import type { Path } from '../../lab/source.ts';
import type { Exercise } from './schema.ts';

/** What is wrong with an exercise beyond its shape, each with the place it is about. */
export function consistencyProblems(exercise: Exercise): { path: Path; message: string }[] {
  const { checks, stage, files } = exercise;
  const ids = checks.map(({ id }) => id);
  const services = new Set(stage.services);
  const known = (service: string): boolean => services.size === 0 || services.has(service);
  const strangers = [...stage.theirs.map(({ service }) => service), ...stage.origins].filter((name) => !known(name));
  return [
    ...ids.flatMap((id, index) =>
      ids.indexOf(id) === index
        ? []
        : [{ path: ['checks', index, 'id'], message: `the check ${id} stands here twice` }],
    ),
    ...checks.flatMap(({ id, dependsOn }, index) =>
      dependsOn
        .filter((other) => !ids.slice(0, index).includes(other))
        .map((other) => ({
          path: ['checks', index, 'dependsOn'],
          message: `${id} depends on ${other}, which is no check before it`,
        })),
    ),
    ...strangers.map((name) => ({ path: ['stage'], message: `${name} is not among the services of the stage` })),
    ...files.flatMap(({ to }, index) => {
      const service = to?.split('/')[0];
      return service === undefined || stage.theirs.some((one) => one.service === service)
        ? []
        : [
            {
              path: ['files', index, 'to'],
              message: `${service} does not run with the submission’s files (stage.theirs)`,
            },
          ];
    }),
    ...stage.given
      .filter(({ to }) => stage.theirs.some(({ service }) => to.startsWith(`${service}/`)))
      .map(({ to }) => ({ path: ['stage', 'given'], message: `${to} is for a service that is made anew` })),
    ...(checks.reduce((sum, { points }) => sum + points, 0) === 0
      ? [{ path: ['checks'], message: 'no check is worth a point' }]
      : []),
  ];
}
