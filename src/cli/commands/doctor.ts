import type { Command } from 'commander';
import { exitCode } from '../../errors.ts';
import { installation } from '../../installation.ts';
import { coloursFor } from '../../report/colours.ts';
import { doctorText } from '../../report/doctor.ts';
import { option } from '../options.ts';
import { write, writeJson } from '../output.ts';

export function define(command: Command): void {
  command
    .addOption(option.json())
    .addHelpText('after', '\nLooks only; changes nothing.\n\nExit codes: 0 it can run a lab, 3 it cannot yet.')
    .action(async (flags: { json?: boolean }) => {
      const { doctor } = await import('../../engine/doctor/doctor.ts');
      const findings = await doctor(installation.root);
      const able = findings.every(({ status }) => status !== 'problem');
      if (flags.json) writeJson({ able, findings });
      else write(doctorText(findings, coloursFor(process.stdout)));
      if (!able) process.exitCode = exitCode.machine;
    });
}
