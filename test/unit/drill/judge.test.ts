import { describe, expect, it } from 'vitest';
import { judged } from '../../../src/drill/judge.ts';
import type { Drilled } from '../../../src/drill/one-fault.ts';
import { faultNamed } from '../../../src/faults/break.ts';
import { loadLab } from '../../../src/life/labs.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { difference } from '../../../src/report/drill.ts';
import { referenceLab, settingsWith } from '../plan/settings.ts';

const plan = makePlan(referenceLab, settingsWith({ grafana: false }));
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));

/** A drill in which all went as it should, but for what is said. */
const drilled = (changes: Partial<Drilled> = {}): Drilled => ({
  fault: faultNamed(plan, 'database-tls-optional'),
  brokenAt: at(0),
  mendedAt: at(10),
  failed: [{ check: 'database.requires-tls', observed: 'let in' }],
  firstFailedAt: at(2),
  firingAt: at(6),
  resolvedAt: Promise.resolve(at(15)),
  recoveredAt: at(11),
  notRecovered: [],
  stuck: [],
  ...changes,
});

describe('a drilled fault', () => {
  it('is as declared when exactly its checks failed, its alert came and went, and all recovered', async () => {
    expect(await judged(plan, drilled())).toMatchObject({
      asDeclared: true,
      firstFailedAfterMs: 2000,
      alert: { deliveredAfterMs: 6000, clearedAfterMs: 5000 },
      recoveredAfterMs: 1000,
      evidence: [],
    });
  });

  it('needs no mail where nothing watches the lab', async () => {
    const unwatched = makePlan(await loadLab('distributed-web-infrastructure'), settingsWith());
    const silent = { firingAt: undefined, resolvedAt: Promise.resolve(undefined) };
    const result = await judged(unwatched, drilled(silent));
    expect(result).toMatchObject({ asDeclared: true, alert: null });
    expect(difference(result)).toEqual([]);
    expect((await judged(unwatched, drilled({ ...silent, failed: [] }))).asDeclared).toBe(false);
  });

  it.each([
    [
      'another check failed',
      { failed: [...drilled().failed, { check: 'tls.chain', observed: 'unknown' }] },
      'failed: tls.chain: unknown',
    ],
    ['its check did not fail', { failed: [] }, 'did not fail: database.requires-tls'],
    [
      'no mail came',
      { firingAt: undefined, resolvedAt: Promise.resolve(undefined) },
      'no mail about TlsNotRequired within 20 s',
    ],
    ['no mail came that it is over', { resolvedAt: Promise.resolve(undefined) }, 'no mail that TlsNotRequired is over'],
    ['it did not recover', { recoveredAt: undefined, notRecovered: drilled().failed }, 'did not recover'],
    [
      'it could not be taken out',
      { stuck: [{ check: 'lab fix', observed: 'no container' }] },
      'failed: lab fix: no container',
    ],
  ] as const)('is not when %s, and the report says so', async (_, changes, words) => {
    const result = await judged(plan, drilled(changes as Partial<Drilled>));
    expect(result.asDeclared).toBe(false);
    expect(difference(result)).toContain(words);
  });
});
