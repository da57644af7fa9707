import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { edited, placeIn, problemIn, problemsIn, reference } from './reference.ts';

describe('a file that is no lab', () => {
  it.each([
    ['', 'the file is empty', undefined],
    ['# only a comment\n', 'the file is empty', undefined],
    ['- a\n- b\n', 'the file is not a lab', 'a list'],
    ['hello', 'the file is not a lab', 'a single value'],
    ['42', 'the file is not a lab', 'a single value'],
  ])('%j', (text, message, found) => {
    const problem = problemIn(text);
    expect(problem).toMatchObject({ message, where: { file: 'lab.yml', line: 1 } });
    expect(problem.found).toBe(found);
    expect(problem.expected).toContain('labs/secured-monitored/lab.yml');
  });

  it.each([
    ['a: "b', 1],
    ['a: [1, 2\nb: 3', 2],
    ['a: b: c', 1],
    ['x: 1\na:\n\t- b', 3],
    ['a: "\\q"', 1],
    ['a: 1\n---\nb: 2', 2],
    ['@a: 1', 1],
  ])('%j is not YAML', (text, line) => {
    const [problem] = problemsIn(text);
    expect(problem?.message).toMatch(/^not valid YAML: [A-Z]/);
    expect(problem?.message).not.toMatch(/ at line|please use/);
    expect(problem?.where?.line).toBe(line);
  });

  it('that indents with tabs says what to do', () => {
    expect(problemsIn(edited(['  domain:', '\tdomain:']))[0]).toMatchObject({ fix: 'indent with spaces' });
  });

  it('that is not UTF-8', () => {
    const text = Buffer.from(edited(['Secured and', 'S\u00e9cured and']), 'latin1').toString('utf8');
    expect(problemIn(text)).toMatchObject({ message: 'the file is not UTF-8 text', where: placeIn(text, '\uFFFD') });
    expect(problemIn(Buffer.from(reference, 'utf16le').toString('utf8').replaceAll('\0', '\uFFFD')).message).toBe(
      'the file is not UTF-8 text',
    );
  });

  it('that is huge is not even read', () => {
    expect(problemIn('#'.repeat(70_000))).toMatchObject({
      message: 'the file is too large to be a lab',
      found: '68 KiB',
    });
  });
});

describe('a hostile file', () => {
  // Without a bound, the parser's recursion ends the whole process: nothing is thrown that could be caught.
  it.each([
    ['brackets', '['.repeat(20_000)],
    ['closed brackets', '['.repeat(5000) + ']'.repeat(5000)],
    ['braces', '{a: '.repeat(5000) + '}'.repeat(5000)],
    ['dashes', '- '.repeat(20_000)],
    ['question marks', '? '.repeat(20_000)],
  ])('of nested %s is refused', (_, text) => {
    expect(problemIn(text)).toMatchObject({ message: 'the file is nested too deeply to be a lab', where: { line: 1 } });
  });

  it('may use as many brackets as it likes in text and comments', () => {
    const text = edited(
      ['title: Secured', `title: "${'[{- ? '.repeat(9)} Secured`],
      ['infrastructure\n', `infrastructure" # ${'['.repeat(99)}\n`],
    );
    expect(problemsIn(text)).toEqual([]);
  });

  it('whose aliases multiply is refused', () => {
    const bomb = [
      'a: &a [1,1,1,1,1,1,1,1,1]',
      ...['b', 'c', 'd', 'e', 'f'].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcde'[i]}`).join(',')}]`),
    ];
    expect(problemsIn(bomb.join('\n'))).toContainEqual(
      expect.objectContaining({ message: 'the file’s aliases multiply without end' }),
    );
  });

  it('whose aliases lead nowhere or into themselves is refused', () => {
    const nowhere = edited(['from: [edge]', 'from: *nobody']);
    expect(problemIn(nowhere)).toMatchObject({
      message: 'there is no anchor &nobody before the alias *nobody',
      where: placeIn(nowhere, '*nobody'),
    });
    expect(problemIn(edited(['from: [edge]', 'from: &me [*me]']))).toMatchObject({
      message: 'the alias *me stands inside its own anchor',
    });
  });

  it('with tags of its own is refused', () => {
    const text = edited(['title: Secured', 'title: !!js/function Secured']);
    expect(problemIn(text)).toMatchObject({
      message: 'not a lab: unknown tag !js/function',
      where: placeIn(text, '!!js'),
    });
  });

  it.each(['zones', 'services', 'endpoints', 'flows', 'site'])('cannot reach prototypes through %s', (section) => {
    const text = edited([`${section}:\n`, `${section}:\n  __proto__: { router: fw-app, polluted: true }\n`]);
    expect(problemIn(text)).toMatchObject({
      message: `${section}.__proto__: cannot be a name`,
      where: placeIn(text, '__proto__'),
    });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('cannot reach prototypes at its top', () => {
    expect(problemIn(`__proto__: { polluted: true }\n${reference}`)).toMatchObject({
      message: '__proto__: cannot be a name',
    });
  });

  it('cannot smuggle lines into the Compose file by its title', () => {
    const text = edited(['title: Secured and monitored web infrastructure', 'title: "a\\nservices: {}"']);
    expect(problemIn(text)).toMatchObject({ message: 'title: is not valid', expected: 'one line of text' });
  });

  it('with thousands of wrong keys gets its answer soon', () => {
    const before = process.cpuUsage();
    const problems = problemsIn(Array.from({ length: 3000 }, (_, i) => `k${i}: 1`).join('\n'));
    expect(problems.length).toBeGreaterThan(3000);
    // 0.3 s; some 40 s when each key asks for the schema anew. The processor's time, not the clock's: others use the machine.
    expect(process.cpuUsage(before).user).toBeLessThan(4_000_000);
  }, 60_000);

  it('of any kind ends in a lab or in problems with a place, never in a defect', () => {
    const lines = reference.split('\n');
    const scrap = fc.oneof(
      fc.constantFrom(
        '&a',
        '*a',
        '[',
        ']',
        '{',
        '}',
        ': ',
        '- ',
        '"',
        "'",
        '\t',
        '!!map',
        '<<: *a',
        '__proto__:',
        'constructor',
        '~',
        '? x',
        '---',
        '|',
        '0x1F',
        '.inf',
        '\u0000',
      ),
      fc.string({ maxLength: 12 }),
    );
    const damage = fc.record({ line: fc.nat(lines.length - 1), at: fc.nat(60), gone: fc.nat(20), scrap });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
        const copy = [...lines];
        for (const { line, at, gone, scrap: text } of damages) {
          const old = copy[line] ?? '';
          copy[line] = old.slice(0, at) + text + old.slice(at + gone);
        }
        for (const { message, where } of problemsIn(copy.join('\n'))) {
          expect(message).not.toBe('');
          expect(where?.file).toBe('lab.yml');
        }
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});
