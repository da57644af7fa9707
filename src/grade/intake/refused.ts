import { printable } from '../../printable.ts';
import type { Refusal } from '../result.ts';

/** Why a submission is not taken. Never leaves this folder: `openSubmission` returns what it holds. */
export class Refused extends Error {
  readonly refusals: readonly Refusal[];

  constructor(refusals: readonly Refusal[]) {
    super(refusals.map(({ message }) => message).join('\n'));
    this.refusals = refusals;
  }
}

/** @param where a path within the submission; made printable here. */
export function refusal(code: string, message: string, where?: string): Refusal {
  return where === undefined ? { code, message } : { code, message, where: shown(where) };
}

export function refuse(code: string, message: string, where?: string): never {
  throw new Refused([refusal(code, message, where)]);
}

/** A file name of a stranger's, for a message: printable and bounded. */
export function shown(name: string): string {
  const text = printable(name.slice(0, longest));
  return text.length > longest ? `${text.slice(0, longest)}…` : name.length > longest ? `${text}…` : text;
}

const longest = 120;
