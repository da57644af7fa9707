import { readFile } from 'node:fs/promises';
import { checksFor } from '../checks/all.ts';
import { measurableBeside } from '../checks/comparable.ts';
import { compare, type Comparison } from '../checks/compared.ts';
import type { Check } from '../checks/check.ts';
import type { VerifyResult } from '../checks/result.ts';
import { connect } from '../engine/docker.ts';
import { failure, inputError } from '../errors.ts';
import { sweep } from '../probe/sweep.ts';
import { labNames } from './labs.ts';
import { didYouMean } from '../lab/nearest-name.ts';
import { down } from './down.ts';
import { openProject, projectNames } from './projects.ts';
import { openRunning, type Open } from './running.ts';
import { statusOf } from './status.ts';
import { up, type UpIo } from './up.ts';
import { measuring, verifyWith } from './verify.ts';

/** One side of a comparison: a lab that runs, or what `lab verify --json` wrote of one. */
type Side = { open: Open; own: boolean } | { result: VerifyResult };

export interface CompareOptions {
  /** Brings up what is not running, and takes it down afterwards. */
  up: boolean;
}

/**
 * Measures two labs and lays them side by side. What one claims and the other could be asked as well is measured on both.
 * @param names each a project, a lab, or a file that `lab verify --json` wrote
 * @throws UserError `COMPARE_DOWN` for a lab that does not run; `COMPARE_UNKNOWN`; `COMPARE_FILE`
 */
export async function compareLabs(
  names: readonly [string, string],
  options: CompareOptions,
  io: UpIo,
): Promise<Comparison> {
  const sides: Side[] = [];
  try {
    for (const name of names) sides.push(await sideOf(name, options, io));
    const results: VerifyResult[] = [];
    // One after the other: two at once would take each other's time, and be measured as slow.
    for (const [index, side] of sides.entries()) {
      const other = sides[1 - index];
      results.push(
        'result' in side ? side.result : await measured(side.open, other === undefined ? [] : idsOf(other), io),
      );
    }
    const [first, second] = results;
    if (first === undefined || second === undefined) throw new RangeError('two labs are compared');
    return compare(first, second);
  } finally {
    const calmly = { emit: io.emit, signal: new AbortController().signal };
    for (const side of sides)
      if ('own' in side && side.own) await down({ project: side.open.project.name, all: true }, calmly);
  }
}

function idsOf(side: Side): string[] {
  return ('result' in side ? side.result.checks : checksFor(side.open.project.plan)).map(({ id }) => id);
}

/** All that a lab claims, and what of the other's can be measured on it too. */
async function measured({ docker, project }: Open, others: readonly string[], io: UpIo): Promise<VerifyResult> {
  const checks: Check[] = [
    ...checksFor(project.plan),
    ...measurableBeside(project.plan).filter(({ id }) => others.includes(id)),
  ];
  await sweep(docker, project.name);
  return measuring(docker, project, io, (context) => verifyWith(context, { checks }, io));
}

async function sideOf(name: string, options: CompareOptions, io: UpIo): Promise<Side> {
  if (name.endsWith('.json')) return { result: await resultIn(name) };
  const projects = await Promise.all((await projectNames()).map((one) => openProject(one)));
  const those = projects.filter((one) => one.name === name || one.lock.lab === name);
  // The one of that very name comes first; what is not well is measured as it is.
  for (const one of those.sort((a, b) => Number(b.name === name) - Number(a.name === name)))
    if ((await statusOf(await connect(), one)).state !== 'down')
      return { open: await openRunning(one.name), own: false };
  const labs = await labNames();
  const [stopped] = those;
  if (!labs.includes(name) && stopped === undefined) throw unknown(name, [...labs, ...projects.map((one) => one.name)]);
  if (!options.up || !labs.includes(name)) throw notRunning(stopped?.lock.lab ?? name, stopped?.name);
  const project = `compare-${name}`;
  await up({ lab: name, project, ports: {}, verify: false }, io);
  return { open: await openRunning(project), own: true };
}

function unknown(name: string, names: readonly string[]): Error {
  const known = [...new Set(names)];
  return inputError('COMPARE_UNKNOWN', {
    message: `there is no lab and no project "${name}"`,
    expected: `${known.join(', ')}, or a file that \`lab verify --json\` wrote`,
    ...didYouMean(name, known),
  });
}

function notRunning(lab: string, project: string | undefined): Error {
  const named = project === undefined || project === lab ? '' : ` --project ${project}`;
  return failure('COMPARE_DOWN', {
    message: `${project === undefined ? `no project of the lab ${lab}` : `the project ${project}`} is not running, and cannot be measured`,
    fix: `\`lab up ${lab}${named}\`${project === undefined || project === lab ? ', or `lab compare --up`, which brings up what is missing and takes it down again' : ''}`,
  });
}

async function resultIn(file: string): Promise<VerifyResult> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw inputError(
      'COMPARE_FILE',
      { message: `${file} cannot be read`, expected: 'what `lab verify --json` wrote' },
      error,
    );
  });
  const value = ((): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  })();
  if (isResult(value)) return value;
  throw inputError('COMPARE_FILE', {
    message: `${file} is no result of \`lab verify --json\``,
    expected: 'an object with lab, project and checks',
  });
}

function isResult(value: unknown): value is VerifyResult {
  if (typeof value !== 'object' || value === null) return false;
  const { lab, project, checks } = value as Partial<VerifyResult>;
  const fields = ['id', 'title', 'requirement', 'status', 'observed'] as const;
  return (
    typeof lab === 'string' &&
    typeof project === 'string' &&
    Array.isArray(checks) &&
    checks.every(
      (check: unknown) =>
        typeof check === 'object' &&
        check !== null &&
        fields.every((key) => typeof Reflect.get(check, key) === 'string'),
    )
  );
}
