import * as z from 'zod';
import {
  firewallMeasures,
  openFirewallScript,
  type FirewallMeasure,
  type FirewallScript,
} from '../../firewall-script/open.ts';
import { defineMeasure, type Measure, type MeasureContext } from '../measure.ts';

const file = 'firewall.sh';

/** The measures of a server's firewall script; all of one submission look at the same run of it. */
export const serverFirewall: Readonly<Record<string, Measure>> = Object.fromEntries(
  firewallMeasures.map((name) => [name, scriptMeasure(name)]),
);

function scriptMeasure(name: FirewallMeasure): Measure {
  return defineMeasure({
    options: z.strictObject({ ports: z.array(z.int().min(1).max(65535)).optional() }),
    run: async (context, { ports }) => {
      const script = context.submission.files.get(file);
      if (script === undefined) return { good: false, observed: `the submission has no file ${file}` };
      const opened = await context.shared('firewall-script', () => open(context, script));
      const { status, observed, evidence } = await opened.measure(name, ports === undefined ? {} : { ports });
      return { good: status === 'passed', observed, evidence };
    },
  });
}

async function open(context: MeasureContext, script: string): Promise<FirewallScript> {
  const { docker, images, project, block, signal } = context;
  const opened = await openFirewallScript({
    docker,
    images: { server: images['server-firewall'] ?? '', probe: images['probe'] ?? '' },
    project,
    // Nothing else of the stage has a network.
    subnet: block.replace('0/24', '0/28'),
    script,
    seed: context.fresh('firewall-script'),
    signal,
  });
  for (const note of opened.notes) context.note(note);
  return opened;
}
