import { connect } from '../engine/docker.ts';
import { down } from '../life/down.ts';
import { openProject, projectNames } from '../life/projects.ts';
import { openRunning, type Open } from '../life/running.ts';
import { statusOf } from '../life/status.ts';
import { up, type UpIo } from '../life/up.ts';

/** A lab that a demo plays on. */
export interface Player {
  lab: string;
  open: Open;
  /** Whether the demo brought it up, and so takes it down. */
  own: boolean;
}

/** The labs of a demo: those that run are used as they are, the others are brought up. */
export async function gather(labs: readonly string[], io: UpIo): Promise<Player[]> {
  const players: Player[] = [];
  try {
    for (const lab of labs) players.push(await enter(lab, io));
    return players;
  } catch (error) {
    await dismiss(players, io);
    throw error;
  }
}

async function enter(lab: string, io: UpIo): Promise<Player> {
  const running = await projectOf(lab);
  if (running !== undefined) return { lab, open: await openRunning(running), own: false };
  const project = `demo-${lab}`;
  await up({ lab, project, ports: {}, verify: false }, io);
  return { lab, open: await openRunning(project), own: true };
}

/** A project of that lab that is up, if there is one. */
async function projectOf(lab: string): Promise<string | undefined> {
  for (const name of await projectNames()) {
    const project = await openProject(name);
    if (project.lock.lab !== lab) continue;
    const { state } = await statusOf(await connect(), project);
    if (state === 'up') return name;
  }
  return undefined;
}

/** Takes down what the demo brought up, whatever has happened. */
export async function dismiss(players: readonly Player[], { emit }: Pick<UpIo, 'emit'>): Promise<void> {
  const calmly = { emit, signal: new AbortController().signal };
  for (const { own, open } of players) if (own) await down({ project: open.project.name, all: true }, calmly);
}
