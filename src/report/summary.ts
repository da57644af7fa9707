import { relative } from 'node:path';
import type { UpResult } from '../life/up.ts';
import type { EndpointPlan, Plan } from '../plan/types.ts';
import type { Colours } from './colours.ts';
import { duration } from './events.ts';
import { printableLine } from './printable-lines.ts';
import { columns } from './table.ts';
import { servicesOf } from '../plan/context.ts';
import { isSecure, siteEndpoint } from '../plan/site.ts';
import { absence } from './by-requirement.ts';

/** What `lab up` says at its end: where the site is, how to open it with trust, where to look, what to do next. */
export function upSummary(
  result: UpResult,
  colours: Colours,
  { folder, command }: { folder: string; command: string },
): string {
  const { plan, folder: lies } = result.project;
  const authority = pathFrom(folder, lies.authority);
  const site = siteEndpoint(plan);
  const operators = plan.endpoints.filter(({ port }) => port !== 443 && port !== 80);
  const sections: [string, string[]][] = [
    ...(site === undefined ? [] : siteSections(plan, site, authority)),
    ['Operators’ pages', columns(operators.map(({ name, url }) => [name, url])).split('\n')],
    ['Checks', verificationLines(result, colours)],
    ['Notes', result.notes],
    ['Next', nextSteps(result).map((next) => `${command} ${next}${option(result)}`)],
  ];
  const shown = sections.filter(([, lines]) => lines.some((line) => line !== ''));
  return [
    headline(result, colours),
    ...shown.map(([title, lines]) => `  ${colours.bold(title)}\n${lines.map((line) => `    ${line}`).join('\n')}`),
    '',
  ].join('\n');
}

function headline({ project, changed, status, durationMs }: UpResult, { green, yellow, bold }: Colours): string {
  const name = bold(project.name);
  if (status.state !== 'up') return `${yellow('!')} ${name} is ${status.state}; \`lab status\` shows which service.`;
  return changed
    ? `${green('✔')} ${name} is up, after ${duration(durationMs)}.`
    : `${green('✔')} ${name} was up already: nothing to change (${duration(durationMs)}).`;
}

function siteSections(plan: Plan, site: EndpointPlan, authority: string): [string, string[]][] {
  const { domain, aliases } = plan.lab.site;
  const names = `Add this line to /etc/hosts:  127.0.0.1 ${[domain, ...aliases].join(' ')}`;
  const resolve = `--resolve ${domain}:${site.hostPort}:127.0.0.1 ${site.url}`;
  if (!isSecure(plan.lab))
    return [
      ['Site', [`${site.url}  in plain HTTP: this lab has no TLS`]],
      ['In a shell', [`curl ${resolve}`]],
      ['In a browser', [names]],
    ];
  const trusted = plan.settings.certificates === 'mkcert';
  return [
    ['Site', [site.url]],
    ['In a shell', [`curl --cacert ${shellWord(authority)} ${resolve}`]],
    [
      'In a browser',
      [
        `1. ${names}`,
        trusted
          ? '2. Its CA is mkcert’s own: `mkcert -install` makes this machine trust it.'
          : `2. Import ${authority} as an authority:`,
        ...(trusted
          ? []
          : [
              '   Firefox: Settings, “View Certificates”, Authorities',
              '   Chrome:  chrome://certificate-manager, “Installed by you”',
            ]),
      ],
    ],
  ];
}

function verificationLines({ changed, verification }: UpResult, { green, red }: Colours): string[] {
  if (verification === undefined) return [changed ? 'not run' : 'not run again'];
  const { passed, failed, skipped, durationMs } = verification.summary;
  const counted = `${passed}/${passed + failed} passed in ${duration(durationMs)}${skipped === 0 ? '' : `, ${skipped} skipped`}`;
  const failing = verification.checks.filter(({ status }) => status === 'failed');
  return [
    failed === 0 ? green(counted) : red(counted),
    ...(verification.absent.length === 0 ? [] : [absence(verification)]),
    ...failing.map(({ id, observed }) => `${red('✖')} ${id}: ${printableLine(observed.split('\n', 1)[0] ?? '')}`),
  ];
}

/** What failed comes first; of many failures, their areas. */
function nextSteps({ project, verification }: UpResult): string[] {
  const [server = ''] = servicesOf(project.plan.lab, 'web');
  const areas = new Set(
    (verification?.checks ?? []).filter(({ status }) => status === 'failed').map(({ requirement }) => requirement),
  );
  const again =
    areas.size === 0
      ? 'verify'
      : `verify --only '${areas.size === 1 ? [...areas].join() : `{${[...areas].join()}}`}.*'`;
  return areas.size === 0 ? ['status', again, `shell ${server}`.trim(), 'down'] : [again, 'status', 'logs', 'down'];
}

/** Relative only where that is the easier one to read. */
function pathFrom(folder: string, path: string): string {
  const short = relative(folder, path);
  return short.startsWith('..') ? path : short;
}

/** Commands that are shown must reach this project where it is not the lab's own. */
function option({ project }: UpResult): string {
  return project.name === project.plan.lab.name ? '' : ` --project ${project.name}`;
}

function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
