import { createRequire } from 'node:module';
import { wireFailure } from '../../../src/probe/operations/failure.ts';
import { lightOperations, type Operations } from '../../../src/probe/operations/index.ts';
import { lineCutter, type AgentAnswer, type AgentRequest } from '../../../src/probe/protocol.ts';
import { idleTimer } from './idle-timer.ts';

const idleMs = 120_000;

// mysql2 is in a bundle of its own, as reading it costs every start 40 ms of processor time.
const besideThis = createRequire(process.argv[1] as string);
const operations: Operations = {
  ...lightOperations,
  sql: (request) => (besideThis('./sql.js') as Pick<Operations, 'sql'>).sql(request),
};

function exit(): void {
  process.exit(0);
}

// Nobody is left to ask: an agent must never outlive the run that opened it.
const idle = idleTimer(idleMs, exit);
process.stdin.on('end', exit);
process.stdin.on('close', exit);
process.stdin.on('error', exit);
process.stdout.on('error', exit);
// As PID 1 it gets no default action for signals.
process.on('SIGTERM', exit);
process.on('SIGINT', exit);

function say(answer: AgentAnswer): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

async function serve(line: string): Promise<void> {
  const { id, operation, request } = JSON.parse(line) as AgentRequest;
  idle.begin();
  try {
    if (!Object.hasOwn(operations, operation)) throw new Error(`no operation is called ${operation}`);
    say({ id, value: (await operations[operation](request as never)) ?? null });
  } catch (error) {
    say({ id, error: wireFailure(error) });
  } finally {
    idle.end();
  }
}

const cut = lineCutter((line) => void serve(line));
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk: string) => cut(chunk));
