import type { ZonePlan } from '../../plan/types.ts';
import type { Vantage } from '../../probe/vantage.ts';
import type { CheckContext } from '../check.ts';
import { spareAddress } from './flows.ts';

const port = 4444;

/**
 * Sends through a zone's firewall what belongs to no conversation that it knows: a stranger opens two with itself, under an
 * address of another zone, and then takes that address away. What they go on to say (data in one, FIN in the other, which a
 * firewall may answer each in its way) leaves for the firewall.
 * @returns whether those conversations came about
 */
export async function sendInvalid(context: CheckContext, zone: ZonePlan): Promise<boolean> {
  const vantage = context.vantages.from({ zone: zone.name });
  const zones = context.plan.zones;
  const elsewhere = spareAddress(context.plan, zones[(zones.indexOf(zone) + 2) % zones.length] ?? zone, 'invalid');
  const own = await context.vantages.addressIn(zone.name);
  return speakOutOfTurn(vantage, own, { address: elsewhere, port });
}

/** As `sendInvalid`, to an address and port of choice. */
export async function speakOutOfTurn(
  vantage: Vantage,
  own: string,
  { address, port }: { address: string; port: number },
): Promise<boolean> {
  await vantage.command(['ip', 'addr', 'replace', `${address}/32`, 'dev', 'lo']);
  // It never hears the end of that conversation: it goes with the vantage, or at its own time. Without a command ncat
  // would close its side at once, as its input is at its end.
  vantage
    .command(['ncat', '--listen', '--keep-open', '--sh-exec', 'sleep 5', address, String(port)], { timeoutMs: 6000 })
    .catch(() => undefined);
  return speak(vantage, own, address, port);
}

async function speak(vantage: Vantage, own: string, elsewhere: string, port: number): Promise<boolean> {
  const data = `ip addr del ${elsewhere}/32 dev lo; echo late; sleep 0.1`;
  const script = `ncat --source ${own} --sh-exec '${data}' ${elsewhere} ${port}; true`;
  for (let attempt = 0; attempt < 8; attempt++) {
    const { exitCode } = await vantage.command(
      ['ncat', '--source', own, '--sh-exec', script, elsewhere, String(port)],
      { timeoutMs: 2000 },
    );
    if (exitCode === 0) return true;
  }
  return false;
}
