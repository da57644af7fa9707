import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { bareMachine } from './bare-machine.ts';
import { commandLine } from './command-line.ts';
import { lifeCycle } from './life-cycle.ts';
import { throughput } from './throughput.ts';
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
  },
});
const rounds = Number(values.rounds);
const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

const rows: Row[] = [
  ...(values.bare ? await bareMachine(say) : []),
  ...(await commandLine(rounds, say)),
  ...(await lifeCycle(rounds, say)),
  ...(await throughput(rounds, say)),
];

const machine = { processors: cpus().length, model: cpus()[0]?.model ?? '', memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version };
const table = new Table({ head: ['what', 'bound', 'seen', 'held', 'rounds'] });
for (const row of rows) table.push([row.what, `${row.bound} ${row.unit}`, `${row.seen} ${row.unit}`, row.held ? 'yes' : 'NO', row.rounds.join(' ')]);
process.stdout.write(`${table.toString()}\n${machine.processors} × ${machine.model}, ${machine.memoryGiB} GiB, Node ${machine.node}\n`);
await writeFile(values.output, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
say(`written to ${values.output}`);
