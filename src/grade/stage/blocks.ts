import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { freeBlock, usedSubnets } from '../../engine/networks.ts';
import { blockOf, blocksFrom } from '../../plan/block.ts';
import { ownerIsGone, ownerOfThisProcess } from '../../probe/owner.ts';

/** Shared by all gradings on this machine, whoever runs them and from wherever. */
const folder = join(tmpdir(), 'lab-blocks');
/** Away from where labs begin (seed 0), so that a lab that is started meanwhile finds its own place free. */
const first = blockOf(500);

/** A /24 that is nobody else's until it is given back. */
export interface Block {
  block: string;
  release(): void;
}

/**
 * Takes a /24 that no network, route or other grading on this machine uses. A reservation is a file that names its owner; one whose
 * owner has ended is void.
 * @throws UserError `SUBNETS_EXHAUSTED`
 */
export async function reserveBlock(docker: Docker): Promise<Block> {
  mkdirSync(folder, { recursive: true, mode: 0o1777 });
  const used = await usedSubnets(docker);
  for (;;) {
    const taken = reservations().map((block) => ({ subnet: block, by: 'another grading' }));
    const block = freeBlock(blocksFrom(first), [...used, ...taken]);
    const place = placeOf(block);
    if (claim(place)) return { block, release: () => rmSync(place, { force: true }) };
  }
}

function placeOf(block: string): string {
  return join(folder, block.replace('/', '_'));
}

/** The reserved blocks; those of owners that have ended are cleared away. */
function reservations(): string[] {
  return readdirSync(folder).flatMap((name) => {
    const owner = textOf(join(folder, name));
    if (owner !== undefined && owner !== '' && ownerIsGone(owner)) {
      rmSync(join(folder, name), { force: true });
      return [];
    }
    return [name.replace('_', '/')];
  });
}

function claim(place: string): boolean {
  try {
    writeFileSync(place, ownerOfThisProcess(), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function textOf(place: string): string | undefined {
  try {
    return readFileSync(place, 'utf8');
  } catch {
    return undefined;
  }
}
