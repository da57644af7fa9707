import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContextFile } from '../../../src/engine/images/context.ts';
import { hashOf, type PartInputs } from '../../../src/engine/images/hash.ts';

const file: fc.Arbitrary<ContextFile> = fc.record({
  path: fc.stringMatching(/^[a-z]{1,5}(\/[a-z]{1,5}){0,2}$/),
  executable: fc.boolean(),
  content: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
});
const inputs: fc.Arbitrary<PartInputs> = fc.record({
  files: fc.uniqueArray(file, { selector: ({ path }) => path, minLength: 1, maxLength: 5 }),
  locked: fc.uniqueArray(fc.stringMatching(/^node_modules\/[a-z]{1,5}@[0-9]$/), { maxLength: 3 }),
  bundles: fc.dictionary(fc.stringMatching(/^[a-z]{1,4}\.js$/), fc.stringMatching(/^[a-z]{1,4}\.ts$/), { maxKeys: 2 }),
  parent: fc.option(fc.stringMatching(/^lab\/[a-z]{1,5}:[0-9a-f]{12}$/), { nil: undefined }),
});

describe('the content hash of a part', () => {
  it('is twelve hexadecimal digits, the same for the same inputs', () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const copy = {
          ...given,
          files: given.files.map((entry) => ({ ...entry, content: Buffer.from(entry.content) })),
        };
        expect(hashOf(given)).toMatch(/^[0-9a-f]{12}$/);
        expect(hashOf(copy)).toBe(hashOf(given));
      }),
    );
  });

  it('does not depend on the order in which bundles are written down', () => {
    const base: PartInputs = { files: [], locked: [], bundles: { 'a.js': 'a.ts', 'b.js': 'b.ts' }, parent: undefined };
    expect(hashOf({ ...base, bundles: { 'b.js': 'b.ts', 'a.js': 'a.ts' } })).toBe(hashOf(base));
  });

  const changes: Record<string, (given: PartInputs) => PartInputs> = {
    'a byte more in a file': (given) =>
      changeFirst(given, (entry) => ({ content: Buffer.concat([entry.content, Buffer.from('x')]) })),
    'the mode of a file': (given) => changeFirst(given, (entry) => ({ executable: !entry.executable })),
    'the name of a file': (given) => changeFirst(given, (entry) => ({ path: `${entry.path}x` })),
    'a file more': (given) => ({
      ...given,
      files: [...given.files, { path: 'zzzzzz', executable: false, content: Buffer.of() }],
    }),
    'a file less': (given) => ({ ...given, files: given.files.slice(1) }),
    'a link for a file': (given) => changeFirst(given, () => ({ link: true })),
    'another parent': (given) => ({ ...given, parent: `${given.parent ?? ''}x` }),
    'a locked version': (given) => ({ ...given, locked: [...given.locked, 'node_modules/x@10'] }),
    'a bundle': (given) => ({ ...given, bundles: { ...given.bundles, 'other.js': 'other.ts' } }),
  };
  it.each(Object.keys(changes))('changes with %s', (name) => {
    const change = changes[name] as (typeof changes)[string];
    fc.assert(
      fc.property(inputs, (given) => {
        expect(hashOf(change(given))).not.toBe(hashOf(given));
      }),
    );
  });

  it('tells where one field ends and the next begins', () => {
    const make = (path: string, content: string): string =>
      hashOf({
        files: [{ path, executable: false, content: Buffer.from(content) }],
        locked: [],
        bundles: {},
        parent: undefined,
      });
    expect(make('ab', 'c')).not.toBe(make('a', 'bc'));
  });
});

function changeFirst(given: PartInputs, change: (entry: ContextFile) => Partial<ContextFile>): PartInputs {
  const [first, ...rest] = given.files as [ContextFile, ...ContextFile[]];
  return { ...given, files: [{ ...first, ...change(first) }, ...rest] };
}
