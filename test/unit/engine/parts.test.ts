import { chmod, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundlePart } from '../../../src/engine/images/bundle.ts';
import { imageReferences } from '../../../src/engine/images/hash.ts';
import { lockedVersions } from '../../../src/engine/images/locked.ts';
import { lineage, parts, type PartTable } from '../../../src/engine/images/parts.ts';

const repository = join(import.meta.dirname, '..', '..', '..');

describe('the table of parts', () => {
  it.each(Object.keys(parts))('%s goes back to base', (name) => {
    expect(lineage(parts, name)[0]).toBe('base');
    expect(lineage(parts, name).at(-1)).toBe(name);
  });

  it('is refused when a part is its own ancestor, or its parent is not there', () => {
    expect(() => lineage({ a: { parent: 'b' }, b: { parent: 'a' } }, 'a')).toThrow('its own ancestor');
    expect(() => lineage({ a: { parent: 'b' } }, 'a')).toThrow('no part b');
  });

  const bundled = Object.entries(parts).filter(([, { bundles }]) => bundles);
  it.each(bundled)('the hash of %s covers all that its bundles take in', async (name, part) => {
    const files = await bundlePart(repository, name, part);
    expect(files.map(({ path }) => path).sort()).toEqual(
      Object.keys(part.bundles ?? {})
        .map((out) => `dist/${out}`)
        .sort(),
    );
  });

  it('names the very images that a lab is planned with', async () => {
    const references = await imageReferences(repository);
    expect(Object.keys(references)).toEqual(Object.keys(parts));
    for (const [name, reference] of Object.entries(references))
      expect(reference).toMatch(new RegExp(`^lab/${name}:[0-9a-f]{12}$`));
  });
});

describe('image references', () => {
  const table: PartTable = { base: {}, child: { parent: 'base' }, other: { parent: 'base' } };
  let root: string;
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'lab-parts-'));
    for (const name of Object.keys(table)) await put(`images/${name}/Dockerfile`, 'ARG PARENT\nFROM ${PARENT}\n');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('stay as they are when only dates, group rights or generated files differ', async () => {
    const before = await imageReferences(root, table);
    await utimes(join(root, 'images/base/Dockerfile'), 1, 1);
    await chmod(join(root, 'images/base/Dockerfile'), 0o664);
    await put('images/base/dist/app.js', 'generated');
    await put('images/base/app.test.ts', 'a test');
    expect(await imageReferences(root, table)).toEqual(before);
  });

  it('change for a part and for all that build on it, and for no other', async () => {
    const before = await imageReferences(root, table);
    await put('images/child/new', '');
    const childChanged = await imageReferences(root, table);
    expect(changed(before, childChanged)).toEqual(['child']);
    await chmod(join(root, 'images/base/Dockerfile'), 0o755);
    expect(changed(childChanged, await imageReferences(root, table))).toEqual(['base', 'child', 'other']);
  });

  it('change with a source outside the context that a bundle takes in', async () => {
    const withSource: PartTable = { base: { sources: ['src/shared'] } };
    await put('src/shared/a.ts', '1');
    const before = await imageReferences(root, withSource);
    await put('src/shared/a.ts', '2');
    expect(changed(before, await imageReferences(root, withSource))).toEqual(['base']);
  });
});

function changed(before: Record<string, string>, after: Record<string, string>): string[] {
  return Object.keys(before).filter((name) => before[name] !== after[name]);
}

describe('locked versions', () => {
  const lockfile = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0', dependencies: { b: '*' } },
      'node_modules/a/node_modules/b': { version: '2.0.0', dependencies: { c: '*' } },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/c': { version: '3.0.0', dependencies: { a: '*' } },
      'node_modules/unrelated': { version: '9.0.0' },
    },
  };

  it('follow dependencies the way Node.js finds them, round circles too', () => {
    expect(lockedVersions(lockfile, ['a'])).toEqual([
      'node_modules/a/node_modules/b@2.0.0',
      'node_modules/a@1.0.0',
      'node_modules/c@3.0.0',
    ]);
  });

  it('refuse a package that is not locked', () => {
    expect(() => lockedVersions(lockfile, ['d'])).toThrow('d is not in package-lock.json');
  });

  it('are found in this repository’s own lockfile', async () => {
    const own = JSON.parse(await readFile(join(repository, 'package-lock.json'), 'utf8')) as Parameters<
      typeof lockedVersions
    >[0];
    expect(lockedVersions(own, ['mysql2']).length).toBeGreaterThan(3);
  });
});
