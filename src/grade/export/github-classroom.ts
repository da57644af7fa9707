import { stringify } from 'yaml';
import type { BundleFile, Exported } from './gradescope.ts';
import { classroomReadme } from './github-classroom-readme.ts';

/** The version of this repository that grades, as GitHub knows it. */
export interface Pinned {
  /** `owner/name` */
  repository: string;
  /** 40 hexadecimal digits: a branch or tag could be moved. */
  commit: string;
}

/** Actions, pinned to a commit for the same reason. */
const actions = {
  checkout: 'actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683',
  node: 'actions/setup-node@39370e3970a6d050c480ffad4ff0ed4d3fdee5af',
  upload: 'actions/upload-artifact@65c4c4a1ddee5b72f698fdd19549f0f0fb45cf08',
} as const;

/** Their versions, for those who read the workflow. */
const versions: Readonly<Record<string, string>> = {
  [actions.checkout]: 'v4.2.2',
  [actions.node]: 'v4.1.0',
  [actions.upload]: 'v4.6.0',
};

/** The secret that holds the grader's key. */
export const keySecret = 'LAB_GRADER_KEY';

/** What goes into the template repository of an assignment. */
export function classroomFiles(exercise: Exported, pinned: Pinned): BundleFile[] {
  return [
    { path: '.github/workflows/grade.yml', content: Buffer.from(workflow(exercise, pinned)), mode: 0o644 },
    { path: 'GRADING.md', content: Buffer.from(classroomReadme(exercise, pinned)), mode: 0o644 },
  ];
}

function workflow({ name, title }: Exported, { repository, commit }: Pinned): string {
  const document = {
    name: 'Grade',
    on: { push: { branches: ['main', 'master'] }, workflow_dispatch: {} },
    permissions: { contents: 'read' },
    concurrency: { group: 'grade-${{ github.ref }}', 'cancel-in-progress': true },
    jobs: {
      grade: {
        name: title,
        'runs-on': 'ubuntu-24.04',
        'timeout-minutes': 30,
        steps: [
          {
            name: 'Fetch the submission',
            uses: actions.checkout,
            with: { path: 'submission', 'persist-credentials': false },
          },
          {
            name: 'Fetch the grader',
            uses: actions.checkout,
            with: { repository, ref: commit, path: 'lab', 'persist-credentials': false },
          },
          { uses: actions.node, with: { 'node-version': 20 } },
          { name: 'Prepare the engine and the images', 'working-directory': 'lab', run: prepare },
          {
            name: 'Grade',
            'working-directory': 'lab',
            env: { GRADER_KEY: `\${{ secrets.${keySecret} }}`, REPOSITORY: '${{ github.event.repository.name }}' },
            run: grade(name),
          },
          {
            name: 'Keep the report',
            if: 'always()',
            uses: actions.upload,
            with: { name: 'report', path: '${{ runner.temp }}/report.html', 'if-no-files-found': 'ignore' },
          },
        ],
      },
    },
  };
  const yaml = stringify(document, { lineWidth: 0 }).replace(
    /(?<=uses: )(\S+)$/gm,
    (action) => `${action} # ${versions[action] ?? ''}`,
  );
  return `# Grades this repository with a pinned version of ${repository}. GRADING.md says what it needs.\n${yaml}`;
}

const prepare = `./lab setup --yes
./lab images build
`;

/** The shell is told names by its environment alone: what is put into a script could be a script. */
function grade(exercise: string): string {
  return `umask 077
# Without .git and .github: neither is a part of what was handed in.
mkdir "$RUNNER_TEMP/submission"
git -C ../submission archive HEAD -- . ':(exclude).github' ':(exclude)GRADING.md' | tar -x -C "$RUNNER_TEMP/submission"
student=$(printf %s "$REPOSITORY" | tr 'A-Z' 'a-z' | tr -c 'a-z0-9-' - | cut -c 1-60)
key=()
if [ -n "$GRADER_KEY" ]; then
  printf '%s\\n' "$GRADER_KEY" >"$RUNNER_TEMP/grader.key"
  key=(--key "$RUNNER_TEMP/grader.key")
fi
code=0
./lab grade "$RUNNER_TEMP/submission" --exercise ${exercise} --student "$student" --out "$RUNNER_TEMP/results" "\${key[@]}" >/dev/null || code=$?
rm -f "$RUNNER_TEMP/grader.key"
result=$(find "$RUNNER_TEMP/results" -type f -name result.json -print -quit)
if [ -n "$result" ]; then
  # For a student: hidden checks do not show what they look for.
  ./lab results show "$result" --audience student
  ./lab results show "$result" --audience student --reporter markdown >>"$GITHUB_STEP_SUMMARY"
  ./lab results show "$result" --audience student --reporter html --output "$RUNNER_TEMP/report.html"
fi
exit "$code"
`;
}
