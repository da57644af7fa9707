import type Docker from 'dockerode';
import { unlessStatus } from '../containers.ts';

/** The id of a local image, if it is here. */
export async function imageId(docker: Docker, reference: string): Promise<string | undefined> {
  const info = await docker.getImage(reference).inspect().catch(unlessStatus(404));
  return info?.Id;
}

/** Whether an image is on this engine. */
export async function imageExists(docker: Docker, reference: string): Promise<boolean> {
  return (await imageId(docker, reference)) !== undefined;
}
