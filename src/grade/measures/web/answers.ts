import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { removeMessages } from '../../../checks/messages.ts';
import { rowsAsRoot, statementsAsRoot } from '../../../checks/database/as-root.ts';
import { rolesNow } from '../../../checks/database/roles.ts';
import { outcomeWords } from '../balancer/visit.ts';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { settled } from '../settled.ts';
import { ask } from './ask.ts';

/** The application's own port for operators: the image opens it together with the one that Nginx asks. */
const operationsPort = 9464;
const readyMs = 10_000;
/** The application has no connection to its databases before the first request, and answers 503 when one takes long. */
const connectedSeconds = 5;

/** The application answers through Nginx: with a message that was put into the database a moment before. */
export const answers = defineMeasure({
  options: z.strictObject({}),
  run: async (context) => {
    const text = `lab grade ${context.fresh('message')}`;
    await untilApplicationListens(context);
    try {
      await store(context, text);
      const { outcome } = await settled(context, connectedSeconds, async () => {
        const [got] = await ask(context, [{ path: '/api/messages?limit=5' }]);
        return { good: got?.ok !== true || got.status !== 503, outcome: got };
      });
      if (outcome === undefined) return { good: false, observed: 'nothing was asked' };
      const good = outcome.ok && outcome.status === 200 && outcome.body.includes(text);
      const words = good ? 'the newest message' : `${outcomeWords(outcome)}, without the newest message`;
      return { good, observed: `/api/messages: ${words}` };
    } finally {
      await removeMessages(context.lab, text);
    }
  },
});

/** Writes at the primary, and returns when the replica has it, from which the application reads. */
async function store({ lab, signal }: MeasureContext, text: string): Promise<void> {
  const { primary, replica } = await rolesNow(lab);
  const table = `${lab.plan.lab.database.name}.messages`;
  const insert = `INSERT INTO ${table} (body, server, request) VALUES ('${text}', 'grader', '${text.slice(-32)}')`;
  const [written] = await statementsAsRoot(lab, primary.name, [insert]);
  rowsAsRoot(written);
  for (;;) {
    const [found] = await statementsAsRoot(lab, replica.name, [
      `SELECT id FROM ${table} WHERE request = '${text.slice(-32)}'`,
    ]);
    if (rowsAsRoot(found).length > 0) return;
    await pause(50, undefined, { signal });
  }
}

async function untilApplicationListens({ lab, exercise, signal }: MeasureContext): Promise<void> {
  const { address } = lab.service(exercise.stage.theirs[0]?.service ?? '');
  const neighbour = lab.vantages.from({ zone: 'web' });
  const deadline = performance.now() + readyMs;
  while (performance.now() < deadline) {
    const { state } = await neighbour.tcp({ address, port: operationsPort, timeoutMs: 500 });
    if (state === 'open') return;
    await pause(50, undefined, { signal });
  }
}
