import { verdict, type CheckContext, type Observation } from '../check.ts';
import { doorTo, jsonOf } from '../site.ts';

/** Alertmanager sends one every 5 to 6 s; after this the inbox itself says that none comes. */
export const longestSilenceSeconds = 20;

/** Whether the inbox has had a heartbeat of monitoring lately: Prometheus, Alertmanager and the mail's way are alive. */
export async function heartbeatFresh(context: CheckContext, inbox: string): Promise<Observation> {
  const { vantage, ...at } = doorTo(context, inbox, 8025);
  const { ageSeconds } = jsonOf(await vantage.http({ ...at, path: '/api/heartbeat' })) as { ageSeconds: number | null };
  if (ageSeconds === null) return verdict(false, 'no heartbeat has come yet');
  return verdict(ageSeconds <= longestSilenceSeconds, `the last heartbeat came ${ageSeconds.toFixed(1)} s ago`);
}
