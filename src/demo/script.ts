import * as z from 'zod';

const seconds = z.number().min(0).max(600);
const name = z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/);

/** One step of a demo. Each has exactly one of these keys, which says what it is. */
export const stepSchema = z
  .strictObject({
    say: z.string().min(1).describe('Told to the audience.'),
    run: z
      .string()
      .min(1)
      .describe('A shell command, shown as typed. `site PATH` is curl for the site, `lab` is this tool.'),
    break: name.describe('Puts a fault in.'),
    fix: name.describe('Takes a fault out.'),
    prove: name.describe('Measures a check, or one of the claims below src/demo/claims, and shows what was seen.'),
    wait: z
      .string()
      .regex(/^[A-Za-z0-9]+([.-][a-z0-9]+)*$/)
      .describe('Waits until an alert’s mail is in the inbox (alert), or a check passes (check).'),
  })
  .partial()
  .extend({
    on: name.optional().describe('Which of the demo’s labs it is about; the first, unless it says otherwise.'),
    exits: z.int().min(0).max(255).optional().describe('The exit code that `run` must end with; 0 by default.'),
    fails: z.boolean().optional().describe('That `prove` must fail within 15 s: what the check asks for is not so.'),
    within: seconds.optional().describe('How long `wait` may take, in seconds; 60 by default.'),
  })
  .refine((step) => kindsOf(step).length === 1, 'exactly one of say, run, break, fix, prove, wait');

const kinds = ['say', 'run', 'break', 'fix', 'prove', 'wait'] as const;
export type StepKind = (typeof kinds)[number];

export const demoSchema = z
  .strictObject({
    title: z.string().min(1).max(100),
    about: z.string().min(1).max(300),
    labs: z.array(name).min(1).max(3).describe('The labs it plays on.'),
    steps: z.array(stepSchema).min(1),
    afterwards: z
      .array(stepSchema)
      .default([])
      .describe('Done at the end, however it ends: what the demo has changed is put back.'),
  })
  .describe('A demo: steps that play on a terminal.');

export type Step = z.infer<typeof stepSchema>;
export type Demo = z.infer<typeof demoSchema>;

function kindsOf(step: object): StepKind[] {
  return kinds.filter((kind) => Object.hasOwn(step, kind));
}

/** What kind of step it is. */
export function kindOf(step: Step): StepKind {
  const [kind] = kindsOf(step);
  if (kind === undefined) throw new RangeError('a step without a kind');
  return kind;
}
