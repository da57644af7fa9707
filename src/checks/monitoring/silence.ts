import type { CheckContext } from '../check.ts';
import { serviceOf } from '../services.ts';
import { doorTo, jsonOf } from '../site.ts';

/** What the checks set off themselves: they scan, forge, guess passwords and ask for what is not there. */
const setOff = ['PortScan', 'DeniedFlows', 'LoginFailures', 'ClientErrorBurst', 'OldTlsHandshakes'];

/** Should the run end without a word, the administrators hear of attacks again after this. */
const longestMs = 5 * 60_000;
/** Until the rates that the alerts look at (30 s at most) have fallen. */
const afterwardsMs = 40_000;

/**
 * Has Alertmanager keep these alerts to itself while the checks run. Does its best: a lab whose Alertmanager is away is measured
 * all the same.
 * @returns what ends the silence, a little later
 */
export async function silenceOwnAlerts(context: CheckContext): Promise<() => Promise<void>> {
  const alertmanager = serviceOf(context.plan, 'alertmanager')?.name;
  if (alertmanager === undefined) return () => Promise.resolve();
  const startsAt = new Date();
  const put = async (endsInMs: number, id?: string): Promise<string | undefined> => {
    const { vantage, ...at } = doorTo(context, alertmanager, 9093);
    const silence = {
      ...(id === undefined ? {} : { id }),
      matchers: [{ name: 'alertname', value: setOff.join('|'), isRegex: true, isEqual: true }],
      startsAt: startsAt.toISOString(),
      endsAt: new Date(Date.now() + endsInMs).toISOString(),
      createdBy: 'lab verify',
      comment: 'The checks attack the lab themselves.',
    };
    const answer = await vantage.tryHttp({
      ...at,
      method: 'POST',
      path: '/api/v2/silences',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(silence),
      timeoutMs: 2000,
    });
    return answer.ok && answer.status === 200 ? (jsonOf(answer) as { silenceID: string }).silenceID : undefined;
  };
  const id = await put(longestMs).catch(() => undefined);
  return async () => {
    if (id !== undefined) await put(afterwardsMs, id).catch(() => undefined);
  };
}
