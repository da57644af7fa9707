import { setTimeout as pause } from 'node:timers/promises';
import { unlessStatus } from '../../engine/containers.ts';
import type { Change } from '../fault.ts';
import type { RunningLab } from '../running-lab.ts';

const deadlineMs = 60_000;

/** A whole service that ends without notice, or that is stopped in its tracks. */
export function containerState(service: string, how: 'killed' | 'frozen'): Change {
  return {
    touches: service,
    ownsContainer: how === 'killed',
    read: async (lab) => {
      const container = await lab.container(service);
      const { State } = await container.inspect();
      if (!State.Running) return 'stopped';
      return (await isFrozen(lab, service)) ? 'frozen' : 'running';
    },
    apply: async (lab) =>
      void (await (await lab.container(service)).kill({ signal: how === 'killed' ? 'SIGKILL' : 'SIGSTOP' })),
    restore: async (lab) => {
      const container = await lab.container(service);
      const { State } = await container.inspect();
      if (State.Running) await container.kill({ signal: 'SIGCONT' });
      else await container.start().catch(unlessStatus(304));
      await healthy(container, service);
    },
  };
}

/** Its first process, as the kernel has it: T is stopped (proc(5)). */
async function isFrozen(lab: RunningLab, service: string): Promise<boolean> {
  const { stdout } = await lab.tryRun(service, ['sed', '-n', 's/^State:\\t\\(.\\).*/\\1/p', '/proc/1/status']);
  return stdout.trim() === 'T';
}

async function healthy(container: Awaited<ReturnType<RunningLab['container']>>, service: string): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline) {
    const { State } = await container.inspect();
    if (State.Health === undefined || State.Health.Status === 'healthy') return;
    await pause(100);
  }
  throw new Error(`${service} was not healthy again within ${deadlineMs / 1000} s`);
}
