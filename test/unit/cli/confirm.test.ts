import { describe, expect, it } from 'vitest';
import { asking, confirmation } from '../../../src/cli/confirm.ts';
import type { LabEvent } from '../../../src/events.ts';

const events: LabEvent[] = [];
const renderer = {
  emit: (event: LabEvent): void => void events.push(event),
  pause: () => undefined,
  end: () => undefined,
};

describe('a question before the machine is changed', () => {
  it('is answered by --yes', async () => {
    expect(await confirmation(asking(true, renderer))(['Install docker.io'])).toBe(true);
    expect(events).toHaveLength(1);
  });

  it.skipIf(process.stdin.isTTY && process.stderr.isTTY)(
    'that nobody can answer ends with what would be done',
    async () => {
      await expect(confirmation(asking(false, renderer))(['Install docker.io', 'Start dockerd'])).rejects.toMatchObject(
        {
          code: 'NEEDS_YES',
          exitCode: 3,
          problems: [{ found: expect.stringMatching(/Install docker\.io\n.*Start dockerd/) as string }],
        },
      );
    },
  );
});
