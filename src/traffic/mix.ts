import type { Plan } from '../plan/types.ts';
import type { CommandRequest } from '../probe/operations/command.ts';
import { siteAddress, siteScheme } from '../plan/site.ts';

/** The text of every message that traffic writes, by which they are found again. */
export const trafficText = 'lab traffic';

/** What visitors do: of a hundred requests so many are of this kind. */
interface Kind {
  name: string;
  share: number;
  path: string;
  post?: string;
}

const kinds: readonly Kind[] = [
  { name: 'page', share: 45, path: '/' },
  { name: 'file', share: 28, path: '/static/site.css' },
  { name: 'read', share: 25, path: '/api/messages' },
  { name: 'write', share: 2, path: '/api/messages', post: JSON.stringify({ body: trafficText }) },
];

/** One run of hey for one kind of request, and how many it makes. */
export interface Run {
  argv: CommandRequest['argv'];
  requests: number;
}

/** How long a visitor waits, in seconds. */
const patience = 5;
/** More at a time would come in bursts, as all of hey's workers tick together; fewer could not keep the rate when answers are slow. */
const perWorker = 3;

/**
 * What hey is told so that `rate` requests a second are made for some seconds, each over a connection of its own as from a new visitor.
 * @param slice how many such times there were before: what is less than one request in each comes in some of them
 */
export function runsOf(plan: Plan, rate: number, seconds: number, slice = 0): Run[] {
  const address = siteAddress(plan);
  if (address === undefined) throw new RangeError('nobody serves the site of this lab');
  return kinds.flatMap(({ share, path, post }) => {
    const until = (slices: number): number => Math.round((slices * rate * seconds * share) / 100);
    const wanted = until(slice + 1) - until(slice);
    if (wanted === 0) return [];
    const workers = Math.max(1, Math.ceil(wanted / seconds / perWorker));
    const requests = Math.max(1, Math.round(wanted / workers)) * workers;
    const perSecond = requests / workers / seconds;
    const body = post === undefined ? [] : ['-m', 'POST', '-T', 'application/json', '-d', post];
    const site = ['-host', plan.lab.site.domain, `${siteScheme(plan.lab)}://${address}${path}`];
    const pace = ['-n', String(requests), '-c', String(workers), '-q', perSecond.toFixed(3), '-t', String(patience)];
    return [
      { argv: ['hey', ...pace, '-o', 'csv', '-disable-keepalive', '-disable-redirects', ...body, ...site], requests },
    ];
  });
}
