import * as z from 'zod';
import { askServer, tryServer } from '../../../checks/site.ts';
import type { HttpOutcome } from '../../../probe/operations/http.ts';
import { outcomeWords } from '../balancer/visit.ts';
import { defineMeasure } from '../measure.ts';
import { settled } from '../settled.ts';
import { staticFile } from '../web/served.ts';
import { inTheirs } from '../in-theirs.ts';

/** How long a process that was started again may take to answer. */
const settleSeconds = 5;

/** Which fault it is about: on a running lab it is measured only where that is in. */
const about = { service: z.string(), fault: z.string().optional() };

/** The server answers its neighbour: a page of the web server’s own, and the application behind it. */
export const pages = defineMeasure({
  options: z.strictObject({ ...about, paths: z.array(z.string()).min(1) }),
  run: (context, { service, paths }) =>
    settled(context, settleSeconds, async () => {
      const outcomes = await Promise.all(
        paths.map((path) => tryServer(context.lab, context.lab.service(service), { path, timeoutMs: 3000 })),
      );
      const words = await Promise.all(outcomes.map((outcome, index) => pageWords(paths[index] ?? '', outcome)));
      return {
        good: words.every((word) => word === '200'),
        observed: `${service} ${words.map((word, index) => `${paths[index] ?? ''}: ${word}`).join(', ')}`,
      };
    }),
});

/** What became of a page: 200 is one that came whole, which of static files is known. */
async function pageWords(path: string, outcome: HttpOutcome): Promise<string> {
  const words = outcomeWords(outcome);
  const [, file] = /^\/static\/([a-z.]+)$/.exec(path) ?? [];
  if (!outcome.ok || words !== '200' || file === undefined) return words;
  return outcome.body === (await staticFile(file)) ? words : '200, with another text';
}

/** A process is the supervisor’s again, by the image’s own script: it would be started again by itself. */
export const supervised = defineMeasure({
  options: z.strictObject({ ...about, process: z.string() }),
  run: (context, { service, process }) =>
    settled(context, settleSeconds, async () => {
      const folder = `/run/service/${process}`;
      const script = `s6-svstat -o up,wantedup,paused ${folder} && [ "$(cat ${folder}/run)" = "$(cat /etc/s6/${process}/run)" ]`;
      const { exitCode, stdout } = await inTheirs(context, service, ['sh', '-c', script]);
      const [up, wanted, paused] = stdout.trim().split(' ');
      const good = exitCode === 0 && up === 'true' && wanted === 'true' && paused === 'false';
      const words =
        up === 'true' && wanted === 'true'
          ? `${process} is started by another script than the image’s`
          : `the supervisor does not run ${process}`;
      return { good, observed: good ? `the supervisor runs ${process}` : words };
    }),
});

/** There is room to work in a writable place. */
export const room = defineMeasure({
  options: z.strictObject({ ...about, folder: z.string() }),
  run: async (context, { service, folder }) => {
    const script = `df -P ${folder} | tail -n 1 && dd if=/dev/zero of=${folder}/.grader bs=64k count=32 2>&1 && rm ${folder}/.grader`;
    const { exitCode, stdout, stderr } = await inTheirs(context, service, ['sh', '-c', script]);
    const used = Number(/ (\d+)% /.exec(stdout)?.[1] ?? NaN);
    return {
      good: exitCode === 0 && used <= 50,
      observed: Number.isNaN(used) ? `no look at ${folder}: ${stderr}` : `${folder} of ${service} is ${used} % full`,
    };
  },
});

/** The application answers quickly: the quickest of several requests. */
export const quick = defineMeasure({
  options: z.strictObject({ ...about, path: z.string(), ms: z.number() }),
  run: (context, { service, path, ms }) =>
    settled(context, settleSeconds, async () => {
      const server = context.lab.service(service);
      const times: number[] = [];
      for (let turn = 0; turn < 4; turn += 1) {
        const { status, ms: took } = await askServer(context.lab, server, { path, timeoutMs: 3000 });
        if (status !== 200) return { good: false, observed: `${service} ${path}: ${status}` };
        times.push(took);
      }
      const best = Math.round(Math.min(...times));
      return { good: best <= ms, observed: `${service} answers ${path} in ${best} ms` };
    }),
});

/** All else runs on: what watches the server answers, and nothing of it was stopped. */
export const restRuns = defineMeasure({
  options: z.strictObject({
    service: z.string(),
    processes: z.array(z.string()).min(1),
    ports: z.array(z.int()).min(1),
  }),
  run: (context, { service, processes, ports }) =>
    settled(context, settleSeconds, async () => {
      const { zone, address } = context.lab.service(service);
      const neighbour = context.lab.vantages.from({ zone });
      const open = await neighbour.tcpMany(ports.map((port) => ({ address, port, timeoutMs: 1000 })));
      const script = processes
        .map((one) => `echo ${one} $(s6-svstat -o up,paused /run/service/${one} 2>&1)`)
        .join('; ');
      const { stdout } = await inTheirs(context, service, ['sh', '-c', script]);
      const problems = [
        ...ports.filter((_, index) => open[index]?.state !== 'open').map((port) => `nobody answers at port ${port}`),
        ...processes.filter((one) => !stdout.includes(`${one} true false`)).map((one) => `${one} does not run`),
      ];
      return { good: problems.length === 0, observed: problems.length === 0 ? 'all else runs' : problems.join('; ') };
    }),
});
