import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { acknowledgedWrites } from './acknowledged-writes.ts';
import { bareMachine } from './bare-machine.ts';
import { commandLine } from './command-line.ts';
import { drills, falseAlarms } from './drills.ts';
import { grading } from './grading.ts';
import { lifeCycle } from './life-cycle.ts';
import { lostPrimary } from './lost-primary.ts';
import { throughput } from './throughput.ts';
import { variants } from './variants.ts';
import type { Row } from './row.ts';

/**
 * `npm run bench`: what a lab costs, in one table and one JSON. Figures of one run are compared with each
 * other, never with another machine's.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    output: { type: 'string', default: 'bench.json' },
    bare: { type: 'boolean', default: false },
    part: { type: 'string', multiple: true },
  },
});
const rounds = Number(values.rounds);
const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

const parts: Record<string, () => Promise<Row[]>> = {
  'bare-machine': () => bareMachine(say),
  'command-line': () => commandLine(rounds, say),
  throughput: () => throughput(rounds, say),
  'life-cycle': () => lifeCycle(rounds, say),
  drills: () => drills(rounds, say),
  'false-alarms': () => falseAlarms(say),
  'acknowledged-writes': () => acknowledgedWrites(say),
  'lost-primary': () => lostPrimary(say),
  variants: () => variants(rounds, say),
  grading: () => grading(say),
};
/** Those that change the machine or take the better part of an hour run only when they are named. */
const long = ['bare-machine', 'drills', 'false-alarms', 'acknowledged-writes', 'lost-primary', 'variants', 'grading'];
const chosen =
  values.part ?? Object.keys(parts).filter((name) => !long.includes(name) || (name === 'bare-machine' && values.bare));

const rows: Row[] = [];
for (const name of chosen) {
  const measured = await parts[name]?.();
  if (measured === undefined) throw new Error(`there is no part ${name}; there are ${Object.keys(parts).join(', ')}`);
  for (const { what, seen, unit } of measured) say(`${what}: ${seen} ${unit}`);
  rows.push(...measured);
}

const machine = {
  processors: cpus().length,
  model: cpus()[0]?.model ?? '',
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const table = new Table({ head: ['what', 'bound', 'seen', 'held', 'rounds'] });
for (const row of rows)
  table.push([
    row.what,
    `${row.bound} ${row.unit}`,
    `${row.seen} ${row.unit}`,
    row.held ? 'yes' : 'NO',
    row.rounds.join(' '),
  ]);
process.stdout.write(
  `${table.toString()}\n${machine.processors} × ${machine.model}, ${machine.memoryGiB} GiB, Node ${machine.node}\n`,
);
await writeFile(values.output, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
say(`written to ${values.output}`);
