import { relative } from 'node:path';
import { installation } from '../installation.ts';
import { siteEndpoint, sitePort, siteScheme } from '../plan/site.ts';
import type { Plan } from '../plan/types.ts';
import { projectFolder } from '../project/folder.ts';

/** What the shell of a demo knows beside its programs: `site PATH`, which is curl for the lab's site, `lab`, `$project` and `$inbox`. */
export function shellFor(plan: Plan): string {
  const { project } = plan.settings;
  const { domain } = plan.lab.site;
  const port = siteEndpoint(plan)?.hostPort ?? sitePort(plan.lab);
  const authority = relative(installation.root, projectFolder(project).authority);
  const inbox = plan.endpoints.find(({ name }) => name === 'inbox')?.url.replace(/\/$/, '') ?? '';
  return [
    'set -o pipefail',
    `project='${project}' inbox='${inbox}'`,
    `site() { local path=$1; shift; curl -sS --max-time 10 --cacert '${authority}' --resolve '${domain}:${port}:127.0.0.1' "$@" "${siteScheme(plan.lab)}://${domain}:${port}$path"; }`,
    `lab() { local command=$1; shift; ./lab "$command" --project '${project}' "$@"; }`,
  ].join('\n');
}
