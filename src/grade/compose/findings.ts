import type { Where } from '../../errors.ts';
import type { Refusal } from '../result.ts';
import { place } from './tree.ts';

/** Nobody reads more; a hostile file has no say in how much is reported. */
const mostRefusals = 50;
const mostNotes = 200;

/** What the policy has to say about a project: why it is refused, and what was left out or changed. */
export class Findings {
  readonly refusals: Refusal[] = [];
  readonly notes: string[] = [];

  refuse(code: string, at: Where, message: string): void {
    if (this.refusals.length < mostRefusals) this.refusals.push({ code, message, where: place(at) });
  }

  note(at: Where, message: string): void {
    const line = `${place(at)}: ${message}`;
    if (this.notes.length < mostNotes && !this.notes.includes(line)) this.notes.push(line);
  }
}
