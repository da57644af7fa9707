import { join } from 'node:path';
import type Docker from 'dockerode';
import { apiAtLeast, checkEngine } from '../../engine/docker.ts';
import { loadLab } from '../../life/labs.ts';
import type { Project } from '../../life/projects.ts';
import { emitProject } from '../../project/emit.ts';
import { projectFolder } from '../../project/folder.ts';
import { replaceFile } from '../../project/replace-file.ts';
import type { LoadedExercise } from '../exercise/load.ts';
import { inBlock, type Parameters } from '../exercise/parameters.ts';
import { ownFiles } from '../variants.ts';
import { Origins } from './origins.ts';
import { stagePlan } from './plan.ts';
import { stagesHome } from './sweep.ts';

/** Engine 28.0, the first that knows the gateway mode `nat-unprotected`. */
const natUnprotectedApi = '1.48';

interface WriteOptions {
  docker: Docker;
  exercise: LoadedExercise;
  parameters: Parameters;
  /** Image references by part. */
  images: Record<string, string>;
}

/** Writes the project of a stage: the lab in this block, the grader's own servers, and what the exercise gives. */
export async function writeStage(
  { docker, exercise, parameters, images }: WriteOptions,
  name: string,
  block: string,
): Promise<{ project: Project; origins: Origins }> {
  const lab = await loadLab(exercise.lab);
  const { api } = await checkEngine(docker);
  const settings = {
    project: name,
    block,
    ports: {},
    certificates: 'lab-ca' as const,
    seed: 0,
    grafana: false,
    images,
    ...(apiAtLeast(api, natUnprotectedApi) ? { edgeGatewayMode: 'nat-unprotected' as const } : {}),
  };
  const plan = stagePlan(lab, exercise, settings, parameters['domain'] ?? lab.site.domain);
  const folder = projectFolder(name, stagesHome);
  const { lock } = await emitProject(plan, folder, new Date());
  const origins = new Origins(docker, name, exercise.stage.origins);
  for (const [service, text] of origins.files()) replaceFile(folder.config(service, 'origin.json'), text, undefined);
  // What the exercise gives beside the lab's own, such as a configuration that the submission's file is used by.
  for (const [path, text] of await ownFiles(exercise, 'given', parameters))
    replaceFile(join(folder.root, 'config', path), inBlock(text, exercise, parameters, block), undefined);
  return { project: { name, folder, lock, plan }, origins };
}
