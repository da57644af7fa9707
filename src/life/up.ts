import type Docker from 'dockerode';
import type { VerifyResult } from '../checks/result.ts';
import type { Emit } from '../events.ts';
import { step } from '../events.ts';
import { inputError, machineError } from '../errors.ts';
import { openAhead } from '../checks/context.ts';
import { composeUp } from '../engine/compose.ts';
import { composeLabel, inspectProject, projectContainers } from '../engine/containers.ts';
import { ensureImages } from '../engine/images/build.ts';
import { imageReferences } from '../engine/images/hash.ts';
import { grafanaImage, pullOptional } from '../engine/registry.ts';
import { teardown } from '../engine/teardown.ts';
import { engineReady } from '../engine/setup/ready.ts';
import type { Confirm } from '../engine/setup/ready.ts';
import { activeFaults } from '../faults/record.ts';
import { installation } from '../installation.ts';
import { servicesOf } from '../plan/context.ts';
import { sweep } from '../probe/sweep.ts';
import { makePlan } from '../plan/plan.ts';
import type { Lab } from '../lab/schema.ts';
import { emitProject } from '../project/emit.ts';
import { projectFolder } from '../project/folder.ts';
import type { ProjectFolder } from '../project/folder.ts';
import type { Lock } from '../project/lock.ts';
import { readLock } from '../project/lock.ts';
import { waitHealthy } from './healthy.ts';
import { loadLab } from './labs.ts';
import type { Project } from './projects.ts';
import { networksMoved } from './moved.ts';
import { offlineSettings, type Wishes } from './offline-settings.ts';
import { checkProjectName, composeProject } from './projects.ts';
import { settingsHere } from './settings.ts';
import { staleServices } from './stale.ts';
import type { LabStatus } from './status.ts';
import { statusOf } from './status.ts';
import { measuring, verifyWith } from './verify.ts';

export interface UpOptions extends Omit<Wishes, 'project'> {
  lab: string;
  project?: string;
  verify: boolean;
}

export interface UpResult {
  project: Project;
  /** False when everything was up already, just as it is written. */
  changed: boolean;
  status: LabStatus;
  verification?: VerifyResult;
  notes: string[];
  durationMs: number;
}

/** What `up` talks to: events out, Ctrl-C in, and a question before the machine itself is changed. */
export interface UpIo {
  emit: Emit;
  signal: AbortSignal;
  confirm: Confirm;
}

/** From a lab's definition to a running and verified lab; run again, it mends what is not as written. */
export async function up(options: UpOptions, io: UpIo): Promise<UpResult> {
  const started = performance.now();
  const lab = await loadLab(options.lab);
  const name = checkProjectName(options.project ?? lab.name);
  const folder = projectFolder(name);
  const before = await readLock(folder);
  if (before !== undefined && before.lab !== lab.name) throw otherLab(name, before, lab);
  const docker = await engineReady(io);
  await refuseElsewhere(docker, name, folder);

  const { project, notes, digests } = await prepare(docker, lab, { ...options, project: name }, folder, before, io);
  const stale = await staleServices(docker, project, digests);
  const now = await statusOf(docker, project);
  const durationMs = (): number => Math.round(performance.now() - started);
  if (stale.length === 0 && now.state === 'up')
    return { project, changed: false, status: now, notes, durationMs: durationMs() };

  await sweep(docker, name);
  return measuring(docker, project, io, async (context) => {
    const status = await start(docker, project, io, () => options.verify && openAhead(context));
    const verification = options.verify ? await verifyWith(context, {}, io) : undefined;
    return {
      project,
      changed: true,
      status,
      ...(verification === undefined ? {} : { verification }),
      notes,
      durationMs: durationMs(),
    };
  });
}

async function prepare(
  docker: Docker,
  lab: Lab,
  wishes: Wishes,
  folder: ProjectFolder,
  before: Lock | undefined,
  { emit, signal }: UpIo,
): Promise<{ project: Project; notes: string[]; digests: Map<string, string> }> {
  const wantsGrafana = servicesOf(lab, 'grafana').length > 0;
  const [images, grafana] = await Promise.all([
    ensureImages(docker, installation.root, { emit, signal, only: partsFor(lab, wishes) }),
    wantsGrafana ? pullOptional(docker, grafanaImage, { home: installation.home, signal }) : undefined,
  ]);
  const missing = grafana?.status === 'unavailable';
  const notes = [
    ...(missing ? [`Grafana is left out: its image cannot be pulled (${grafana.reason})`] : []),
    ...(await brokenOnPurpose(folder)),
  ];
  return step(
    emit,
    ['write'],
    'Writing the project',
    async () => {
      const settings = await settingsHere(docker, lab, wishes, before?.settings, { images, grafana: !missing });
      const plan = makePlan(lab, settings);
      const { lock, digests, written } = await emitProject(plan, folder, new Date());
      return { project: { name: wishes.project, folder, lock, plan }, notes, digests, written };
    },
    ({ written }) => (written.length === 0 ? 'nothing changed' : `${written.length} files`),
  );
}

/** The parts whose images a lab is made of, and the probes' own. */
function partsFor(lab: Lab, wishes: Wishes): string[] {
  const references = imageReferences(installation.root);
  const { services } = makePlan(lab, offlineSettings(lab, wishes, references));
  const used = new Set([...services.map(({ image }) => image), references['probe']]);
  return Object.keys(references).filter((part) => used.has(references[part]));
}

/** What `lab up` does not mend, as somebody wanted it; what is to be found by practice is not told. */
async function brokenOnPurpose(folder: ProjectFolder): Promise<string[]> {
  const active = (await activeFaults(folder)).filter(({ by }) => by !== 'practice');
  return active.map(({ fault }) => `${fault} is active: \`lab fix\` puts it back`);
}

/** Starts what is not running as written, and waits until all of it is healthy; `started` is called in between. */
async function start(
  docker: Docker,
  project: Project,
  { emit, signal }: UpIo,
  started: () => void,
): Promise<LabStatus> {
  return step(
    emit,
    ['start'],
    'Starting the containers',
    async (progress) => {
      const target = composeProject(project);
      if (await networksMoved(docker, project.plan)) await teardown(docker, project.name, { signal, onLine: progress });
      await composeUp(target, { signal, onLine: progress });
      await restartRekeyed(docker, project);
      started();
      return waitHealthy(docker, project, { emit, signal, deadlineMs: 120_000 });
    },
    (status) => `${status.services.length} healthy`,
  );
}

/** What still runs with keys that were replaced is started again; it reads them at its start. */
async function restartRekeyed(docker: Docker, project: Project): Promise<void> {
  const stale = await staleServices(docker, project, new Map());
  const facts = await inspectProject(docker, project.name);
  await Promise.all(stale.map((service) => docker.getContainer(facts.get(service)?.Id ?? '').restart()));
}

/** Two installations that use one project name would take each other's containers for their own. */
async function refuseElsewhere(docker: Docker, project: string, folder: ProjectFolder): Promise<void> {
  const containers = await projectContainers(docker, project);
  const elsewhere = containers
    .map(({ Labels }) => Labels[`${composeLabel.project}.working_dir`])
    .find((dir) => dir !== undefined && dir !== folder.root);
  if (elsewhere === undefined) return;
  throw machineError('PROJECT_ELSEWHERE', {
    message: `a project ${project} already runs from another folder`,
    found: elsewhere,
    fix: `give this one another name (--project NAME), or take that one down: docker compose -p ${project} down`,
  });
}

function otherLab(project: string, before: Lock, lab: Lab): Error {
  return inputError('PROJECT_OTHER_LAB', {
    message: `project ${project} is a ${before.lab}, not a ${lab.name}`,
    fix: `choose another --project, or run \`lab down --all --project ${project}\` first`,
  });
}
