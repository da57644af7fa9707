import type Docker from 'dockerode';
import { failure } from '../errors.ts';
import { connect } from '../engine/docker.ts';
import { openProject, type Project } from './projects.ts';
import { statusOf } from './status.ts';

/** A project of which something runs. */
export interface Open {
  docker: Docker;
  project: Project;
}

/** @throws UserError `PROJECT_DOWN` when nothing of it runs; as `openProject` */
export async function openRunning(wanted: string | undefined): Promise<Open> {
  const project = await openProject(wanted);
  const docker = await connect();
  const { state } = await statusOf(docker, project);
  if (state !== 'down') return { docker, project };
  throw failure('PROJECT_DOWN', {
    message: `project ${project.name} is not running`,
    fix: `lab up ${project.plan.lab.name} --project ${project.name}`,
  });
}
