import type Docker from 'dockerode';

/** The labels that Compose puts on what it makes. */
export const composeLabel = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
} as const;

/** The user whom a service runs as, where its container begins as another. */
export const userLabel = 'lab.user';

/** All containers of a Compose project, stopped ones too. */
export async function projectContainers(docker: Docker, project: string): Promise<Docker.ContainerInfo[]> {
  return docker.listContainers({ all: true, filters: { label: [`${composeLabel.project}=${project}`] } });
}

/** Everything the engine knows about a project's containers, by service. One that goes away meanwhile is left out. */
export async function inspectProject(
  docker: Docker,
  project: string,
): Promise<Map<string, Docker.ContainerInspectInfo>> {
  const containers = await projectContainers(docker, project);
  const inspected = await Promise.all(
    containers.map(async ({ Id }) => docker.getContainer(Id).inspect().catch(unlessStatus(404))),
  );
  const present = inspected.filter((info) => info !== undefined);
  return new Map(present.map((info) => [info.Config.Labels[composeLabel.service] ?? info.Name.slice(1), info]));
}

/** Turns an engine's answer with one of these HTTP statuses into `undefined`. @throws every other error */
export function unlessStatus(...statuses: number[]): (error: unknown) => undefined {
  return (error) => {
    if (statuses.includes((error as { statusCode?: number }).statusCode ?? 0)) return undefined;
    throw error;
  };
}

export async function isRunning(container: Docker.Container): Promise<boolean> {
  const info = await container.inspect().catch(unlessStatus(404));
  return info?.State.Running ?? false;
}

/** The last lines that a container wrote, both streams in the order of writing. */
export async function logsTail(container: Docker.Container, lines: number): Promise<string[]> {
  const raw = await container.logs({ stdout: true, stderr: true, tail: lines, follow: false });
  return unframe(raw)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-lines);
}

/** Takes the 8-byte frame headers out of an attached stream (Engine API, "Stream format"). */
export function unframe(raw: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length;) {
    const size = raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, at + 8 + size));
    at += 8 + size;
  }
  return Buffer.concat(parts).toString('utf8');
}
