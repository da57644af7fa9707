import type { Change } from '../fault.ts';
import type { RunningLab } from '../running-lab.ts';
import { untilSucceeds } from './process.ts';

/**
 * A process in a service's container that does harm until it is ended. `argv` is what marks it; `harm` is a shell script that
 * succeeds when it has done it.
 */
export function background(service: string, argv: readonly string[], harm: string): Change {
  const mark = argv.join(' ');
  const pids = async (lab: RunningLab): Promise<string[]> => {
    const script = `for p in /proc/[0-9]*; do [ "$(tr '\\0' ' ' < $p/cmdline 2>/dev/null)" = "$1 " ] && echo \${p#/proc/}; done; true`;
    return (await lab.run(service, ['sh', '-c', script, 'sh', mark])).split('\n').filter((line) => line !== '');
  };
  return {
    touches: `${service}/background`,
    read: async (lab) => ((await pids(lab)).length === 0 ? 'not running' : 'running'),
    apply: async (lab) => {
      const container = await lab.container(service);
      const started = await container.exec({ Cmd: [...argv] });
      await started.start({ Detach: true });
      await untilSucceeds(lab, service, harm, 20);
    },
    restore: async (lab) => {
      for (const pid of await pids(lab)) await lab.tryRun(service, ['kill', '-KILL', pid]);
    },
  };
}
