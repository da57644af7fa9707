import fc from 'fast-check';
import { expect, test } from 'vitest';
import { audiences } from '../../../../src/report/grade/audience.ts';
import { html } from '../../../../src/report/grade/html.ts';
import { style } from '../../../../src/report/grade/page-style.ts';
import { anyResult } from './a-result.ts';
import { expectHarmless } from './harmless.ts';

test('nothing of a submission is markup, and the page asks for nothing', () => {
  fc.assert(
    fc.property(anyResult, fc.constantFrom(...audiences), (one, audience) => expectHarmless(html(one, { audience }))),
  );
});

test('the style asks for nothing either', () => {
  expect(style).not.toMatch(/url\(|@import|<|&/);
});
