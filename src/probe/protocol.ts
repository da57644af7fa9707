import type { Operations } from './operations/index.ts';
import type { WireFailure } from './operations/failure.ts';

export type OperationName = keyof Operations;

/** What goes to an agent, as one line of JSON. */
export interface AgentRequest {
  id: number;
  operation: OperationName;
  request: unknown;
}

/** What comes back, as one line of JSON, in whatever order the answers are ready. */
export type AgentAnswer = { id: number; value: unknown } | { id: number; error: WireFailure };

/** The longest line that either side reads, in bytes; far above what bounded operations can fill. */
export const longestLine = 64 * 1024 * 1024;

/** Cuts a stream of text into lines and calls `onLine` for each whole one. */
export function lineCutter(onLine: (line: string) => void): (chunk: string) => void {
  let rest = '';
  return (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > longestLine) throw new Error(`a line is longer than ${longestLine} characters`);
    for (const line of parts) if (line !== '') onLine(line);
  };
}
