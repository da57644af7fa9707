import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { inputError } from '../../errors.ts';
import { didYouMean } from '../../lab/nearest-name.ts';
import { openRunning } from '../../life/running.ts';
import { startCapture } from '../../probe/capture.ts';
import { sweep } from '../../probe/sweep.ts';
import { duration } from '../duration.ts';
import { interrupted, listen } from '../interruption.ts';
import { option } from '../options.ts';

interface Flags {
  project?: string;
  out?: string;
  filter?: string;
  for?: number;
}

export function define(command: Command): void {
  command
    .argument('<zone>', 'The zone to listen in')
    .addOption(option.project())
    .option('--out <file>', 'Write the packets to a file for Wireshark or tcpdump (pcap); - is standard output')
    .option('--filter <expression>', 'Which packets, such as "tcp port 80" (pcap-filter(7))')
    .option('--for <duration>', 'How long, such as 30s or 5m (default: until Ctrl-C)', duration)
    .addHelpText(
      'after',
      `
It hears every packet of the zone, also between two neighbours. Without --out it shows them as text.

Examples:
  lab capture web --filter 'tcp port 80'
  lab capture web --for 10s | grep -a password
  lab capture data --out data.pcap`,
    )
    .action(async (zone: string, flags: Flags) => {
      const { docker, project } = await openRunning(flags.project);
      const zones = project.plan.zones
        .filter(({ name }) => name === zone)
        .map(({ name, network }) => ({ name, network }));
      if (zones.length === 0)
        throw unknownZone(
          zone,
          project.plan.zones.map(({ name }) => name),
        );
      await sweep(docker, project.name);
      const { quiet = false } = command.optsWithGlobals<{ quiet?: boolean }>();
      const say = (text: string): void => void (quiet || process.stderr.write(`${text}\n`));
      listen(
        'run the same command again',
        () => undefined,
        () => undefined,
      );
      const capture = await startCapture({
        docker,
        project: project.name,
        image: project.plan.settings.images['probe'] ?? '',
        zones,
        format: flags.out === undefined ? 'text' : 'pcap',
        ...(flags.filter === undefined ? {} : { filter: flags.filter }),
      });
      say(`Listening in ${zone}${flags.for === undefined ? '; Ctrl-C ends it' : ''}`);
      const [packets] = [...capture.streams.values()];
      if (packets === undefined) throw new Error('nobody listens');
      const target = flags.out === undefined || flags.out === '-' ? process.stdout : createWriteStream(flags.out);
      const written = pipeline(packets, target, { end: target !== process.stdout });
      const over =
        flags.for === undefined
          ? interrupted()
          : Promise.race([interrupted(), sleep(flags.for, undefined, { ref: false })]);
      try {
        await Promise.race([over, written]);
      } finally {
        await capture.stop();
      }
      await written;
      if (flags.out !== undefined && flags.out !== '-') say(`Wrote ${flags.out}`);
    });
}

function unknownZone(zone: string, zones: readonly string[]): Error {
  return inputError('ZONE_UNKNOWN', {
    message: `this lab has no zone called ${zone}`,
    expected: zones.join(', '),
    ...didYouMean(zone, zones),
  });
}
