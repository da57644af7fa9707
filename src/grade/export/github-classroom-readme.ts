import type { Exported } from './gradescope.ts';
import { keySecret, type Pinned } from './github-classroom.ts';

/** What the workflow needs, and what it does not pretend to do. */
export function classroomReadme({ name, title }: Exported, { repository, commit }: Pinned): string {
  return `# ${title}: graded at every push

\`.github/workflows/grade.yml\` grades what lies in this repository as a submission for the exercise \`${name}\`. The score is in
the summary of the run ("Actions", then the run), and a page to download is below it.

## For the instructor

1. Put both files, with the exercise's starter, into the template repository of the assignment.
2. The grader is \`${repository}\` at \`${commit}\`. If it is private, the workflow cannot fetch it: make it public, or give the
   second checkout a \`token\` that may read it alone.
3. GitHub's own \`ubuntu-24.04\` runners have what it needs: a Docker engine, and the internet to build the images (some minutes
   for each run). A runner of your own with built images is quicker; it must do nothing else, and never be used by public repositories.
4. Optionally a secret \`${keySecret}\` of the organisation: hidden values and a student's own parameters are derived from it.

## What it is not

A student who may write to the repository may change the workflow too, and with it print the secret or a score. So this tells
students where they stand. **For marks that count, grade again yourself** after the due date, with a key that is in no
repository:

\`\`\`
gh classroom clone student-repos -a ASSIGNMENT
lab grade ASSIGNMENT-submissions/* --exercise ${name} --key grader.key --out results --sign signing.key
\`\`\`
`;
}
