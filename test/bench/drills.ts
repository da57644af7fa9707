import { join } from 'node:path';
import { execa } from 'execa';
import type { DrillResult } from '../../src/drill/result.ts';
import type { VerifyResult } from '../../src/checks/result.ts';
import { faults } from '../../src/faults/all.ts';
import { home, lab, project, root } from './lab.ts';
import { median, repeated, row, type Row } from './row.ts';

const verifications = 50;

/** All faults, drilled three times in a row. */
export async function drills(rounds: number, say: (text: string) => void): Promise<Row[]> {
  await lab('up', '--yes', '--no-verify', '--project', project);
  const results = await repeated(Math.max(rounds, 1), async (round) => {
    say(`drill ${round + 1} of ${rounds}`);
    const result = JSON.parse(
      await labOrDifferent('drill', '--all', '--project', project, '--quiet', '--json'),
    ) as DrillResult;
    say(`${result.summary.asDeclared} of ${result.summary.faults} as declared`);
    return result;
  });
  await lab('down', '--all', '--project', project);
  const felt = new Set(faults.filter((fault) => fault.felt).map(({ name }) => name));
  const mails = results.flatMap((result) =>
    result.faults.filter(({ name }) => felt.has(name)).map(({ alert }) => (alert?.deliveredAfterMs ?? Infinity) / 1000),
  );
  return [
    row(
      'faults not caught by exactly their declared checks and alert',
      '',
      0,
      results.map(({ summary }) => summary.different),
    ),
    row(
      'checks that fail after a drill',
      '',
      0,
      results.map(({ whole }) => whole.failed.length),
    ),
    row('faults that failed other checks than in the drill before', '', 0, [changing(results)]),
    row('alert in the inbox after a fault that a visitor feels, median', 's', 15, [median(mails)]),
    row('alert in the inbox after a fault that a visitor feels, worst', 's', 30, [Math.max(...mails)]),
    row(
      'lab drill --all',
      'min',
      15,
      results.map(({ summary }) => summary.durationMs / 60_000),
    ),
  ];
}

function changing(results: readonly DrillResult[]): number {
  const seen = new Map<string, Set<string>>();
  for (const { name, checks } of results.flatMap((result) => result.faults)) {
    seen.set(name, (seen.get(name) ?? new Set()).add([...checks.failed].sort().join()));
  }
  return [...seen.values()].filter((sets) => sets.size > 1).length;
}

/** `lab verify` on a healthy lab under traffic, again and again. */
export async function falseAlarms(say: (text: string) => void): Promise<Row[]> {
  await lab('up', '--yes', '--no-verify', '--project', project);
  const traffic = execa(join(root, 'lab'), ['traffic', '--rate', '20', '--project', project, '--quiet'], {
    env: { LAB_HOME: home },
    reject: false,
    stdin: 'ignore',
  });
  const failed: number[] = [];
  const took: number[] = [];
  for (let round = 1; round <= verifications; round += 1) {
    const { summary, checks } = JSON.parse(
      await labOrDifferent('verify', '--project', project, '--quiet', '--json'),
    ) as VerifyResult;
    failed.push(summary.failed);
    took.push(summary.durationMs / 1000);
    for (const { id, observed } of checks.filter(({ status }) => status === 'failed'))
      say(`verification ${round}: ${id}: ${observed}`);
  }
  traffic.kill('SIGINT');
  await traffic;
  await lab('down', '--all', '--project', project);
  return [
    row(`failed checks of a healthy lab under traffic, ${verifications} verifications`, '', 0, [
      failed.reduce((sum, count) => sum + count, 0),
    ]),
    row('lab verify under traffic, its checks', 's', Infinity, took),
  ];
}

/** Exit code 1, a check that failed, is a figure here and no end. */
async function labOrDifferent(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await execa(join(root, 'lab'), args, {
    cwd: root,
    env: { LAB_HOME: home },
    reject: false,
    stdin: 'ignore',
  });
  if (exitCode === 0 || exitCode === 1) return stdout;
  throw new Error(`lab ${args.join(' ')} ended with ${exitCode}:\n${stdout}\n${stderr}`);
}
