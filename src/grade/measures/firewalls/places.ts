import { zoneNamed } from '../../../checks/firewalls/flows.ts';
import type { MeasureContext } from '../measure.ts';

/** One conversation as an exercise writes it: `edge -> balancer:80`, with `any` for a port that is drawn anew each time. */
export interface Conversation {
  text: string;
  /** A zone, where a stranger stands, or a service. */
  from: string;
  address: string;
  port: number;
}

/** How conversations are written in `exercise.yml`. */
export const conversationPattern = /^([a-z0-9-]+) -> ([a-z0-9.-]+):(\d+|any)$/;

const firstDrawn = 20_000;
const drawnPorts = 12_000;

/** Takes a written conversation apart, with the addresses of this stage. */
export async function conversationOf(context: MeasureContext, text: string): Promise<Conversation> {
  const [, from = '', to = '', port = ''] = conversationPattern.exec(text) ?? [];
  return {
    text,
    from,
    address: await addressOf(context, to),
    port: port === 'any' ? drawn(context, text) : Number(port),
  };
}

/** A port that nobody could know before this grading. */
export function drawn(context: MeasureContext, name: string): number {
  return firstDrawn + (parseInt(context.fresh(`port/${name}`).slice(0, 8), 16) % drawnPorts);
}

/** `balancer`, `gateway.dmz` for the firewall's own address there, or `visitor.edge` for whoever came from there. */
async function addressOf({ lab, plan }: MeasureContext, to: string): Promise<string> {
  const [kind, zone = ''] = to.split('.');
  if (kind === 'gateway') return zoneNamed(plan, zone).gateway;
  if (kind === 'visitor') return lab.vantages.addressIn(zone);
  const { attachments, address } = lab.service(to);
  return attachments.find((one) => one.zone === 'core')?.address ?? address;
}
