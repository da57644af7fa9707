import type Docker from 'dockerode';
import { composeLabel, projectContainers } from '../../../src/engine/containers.ts';
import type { Plan } from '../../../src/plan/types.ts';
import { runIn } from '../../support/run-in.ts';
import type { LabUnderTest } from './types.ts';

/** A running project, as breakers use it. */
export function labUnderTest(docker: Docker, plan: Plan): LabUnderTest {
  const { project } = plan.settings;
  const container = async (service: string): Promise<Docker.Container> => {
    // Looked up each time: a breaker may have put another one in its place.
    const found = (await projectContainers(docker, project)).find(
      ({ Labels }) => Labels[composeLabel.service] === service,
    );
    if (found === undefined) throw new Error(`${service} has no container in ${project}`);
    return docker.getContainer(found.Id);
  };
  return {
    project,
    docker,
    plan,
    container,
    exec: async (service, argv) => runIn(await container(service), argv, { timeoutMs: 30_000 }),
    sql: async (service, statement) => {
      const { exitCode, stdout, stderr } = await runIn(
        await container(service),
        ['mysql', '--batch', '--skip-column-names', '-e', statement],
        { timeoutMs: 30_000 },
      );
      if (exitCode !== 0) throw new Error(`${statement} on ${service}: ${stderr.trim()}`);
      return stdout.trim();
    },
  };
}
