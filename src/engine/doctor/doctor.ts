import type Docker from 'dockerode';
import { client } from '../docker.ts';
import { imageReferences } from '../images/hash.ts';
import { lookAtCompose, lookAtEngine, lookAtNetworking } from './engine.ts';
import { ok, warning, type DoctorFinding } from './finding.ts';
import { lookAtDisk, lookAtIptables, lookAtKernel, lookAtMemory, lookAtNode } from './host.ts';
import { lookAtPorts, lookAtSources, lookAtSubnets } from './network.ts';

export type { DoctorFinding } from './finding.ts';

/** Looks at everything that a lab needs of this machine, changing nothing, in less than 3 s. @param root this installation */
export async function doctor(root: string): Promise<DoctorFinding[]> {
  const docker = client();
  const engine = lookAtEngine(docker);
  const answers = engine.then((findings) => findings.every(({ status }) => status === 'ok'));
  const withEngine = async (look: () => Promise<DoctorFinding>): Promise<DoctorFinding[]> =>
    (await answers) ? [await look()] : [];
  const findings = await Promise.all([
    engine,
    lookAtCompose(),
    withEngine(() => lookAtNetworking(docker)),
    lookAtIptables(),
    lookAtKernel(),
    answers.then((isThere) => lookAtPorts(isThere ? docker : undefined)),
    withEngine(() => lookAtSubnets(docker)),
    lookAtMemory(),
    withEngine(() => lookAtDisk(docker)),
    lookAtSources(),
    withEngine(() => lookAtImages(docker, root)),
  ]);
  return [lookAtNode(), ...findings.flat()];
}

async function lookAtImages(docker: Docker, root: string): Promise<DoctorFinding> {
  const references = imageReferences(root);
  const images = await docker.listImages();
  const present = new Set(images.flatMap(({ RepoTags }) => RepoTags ?? []));
  const missing = Object.entries(references).filter(([, reference]) => !present.has(reference));
  const title = 'Images';
  if (missing.length === 0) return ok('images', title, `all ${Object.keys(references).length} are here`);
  return warning(
    'images',
    title,
    `not built: ${missing.map(([part]) => part).join(', ')}`,
    '`lab up` builds them; `lab images build` does it now.',
  );
}
