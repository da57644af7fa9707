import type Docker from 'dockerode';
import { expect, test, vi } from 'vitest';
import { guardDisk } from '../../../../src/grade/stage/disk.ts';

/** An engine with volumes of these sizes, each of the project that its name begins with. */
function engine(sizes: Readonly<Record<string, number>>): { docker: Docker; killed: string[] } {
  const killed: string[] = [];
  const Volumes = Object.entries(sizes).map(([Name, Size]) => ({
    Name,
    Labels: { 'com.docker.compose.project': Name.split('_')[0] },
    UsageData: { Size },
  }));
  const docker = {
    listVolumes: ({ filters }: { filters: { label: string[] } }) =>
      Promise.resolve({
        Volumes: Volumes.filter(({ Labels }) =>
          filters.label.includes(`com.docker.compose.project=${Labels['com.docker.compose.project']}`),
        ),
      }),
    modem: { dial: (_: unknown, answer: (error: unknown, usage: unknown) => void) => answer(null, { Volumes }) },
    listContainers: ({ filters }: { filters: { volume: string[] } }) =>
      Promise.resolve(filters.volume.map((volume) => ({ Id: `user of ${volume}` }))),
    getContainer: (id: string) => ({ kill: () => Promise.resolve(killed.push(id)) }),
  };
  return { docker: docker as unknown as Docker, killed };
}

test('who fills the disk is killed, and it is said', async () => {
  const { docker, killed } = engine({ mine_a: 2 ** 29, mine_b: 2 ** 30, other_a: 2 ** 40 });
  const said = vi.fn();
  const end = guardDisk(docker, 'mine', said);
  await vi.waitFor(() => expect(killed).toEqual(['user of mine_a', 'user of mine_b']), 5000);
  expect(said).toHaveBeenCalledOnce();
  end();
});

test('who stays within its bounds is left alone, whatever others do', async () => {
  const { docker, killed } = engine({ mine_a: 2 ** 29, other_a: 2 ** 40 });
  const end = guardDisk(docker, 'mine', () => expect.unreachable());
  await new Promise((resolve) => setTimeout(resolve, 2500));
  end();
  expect(killed).toEqual([]);
});
