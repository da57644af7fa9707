import { isMutual } from '../plan/inside.ts';
import { frontsOf, stacksOf } from '../plan/stacks.ts';
import type { Plan } from '../plan/types.ts';
import type { Check } from './check.ts';
import { quickMs, siteAnswers } from './balancing/site-answers.ts';
import { applicationReady, pageNamesServer, securityHeaders, staticFiles } from './servers/answers.ts';
import { refusesBadInput } from './servers/bad-input.ts';
import { filesIntact } from './servers/files-intact.ts';
import { diversityChecks } from './servers/diverse.ts';
import { hidesInternals } from './servers/internals.ts';
import { disbelievesNeighbours } from './servers/neighbours.ts';
import { answersQuickly } from './servers/quick.ts';
import { readsFromReplica, writeAndRead } from './servers/write-and-read.ts';
import { databasesOf, listed, serviceOf, servicesOf } from './services.ts';
import { curlSite } from './site.ts';

/** What every server promises: the web server in front, the application, its files, and the database behind them. */
export function serverChecks(plan: Plan): Check[] {
  const servers = servicesOf(plan, 'web').map(({ name }) => name);
  const balancer = serviceOf(plan, 'balancer')?.name;
  const [first = '', second] = servers;
  if (first === '') return [];
  // Who asks a server directly, and, of several servers, who its neighbour is.
  const asker = balancer ?? plan.services.find(({ name }) => name === first)?.zone ?? '';
  const alone = second === undefined;
  const siteFirst = balancer === undefined ? 'servers.site-answers' : 'balancing.site-answers';
  const replica = databasesOf(plan, 'replica')[0] ?? databasesOf(plan, 'member')[0];
  const { project } = plan.settings;
  const direct = (path: string): string =>
    isMutual(plan.lab)
      ? `for s in ${servers.join(' ')}; do ${curlSite(plan, path, '-i ')}; done`
      : `for s in ${servers.join(' ')}; do ./lab probe ${asker} --project ${project} -- curl -si http://$s${path}; done`;
  const watched = ['/srv/app', ...stacksOf(plan.lab).flatMap((stack) => stack.watched)];
  const common = { requirement: 'servers' as const, needs: ['web'], retry: { deadlineMs: 2000 }, timeoutMs: 30_000 };
  const checks: (Check | undefined)[] = [
    // With a balancer it is the balancer's to answer.
    balancer !== undefined
      ? undefined
      : {
          ...common,
          id: 'servers.site-answers',
          title: 'The site answers its visitors',
          points: 1,
          expected: 'the page, and the server’s word that it reaches its database (/readyz): 200',
          reproduce: curlSite(plan, '/readyz', '-i '),
          hint: 'Nobody stands in for this server: what is wrong with it is wrong with the site.',
          retry: { deadlineMs: 4000 },
          run: (context) => siteAnswers(context, servers.length),
        },
    {
      ...common,
      id: 'servers.static-files',
      title:
        stacksOf(plan.lab).length > 1
          ? `${frontsOf(plan.lab)} serve the application’s files`
          : `${frontsOf(plan.lab)} of every server serves the application’s files`,
      points: 1,
      expected: 'the stylesheet and the page about the site, with their types and validators for caches',
      reproduce: direct('/static/site.css'),
      hint: 'Files below /static/ come from the web server itself (Nginx: `root`), so they come even when the application is down.',
      run: staticFiles,
    },
    {
      ...common,
      id: 'servers.files-intact',
      title: 'The application’s files on every server are those of its image',
      points: 2,
      expected: `nothing added, missing or changed of the packages and below ${listed(watched)} on ${listed(servers)}`,
      reproduce: `./lab shell ${first} --project ${project} -- aide --config=/usr/local/share/integrity/image --check`,
      hint: 'The root file system is read-only: somebody with more rights than the server has was here. A container that is made anew has the image’s files.',
      run: filesIntact,
    },
    {
      ...common,
      id: 'servers.application-ready',
      title: `The application of every server is alive and reaches ${replica === undefined ? 'its database' : 'both databases'}`,
      points: 2,
      expected: '/healthz and /readyz answer 200',
      reproduce: direct('/readyz'),
      hint: '502: the web server runs and the application does not (`./lab logs`). 503 at /readyz: it names the database that it cannot reach.',
      run: applicationReady,
    },
    {
      ...common,
      id: 'servers.answers-quickly',
      title: 'Every server answers quickly',
      points: 1,
      expected: `the quickest of some requests to each within ${quickMs} ms`,
      reproduce: isMutual(plan.lab)
        ? curlSite(plan, '/healthz', "-o /dev/null -w '%{time_total}\\n' ")
        : `for s in ${servers.join(' ')}; do ./lab probe ${asker} --project ${project} -- curl -s -o /dev/null -w '%{time_total}\\n' http://$s/healthz; done`,
      hint: 'The application’s histogram http_request_duration_seconds tells how long it took itself; the rest is the web server and the way.',
      dependsOn: ['servers.application-ready'],
      run: answersQuickly,
    },
    {
      ...common,
      id: 'servers.page-names-server',
      title: 'The page names the server that made it',
      points: 1,
      expected: `the page and X-Served-By of ${listed(servers)} each say so`,
      reproduce: `${curlSite(plan, '/', '-i ')} | grep -iE 'x-served-by|<h1>'`,
      hint: 'Without it nobody can tell which server answered, and so not whether requests are spread.',
      dependsOn: ['servers.application-ready'],
      run: pageNamesServer,
    },
    {
      ...common,
      id: 'servers.security-headers',
      title: 'Pages, files and errors carry the security headers',
      points: 1,
      expected:
        'X-Content-Type-Options, X-Frame-Options, Referrer-Policy and Content-Security-Policy, each with a safe value',
      reproduce: direct('/no-such-page'),
      hint: 'In Nginx a location with an `add_header` of its own loses those of the server; without `always`, errors have none.',
      dependsOn: ['servers.application-ready'],
      run: securityHeaders,
    },
    {
      ...common,
      id: 'servers.write-and-read',
      title: alone
        ? 'A message that is written can be read'
        : 'A message written through one server is read at another',
      points: 3,
      expected: `POST /api/messages answers 201 on every server, and ${alone ? 'it' : 'its neighbour'} gives the message back`,
      reproduce: `${curlSite(plan, '/api/messages', `-i -H 'content-type: application/json' -d '{"body":"hello"}' `)}; ${curlSite(plan, '/api/messages?limit=1')}`,
      hint: '503 names the database that does not answer: the primary when writing, the replica when reading. A message that never shows up has not been replicated.',
      dependsOn: ['servers.application-ready'],
      run: writeAndRead,
    },
    replica === undefined
      ? undefined
      : {
          ...common,
          id: 'servers.reads-from-replica',
          title: 'The application reads from the replica and writes to the primary',
          points: 2,
          expected: 'the replica’s count of SELECT grows with the reads, the primary’s count of INSERT with the writes',
          reproduce: `./lab shell ${replica.name} --project ${project} -- mysql -e "SHOW GLOBAL STATUS LIKE 'Com_select'"`,
          hint: 'Two addresses in the application’s configuration: one to write, one to read. A replica that nobody reads from carries no load.',
          dependsOn: ['servers.application-ready'],
          run: readsFromReplica,
        },
    {
      ...common,
      id: 'servers.refuses-bad-input',
      title: 'Wrong requests are refused with a clean 4xx',
      points: 2,
      expected: '400, 404, 405, 413 or 415, each with a reason in JSON and nothing of the inside',
      reproduce: curlSite(plan, '/api/messages', `-i -H 'content-type: application/json' -d '{' `),
      hint: 'A 5xx for what a visitor sends is a defect: somebody else can then set off alerts, and errors often tell about the inside.',
      dependsOn: [siteFirst],
      run: refusesBadInput,
    },
    {
      ...common,
      id: 'servers.hides-internals',
      title: 'Servers show nothing of their inside',
      points: 1,
      expected: 'no metrics, no dotfiles, no version, and no application port for a neighbour',
      reproduce: curlSite(plan, '/metrics', '-i '),
      hint: '`server_tokens off`, `location ~ /\\.` and an application that listens on 127.0.0.1 keep the inside in.',
      dependsOn: [siteFirst],
      run: hidesInternals,
    },
    // Where servers ask who comes, a neighbour gets no answer at all: tls.servers-ask-who-comes.
    isMutual(plan.lab)
      ? undefined
      : {
          ...common,
          id: 'servers.disbelieves-neighbours',
          title: 'A forged X-Forwarded-For of a neighbour is not believed',
          points: 2,
          expected: 'the neighbour’s own address and http, whatever it claims',
          reproduce: `./lab probe ${alone ? asker : first} --project ${project} -- curl -s -H 'X-Forwarded-For: 203.0.113.9' -H 'X-Forwarded-Proto: https' http://${second ?? first}/api/whoami`,
          hint: 'Only the balancer may say on whose behalf it asks: `set_real_ip_from` with its address alone, not with a whole network.',
          dependsOn: ['servers.application-ready'],
          run: disbelievesNeighbours,
        },
    ...(plan.lab.diversity === undefined ? [] : diversityChecks(plan)),
  ];
  return checks.filter((check) => check !== undefined);
}
