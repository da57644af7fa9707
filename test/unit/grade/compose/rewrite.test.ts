import { expect, test } from 'vitest';
import { rewriteBlock } from '../../../../src/grade/compose/rewrite.ts';

const { text } = rewriteBlock('10.77.0.0/24', '10.90.5.0/24');

test.each([
  ['10.77.0.68:443', '10.90.5.68:443'],
  ['10.77.0.0/27', '10.90.5.0/27'],
  ["app@'10.77.0.%'", "app@'10.90.5.%'"],
  ['^10\\.77\\.0\\.68$', '^10\\.90\\.5\\.68$'],
  ['10.77.0.128/255.255.255.224', '10.90.5.128/255.255.255.224'],
  ['10.77.0.5,10.77.0.6', '10.90.5.5,10.90.5.6'],
])('%s becomes %s', (before, after) => {
  expect(text(`a\n${before}\n`)).toEqual({ text: `a\n${after}\n`, lines: [2] });
});

test.each(['110.77.0.1', '1.10.77.0.1', '10.77.0.256', '10.77.0.1234', '10.77.1.1', '10x77x0x1', '10.77.0.x'])(
  '%s stays',
  (before) => {
    expect(text(before)).toEqual({ text: before, lines: [] });
  },
);
