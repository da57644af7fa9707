import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AgentChannel } from '../../../src/probe/agent-channel.ts';
import { lineCutter, type AgentRequest } from '../../../src/probe/protocol.ts';

function channel(): { requests: AgentRequest[]; output: PassThrough; channel: AgentChannel } {
  const input = new PassThrough();
  const output = new PassThrough();
  const requests: AgentRequest[] = [];
  input.setEncoding('utf8').on(
    'data',
    lineCutter((line) => requests.push(JSON.parse(line) as AgentRequest)),
  );
  return { requests, output, channel: new AgentChannel(input, output) };
}

const ask = (one: AgentChannel, port: number): Promise<unknown> => one.call('tcp', { address: '127.0.0.1', port });

test('each answer finds its question, in whatever order and pieces they come', async () => {
  const order = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 });
  await fc.assert(
    fc.asyncProperty(order, fc.integer({ min: 1, max: 20 }), async (permutation, piece) => {
      const { requests, output, channel: one } = channel();
      const answers = permutation.map((_, index) => ask(one, index));
      await new Promise(setImmediate);
      const text = permutation
        .map((index) => requests[index])
        .map(
          (request) =>
            `${JSON.stringify({ id: request?.id, value: { port: (request?.request as { port: number }).port } })}\n`,
        )
        .join('');
      for (let at = 0; at < text.length; at += piece) output.write(text.slice(at, at + piece));
      expect(await Promise.all(answers)).toEqual([0, 1, 2, 3, 4].map((port) => ({ port })));
    }),
    { numRuns: 30 },
  );
});

test('what went wrong over there is thrown here, with its code', async () => {
  const { output, channel: one } = channel();
  const answer = ask(one, 1);
  output.write('{"id":1,"error":{"code":"EACCES","message":"no"}}\n');
  await expect(answer).rejects.toMatchObject({ code: 'EACCES', message: 'no' });
});

test('an agent that ends fails what is under way and all that comes later', async () => {
  const { output, channel: one } = channel();
  const answer = ask(one, 1);
  output.end();
  await expect(answer).rejects.toMatchObject({ code: 'AGENT_GONE' });
  expect(one.closed).toBe(true);
  await expect(ask(one, 2)).rejects.toMatchObject({ code: 'AGENT_GONE' });
});

test('an agent that does not speak JSON is given up', async () => {
  const { output, channel: one } = channel();
  const answer = ask(one, 1);
  output.write('hello\n');
  await expect(answer).rejects.toThrow(SyntaxError);
});
