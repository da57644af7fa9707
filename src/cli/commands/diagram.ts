import { Option } from 'commander';
import type { Command } from 'commander';
import { openProject } from '../../life/projects.ts';
import { mermaidDiagram } from '../../report/diagram-mermaid.ts';
import { svgDiagram } from '../../report/diagram-svg.ts';
import { defaultLab, option } from '../options.ts';
import { write, writeTo } from '../output.ts';
import { plannedLab } from '../planned-lab.ts';

const formats = { mermaid: mermaidDiagram, svg: svgDiagram };

interface Flags {
  project?: string;
  format: keyof typeof formats;
  output?: string;
}

export function define(command: Command): void {
  command
    .argument('[lab]', 'A lab’s name, or a lab.yml of your own; it need not run', defaultLab)
    .addOption(option.project())
    .addOption(new Option('--format <format>', 'What to draw with').choices(Object.keys(formats)).default('mermaid'))
    .option('-o, --output <file>', 'Write to a file')
    .addHelpText(
      'after',
      '\nWith --project it shows that project’s own addresses and ports.\n\nExample:\n  lab diagram --format svg --output topology.svg',
    )
    .action(async (lab: string, flags: Flags) => {
      const plan = flags.project === undefined ? await plannedLab(lab) : (await openProject(flags.project)).plan;
      const text = formats[flags.format](plan);
      if (flags.output === undefined) write(text);
      else await writeTo(flags.output, text);
    });
}
