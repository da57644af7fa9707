import { describe, expect, test } from 'vitest';
import type { GradeResult } from '../../../src/grade/result.ts';
import { corpus, gradeFiles, labelled, whatFailed } from '../../support/corpus.ts';

/** What each note says of a script, as the checks that cannot pass for it. */
const meaning: Record<string, string[]> = {
  never_enables: ['firewall.in-force'],
  enable_y_is_invalid_syntax_so_never_enabled: ['firewall.in-force'],
  default_deny_outgoing: ['server.outgoing'],
  enables_before_rules: [],
  relies_on_ufw_default_deny_ok: [],
  ssh_to_own_server_first_line: [],
};

function differencesOf(notes: readonly string[], { outcome, checks }: GradeResult): string[] {
  const unknown = notes.filter((note) => meaning[note] === undefined).map((note) => `a note without meaning: ${note}`);
  const wanted = notes.flatMap((note) => meaning[note] ?? []);
  const passed = checks.filter(({ id, status }) => status === 'passed' && wanted.includes(id));
  const beyond = checks.filter(({ id, status }) => status === 'failed' && !wanted.includes(id));
  return [
    ...unknown,
    ...(outcome === 'graded' ? [] : [outcome]),
    ...passed.map(({ id }) => `passed: ${id}`),
    ...beyond.map(({ id }) => `failed: ${id}`),
  ];
}

describe.runIf(corpus !== undefined)('real firewall scripts', () => {
  test('are graded as their notes say', { timeout: 600_000 }, async () => {
    const scripts = labelled<{ notes: string[] }>('firewall');
    const files = scripts.map(({ file }) => file);
    const results = await gradeFiles('server-firewall', 'firewall.sh', files);
    const differences = results.flatMap((result, index) => {
      const found = differencesOf(scripts[index]?.expect.notes ?? [], result);
      return found.map((difference) => `${files[index]}: ${difference}: ${whatFailed(result)}`);
    });
    expect(scripts.length).toBeGreaterThan(0);
    expect(differences).toEqual([]);
  });
});
