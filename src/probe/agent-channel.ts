import type { Readable, Writable } from 'node:stream';
import { codedError } from './operations/failure.ts';
import type { Operations } from './operations/index.ts';
import { lineCutter, type AgentAnswer, type OperationName } from './protocol.ts';

type Pending = { resolve(value: unknown): void; reject(error: Error): void };

/** A conversation with one agent: many requests under way at once, each answered by its id. */
export class AgentChannel {
  readonly #input: Writable;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #closed: Error | undefined;

  /** @param output what the agent writes to its stdout, and nothing else */
  constructor(input: Writable, output: Readable) {
    this.#input = input;
    output.setEncoding('utf8');
    const cut = lineCutter((line) => this.#answer(line));
    output.on('data', (chunk: string) => {
      try {
        cut(chunk);
      } catch (error) {
        this.close(error as Error);
      }
    });
    const gone = (error?: Error): void => this.close(error ?? codedError('AGENT_GONE', 'the probe ended'));
    output.once('end', gone);
    output.once('close', gone);
    output.once('error', gone);
    input.once('error', gone);
  }

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /**
   * Asks the agent to measure something.
   * @throws what the operation threw over there, or `AGENT_GONE` when the agent ends before it answers
   */
  call<N extends OperationName>(operation: N, request: Parameters<Operations[N]>[0]): ReturnType<Operations[N]> {
    const answer = new Promise<unknown>((resolve, reject) => {
      if (this.#closed) return reject(this.#closed);
      const id = this.#nextId++;
      this.#pending.set(id, { resolve, reject });
      this.#input.write(`${JSON.stringify({ id, operation, request })}\n`);
    });
    return answer as ReturnType<Operations[N]>;
  }

  /** Ends the conversation: the agent exits when its stdin closes. Requests under way fail with `reason`. */
  close(reason: Error = codedError('AGENT_GONE', 'the vantage was closed')): void {
    if (this.#closed) return;
    this.#closed = reason;
    this.#input.end();
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
  }

  #answer(line: string): void {
    const answer = JSON.parse(line) as AgentAnswer;
    const waiting = this.#pending.get(answer.id);
    this.#pending.delete(answer.id);
    if ('error' in answer) waiting?.reject(codedError(answer.error.code, answer.error.message));
    else waiting?.resolve(answer.value);
  }
}
