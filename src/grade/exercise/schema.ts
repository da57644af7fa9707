import * as z from 'zod';

z.config({ jitless: true });

const name = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'lower-case words with hyphens between them')
  .max(40);
const line = z
  .string()
  .min(1)
  .max(400)
  .regex(/^[^\p{Cc}]*$/u, 'one line of text');
/** A path below a folder: no way up, no absolute path. */
const path = z
  .string()
  .max(120)
  .regex(
    /^(?!\/)(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9._/-]+$/,
    'a relative path of letters, digits, dots, hyphens and slashes',
  );
const id = z
  .string()
  .regex(/^[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+$/, 'words with a dot between area and what, such as tls.https-answers');

const fileSchema = z
  .strictObject({
    path: path.describe('Where it lies in a submission.'),
    to: path
      .optional()
      .describe(
        'Where it goes: `<service>/<file>` below the project’s config/. Without it, it is only read or run by checks.',
      ),
    about: line,
    required: z.boolean().default(true),
    maxBytes: z.int().min(1).max(1_048_576).default(65_536),
    /** Other names that people give it; a lone file is taken for the only required one. */
    alsoKnownAs: z.array(path).default([]),
  })
  .describe('A file that a submission holds.');

const checkSchema = z
  .strictObject({
    id: id.describe('Unique within the exercise.'),
    title: line,
    measure: name.describe('What is measured: a measure of the grader, or `lab-check`.'),
    with: z.record(z.string(), z.unknown()).default({}).describe('What the measure is told.'),
    points: z.int().min(0).max(100),
    expected: line,
    reproduce: z.string().min(1).max(600),
    hint: line,
    dependsOn: z.array(id).default([]),
    hidden: z.boolean().default(false),
    live: z
      .boolean()
      .default(true)
      .describe('Measured on a running lab, too; not so what is about the submission’s files.'),
  })
  .describe('One measured statement about the submission.');

export const exerciseSchema = z.strictObject({
  name,
  title: line,
  about: z.string().min(1).max(2000),
  learn: z.array(line).min(1).describe('What one can do afterwards.'),
  tasks: z.array(z.string().min(1).max(1000)).min(1),
  takes: z
    .enum(['files', 'project'])
    .default('files')
    .describe('`files` laid over the lab, or a whole Compose project with lab-roles.yml.'),
  live: z.boolean().default(false).describe('May also be graded on a running lab: `lab grade --live`.'),
  files: z.array(fileSchema).default([]),
  stage: z
    .strictObject({
      bare: z.boolean().default(false).describe('Nothing of the lab runs; the measures bring what they need.'),
      services: z.array(name).default([]).describe('Services of the lab that run; none named: all.'),
      theirs: z
        .array(
          z.strictObject({
            service: name,
            accepts: z
              .array(z.string())
              .optional()
              .describe('A command in its container that accepts or refuses the configuration.'),
            ready: z
              .array(z.int())
              .optional()
              .describe('Ready when any of these TCP ports is open; otherwise by its health check.'),
          }),
        )
        .default([])
        .describe('Those that run with the submission’s files: started anew for each.'),
      origins: z
        .array(name)
        .default([])
        .describe(
          'Servers whose place the grader’s own web server takes: each answer carries a proof that nobody else can make.',
        ),
      adds: z
        .record(name, name)
        .default({})
        .describe('Services of the grader’s own beside the lab’s, each like the one of the lab that is named.'),
      startSeconds: z.int().min(1).max(120).default(20).describe('How long theirs may take to be ready.'),
    })
    .prefault({}),
  images: z.array(name).default([]).describe('Parts whose images it needs beside those of the lab.'),
  adaptations: z
    .array(name)
    .default([])
    .describe('What is adapted in files that were written for other machines; each is reported.'),
  checks: z.array(checkSchema).min(1),
  blocked: z
    .enum(['zero', 'excused'])
    .default('zero')
    .describe('Points of a blocked check: none of them, or it counts for nothing at all.'),
  drills: z
    .array(z.strictObject({ fault: name, about: line.optional() }))
    .default([])
    .describe('Faults that checks inject.'),
  limits: z
    .strictObject({ seconds: z.int().min(5).max(900).default(120).describe('For one submission.') })
    .prefault({}),
  passMark: z.int().min(0).max(100).default(60).describe('Percent.'),
  parameters: z
    .record(
      name,
      z.strictObject({
        kind: z.enum(['domain', 'block', 'word', 'number']),
        written: line.describe('The value that the exercise’s files are written with.'),
        about: line,
      }),
    )
    .default({})
    .describe('Values that differ from student to student when the grader has a key.'),
});

export type Exercise = z.output<typeof exerciseSchema>;
export type ExerciseCheck = Exercise['checks'][number];
export type ExerciseFile = Exercise['files'][number];

/** `variant.yml` beside the files of a variant: what a known submission scores. */
export const variantSchema = z.strictObject({
  about: line.describe('The mistake, or the other way to be right.'),
  right: z.boolean().default(false).describe('It is right, in another way than the solution.'),
  percent: z.int().min(0).max(100),
  failed: z.array(id).default([]).describe('Exactly the checks that fail. Those that depend on them are blocked.'),
  without: z.array(path).default([]).describe('Files of the solution that it lacks.'),
  refused: z.string().optional().describe('The code with which it is refused before anything runs.'),
});
export type Variant = z.output<typeof variantSchema>;
