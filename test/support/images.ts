import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect } from '../../src/engine/docker.ts';
import { ensureImages } from '../../src/engine/images/build.ts';

// Ryuk's image cannot be pulled where there is no registry; tests take away what they start.
process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const made = new Map<string, Promise<string>>();

/** The image of a part, built with what it builds on where it is missing. @throws UserError when it cannot be built */
export function imageFor(part: string): Promise<string> {
  const image = made.get(part) ?? make(part);
  made.set(part, image);
  return image;
}

async function make(part: string): Promise<string> {
  const images = await ensureImages(await connect(), root, { emit: () => undefined, only: [part] });
  return images[part] as string;
}
