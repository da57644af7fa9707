import { relative } from 'node:path';
import type { Command } from 'commander';
import type { CertificateSource } from '../../plan/types.ts';
import { defaultLab, given, option, portsOf } from '../options.ts';
import { write, writeJson } from '../output.ts';

interface Flags {
  out: string;
  seed?: number;
  project?: string;
  httpsPort?: number;
  httpPort?: number;
  port: Record<string, number>;
  certificates?: CertificateSource;
  grafana: boolean;
  json?: boolean;
}

export function define(command: Command): void {
  command
    .argument('[lab]', 'A lab’s name, or a lab.yml of your own', defaultLab)
    .requiredOption('-o, --out <dir>', 'Folder to write into')
    .addOption(option.seed())
    .addOption(option.newProject())
    .addOption(option.httpsPort())
    .addOption(option.httpPort())
    .addOption(option.port())
    .addOption(option.certificates())
    .option('--no-grafana', 'Leave Grafana out, where its image cannot be pulled')
    .addOption(option.json())
    .addHelpText(
      'after',
      `
The same lab and seed give the same bytes, keys and secrets aside. Files that it wrote there before and that are no
longer part of the project are removed; others are left alone.`,
    )
    .action(async (lab: string, flags: Flags) => {
      const { generate } = await import('../../life/generate.ts');
      const { written, unchanged, removed } = await generate({
        lab,
        out: flags.out,
        seed: flags.seed ?? 0,
        ports: portsOf(flags),
        grafana: flags.grafana,
        ...given('project', flags.project),
        ...given('certificates', flags.certificates),
      });
      if (flags.json) return writeJson({ out: flags.out, written, unchanged, removed });
      const near = relative(process.cwd(), flags.out) || '.';
      const where = near.startsWith('..') ? flags.out : near;
      write(`${where}: ${written.length} files written, ${unchanged.length} unchanged, ${removed.length} removed.\n`);
      write(`Its images are built by \`lab images build\`; then: docker compose -f ${where}/compose.yml up\n`);
    });
}
