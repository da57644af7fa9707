import type { Exported } from './gradescope.ts';

/** What the bundle needs, and what it does not pretend to do. */
export function gradescopeReadme({ name, title }: Exported, withKey: boolean): string {
  return `# ${title}: autograder for Gradescope

Upload this archive as it is under "Configure Autograder". It grades the exercise \`${name}\`.

## What it needs

A submission is graded in containers, so a **Docker engine** is needed, with root rights. **A Gradescope container has
none, and may not start one**: it runs unprivileged. Uploaded alone, this bundle therefore fails for every submission, and
says why; nobody gets 0 points for it. Choose one of these:

| way | when |
|---|---|
| Over SSH | A machine of your own with a Docker engine grades; Gradescope collects the submissions and shows the scores. |
| Privileged container | You run the autograder's container yourself, on a machine of your own. |
| Without Gradescope's autograder | Download all submissions, run \`lab grade\`, upload \`class.csv\`. Nothing has to be reachable from outside. |

2 cores, 4 GiB of memory and 10 GiB of disk do. Build the images beforehand (\`lab images build\`): the first submission would
wait for them.

### Over SSH

On your machine, as a user of its own that may use the Docker engine:

1. Copy the folder \`lab/\` of this archive to \`/srv/lab\` and \`grade-over-ssh\` to \`/srv/lab/grade-over-ssh\`, then run
   \`/srv/lab/lab images build\`.${withKey ? ' Copy `grader.key` beside it, readable by that user alone.' : ''}
2. \`ssh-keygen -t ed25519 -N '' -f runner.key\`, and into that user's \`~/.ssh/authorized_keys\` this line, so that the key can
   do nothing but grade:

   \`\`\`
   restrict,command="${withKey ? 'LAB_KEY=/srv/lab/grader.key ' : ''}/srv/lab/grade-over-ssh" ssh-ed25519 AAAA… autograder
   \`\`\`

3. \`ssh-keyscan -t ed25519 your.host > runner.known_hosts\`, and compare the fingerprint with the machine's own.
4. Put \`runner.key\`, \`runner.known_hosts\` and \`runner.conf\` (one line: \`user@your.host\`) at the top of this archive, and
   upload it.

Whoever may use a Docker engine is root on that machine: use one that does nothing else.

### Privileged container

On a machine of your own: build Gradescope's image from this archive as its documentation describes, then

\`\`\`
docker run --rm --privileged -v "$PWD/submission:/autograder/submission:ro" \\
  -v "$PWD/results:/autograder/results" IMAGE /autograder/run_autograder
\`\`\`

The container starts an engine of its own (\`lab setup --yes\`). \`--privileged\` gives it the machine: again, one that does
nothing else.

## What is in it

| file | what it is for |
|---|---|
| \`setup.sh\` | Run once, while Gradescope builds the image: Node.js 20 and the packages of \`lab\`. |
| \`run_autograder\` | Run for each submission: over SSH if \`runner.conf\` is there, else on an engine that is here. |
| \`grade-over-ssh\` | The other end, for your machine. |
| \`lab/\` | The grader, in the version that made this archive. No solutions, no variants. |
| \`copied.sha256\` | Every file copied into \`lab/\`; \`sha256sum -c copied.sha256\` verifies them. |
${withKey ? '| `grader.key` | What hidden values and parameters are derived from. Whoever has it can forge them: keep this archive to yourself. |\n' : ''}
## What students see

Every check with its points. Of a hidden check they see the title and whether it passed. The autograder's own output is
hidden from them. Where the machine failed there is no score: Gradescope reports that the autograder failed, and "Rerun
autograder" tries again.
`;
}
