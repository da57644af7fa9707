import { Option } from 'commander';
import type { Command } from 'commander';
import { openProject } from '../../life/projects.ts';
import { mermaidDiagram } from '../../report/diagram-mermaid.ts';
import { svgDiagram } from '../../report/diagram-svg.ts';
import { mermaidPolicy } from '../../report/policy-mermaid.ts';
import { svgPolicy } from '../../report/policy-svg.ts';
import { defaultLab, option } from '../options.ts';
import { write, writeTo } from '../output.ts';
import { plannedLab } from '../planned-lab.ts';

const formats = { mermaid: mermaidDiagram, svg: svgDiagram };
const policyFormats: typeof formats = { mermaid: mermaidPolicy, svg: svgPolicy };

interface Flags {
  project?: string;
  policy?: boolean;
  format: keyof typeof formats;
  output?: string;
}

export function define(command: Command): void {
  command
    .argument('[lab]', 'A lab’s name, or a lab.yml of your own; it need not run', defaultLab)
    .addOption(option.project())
    .option('--policy', 'Draw the policy: who may talk to whom, on which ports, by which flow')
    .addOption(new Option('--format <format>', 'What to draw with').choices(Object.keys(formats)).default('mermaid'))
    .option('-o, --output <file>', 'Write to a file')
    .addHelpText(
      'after',
      '\nWith --project it shows that project’s own addresses and ports.\n\nExample:\n  lab diagram --format svg --output topology.svg\n  lab diagram --policy --format svg --output policy.svg',
    )
    .action(async (lab: string, flags: Flags) => {
      const plan = flags.project === undefined ? await plannedLab(lab) : (await openProject(flags.project)).plan;
      const text = (flags.policy ? policyFormats : formats)[flags.format](plan);
      if (flags.output === undefined) write(text);
      else await writeTo(flags.output, text);
    });
}
