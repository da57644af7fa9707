import { down } from '../../src/life/down.ts';
import { openProject, type Project } from '../../src/life/projects.ts';
import { up } from '../../src/life/up.ts';

/** LAB_E2E_PROJECT names a running project to be used instead, and to be left running. */
const borrowed = process.env['LAB_E2E_PROJECT'];

export const io = {
  emit: () => undefined,
  signal: new AbortController().signal,
  confirm: () => Promise.resolve(true),
};

/** The name of the one lab that a file of tests is about. */
export function oneLab(own: string): string {
  return borrowed ?? own;
}

/** Brings a lab up under that name, unverified, and not from what a run that was killed has left. */
export async function bringUp(name: string, lab = 'secured-monitored'): Promise<Project> {
  if (borrowed === undefined) {
    await takeDown(name);
    await up({ lab, project: name, ports: {}, verify: false }, io);
  }
  return openProject(name);
}

export async function takeDown(name: string): Promise<void> {
  if (borrowed === undefined) await down({ project: name, all: true }, io);
}
