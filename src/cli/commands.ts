import type { Command } from 'commander';

/** What a command's file exports: it adds arguments, options, help and the action. */
export type Define = (command: Command) => void;

export interface CommandEntry {
  name: string;
  group: string;
  summary: string;
  /** The command's own file, and with it all that it needs, is loaded only when it is the one that runs. */
  load: () => Promise<{ define: Define }>;
  hidden?: boolean;
}

const run = 'Run a lab:';
const look = 'Look:';
const prove = 'Break and prove:';
const teach = 'Teach and grade:';
const setUp = 'Set up:';

/** Every command, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'up',
    group: run,
    summary: 'Bring a lab up and verify it; run again, mend it',
    load: () => import('./commands/up.ts'),
  },
  {
    name: 'down',
    group: run,
    summary: 'Take a lab down; --all forgets its data too',
    load: () => import('./commands/down.ts'),
  },
  {
    name: 'generate',
    group: run,
    summary: 'Write a lab’s Compose project, without Docker',
    load: () => import('./commands/generate.ts'),
  },
  {
    name: 'status',
    group: look,
    summary: 'Show services, their health and where to open them',
    load: () => import('./commands/status.ts'),
  },
  {
    name: 'list',
    group: look,
    summary: 'List labs, projects, checks, faults, demos or exercises',
    load: () => import('./commands/list.ts'),
  },
  {
    name: 'diagram',
    group: look,
    summary: 'Draw zones, firewalls and services',
    load: () => import('./commands/diagram.ts'),
  },
  { name: 'logs', group: look, summary: 'Show what services wrote', load: () => import('./commands/logs.ts') },
  {
    name: 'shell',
    group: look,
    summary: 'Open a shell in a service, or run a command there',
    load: () => import('./commands/shell.ts'),
  },
  {
    name: 'verify',
    group: prove,
    summary: 'Measure every claim about a running lab',
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'compare',
    group: prove,
    summary: 'Show what one lab proves that another does not',
    load: () => import('./commands/compare.ts'),
  },
  { name: 'break', group: prove, summary: 'Break a running lab on purpose', load: () => import('./commands/break.ts') },
  {
    name: 'fix',
    group: prove,
    summary: 'Put back what was broken on purpose',
    load: () => import('./commands/fix.ts'),
  },
  {
    name: 'drill',
    group: prove,
    summary: 'Break, watch it being detected, mend, watch it recover',
    load: () => import('./commands/drill.ts'),
  },
  {
    name: 'practice',
    group: prove,
    summary: 'Find and mend a fault that you are not told',
    load: () => import('./commands/practice.ts'),
  },
  {
    name: 'probe',
    group: prove,
    summary: 'Run a network tool from where a service or stranger stands',
    load: () => import('./commands/probe.ts'),
  },
  {
    name: 'capture',
    group: prove,
    summary: 'Hear what goes through a zone',
    load: () => import('./commands/capture.ts'),
  },
  {
    name: 'demo',
    group: prove,
    summary: 'Play a demo: steps that tell, show and prove',
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'why',
    group: prove,
    summary: 'Say why a place can, or cannot, reach a port',
    load: () => import('./commands/why.ts'),
  },
  {
    name: 'traffic',
    group: prove,
    summary: 'Send steady visitors',
    load: () => import('./commands/traffic.ts'),
  },
  {
    name: 'new',
    group: teach,
    summary: 'Begin an exercise: the task and the files to start from',
    load: () => import('./commands/new.ts'),
  },
  {
    name: 'grade',
    group: teach,
    summary: 'Grade submissions, one or a whole class',
    load: () => import('./commands/grade.ts'),
  },
  {
    name: 'exercise',
    group: teach,
    summary: 'Prove exercises: known submissions score what they declare',
    load: () => import('./commands/exercise.ts'),
  },
  {
    name: 'results',
    group: teach,
    summary: 'Show, explain, compare, sign and verify what was graded',
    load: () => import('./commands/results.ts'),
  },
  {
    name: 'export',
    group: teach,
    summary: 'Write what grades an exercise elsewhere',
    load: () => import('./commands/export.ts'),
  },
  {
    name: 'doctor',
    group: setUp,
    summary: 'Check whether this machine can run a lab',
    load: () => import('./commands/doctor.ts'),
  },
  {
    name: 'setup',
    group: setUp,
    summary: 'Install and start a Docker engine',
    load: () => import('./commands/setup.ts'),
  },
  {
    name: 'images',
    group: setUp,
    summary: 'Build, save or load the images',
    load: () => import('./commands/images.ts'),
  },
  { name: 'test', group: setUp, summary: 'Run the test suite', load: () => import('./commands/test.ts') },
  {
    name: 'completion',
    group: setUp,
    summary: 'Print completion for bash, zsh or fish',
    load: () => import('./commands/completion.ts'),
  },
  {
    name: 'complete',
    group: setUp,
    summary: 'Answer a shell’s question',
    load: () => import('./commands/complete.ts'),
    hidden: true,
  },
];
