import { describe, expect, it } from 'vitest';
import { parseBuildLine, progressOf } from '../../../src/engine/images/build-output.ts';
import { LastLines, lineSplitter } from '../../../src/engine/text.ts';

/** What dockerode 4.0.12 made of a BuildKit build on Engine 26.1.5. */
const captured = [
  '[sha256:9b5a9] [internal] load remote build context\n',
  'CACHED: [1/3] FROM docker.io/lab/base-trial:latest\n',
  '[sha256:b1d4f] [3/4] RUN echo one && cat /hello && sleep 1 && echo two >&2\n',
  'b25lCg==\n',
  'ERROR: process "/bin/sh -c echo boom; exit 3" did not complete successfully: exit code: 3\n',
  `Built image: sha256:${'ab'.repeat(32)}\n`,
];

describe('the output of a build', () => {
  it('is told apart into steps, output and the image', () => {
    expect(captured.map(parseBuildLine)).toEqual([
      { kind: 'step', text: '[internal] load remote build context' },
      undefined,
      { kind: 'step', text: '[3/4] RUN echo one && cat /hello && sleep 1 && echo two >&2' },
      { kind: 'output', text: 'one\n' },
      {
        kind: 'output',
        text: 'ERROR: process "/bin/sh -c echo boom; exit 3" did not complete successfully: exit code: 3\n',
      },
      { kind: 'image', id: `sha256:${'ab'.repeat(32)}` },
    ]);
  });

  it('becomes one short line of progress', () => {
    expect(progressOf('[3/4] RUN apt-get update  \\\n && apt-get install nginx')).toBe(
      'RUN apt-get update \\ && apt-get install nginx',
    );
    expect(progressOf('x'.repeat(100))).toHaveLength(70);
  });
});

describe('lines', () => {
  it('come whole from chunks, without colours, and as they were last redrawn', () => {
    const lines: string[] = [];
    const splitter = lineSplitter((line) => lines.push(line));
    ['fir', 'st\r\nsec', 'ond\n\n10%\r', '20%\n', '\u001b[91mred\u001b[0m\n', 'rest'].forEach(splitter.push);
    expect(lines).toEqual(['first', 'second', '20%', 'red']);
    splitter.end();
    expect(lines.at(-1)).toBe('rest');
  });

  it('are kept only at the end', () => {
    const last = new LastLines(2);
    ['a', 'b', 'c'].forEach((line) => last.add(line));
    expect(String(last)).toBe('b\nc');
  });
});
