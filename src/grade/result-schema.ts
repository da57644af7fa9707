import * as z from 'zod';
import type { GradeResult } from './result.ts';

z.config({ jitless: true });

/** Bounds keep a made-up result from filling memory; no real one comes near them. */
const line = z.string().max(65_536);
const name = z.string().min(1).max(1024);
const number = z.number().min(0).max(1e9);
const whole = z.int().min(0);

const checkSchema = z.strictObject({
  id: name,
  title: line,
  hidden: z.boolean(),
  status: z.enum(['passed', 'failed', 'blocked', 'not-measured']),
  points: number,
  earned: number,
  expected: line,
  observed: line,
  reproduce: line,
  hint: line,
  blockedBy: name.nullable(),
  evidence: z.array(line).max(10_000),
  durationMs: number,
});

const refusalSchema = z.strictObject({ code: name, message: line, where: line.exactOptional() });

/** `result.json`, read back. Strict, so that nothing is signed or compared that is not shown. */
export const gradeResultSchema: z.ZodType<GradeResult> = z.strictObject({
  version: z.literal(1),
  lab: name,
  exercise: name,
  title: line,
  student: line,
  submission: z.strictObject({
    name: line,
    digest: line,
    files: z.array(z.strictObject({ path: line, bytes: whole })).max(100_000),
  }),
  run: line,
  gradedAt: line,
  outcome: z.enum(['graded', 'refused', 'not-measured']),
  summary: z.strictObject({
    points: number,
    of: number,
    percent: z.number().min(0).max(100),
    passMark: z.number().min(0).max(100),
    passed: z.boolean(),
  }),
  notes: z.array(line).max(10_000),
  refusals: z.array(refusalSchema).max(10_000),
  checks: z.array(checkSchema).max(10_000),
  durationMs: number,
});
