import { describe, expect, test } from 'vitest';
import { messageText } from '../../../../images/web/app/message-text.ts';

describe('accepted', () => {
  test.each([
    ['one character', 'x', 'x'],
    ['280 characters', 'x'.repeat(280), 'x'.repeat(280)],
    ['280 characters outside the basic plane', '🎉'.repeat(280), '🎉'.repeat(280)],
    ['white space around', '  hello \n', 'hello'],
    ['lines as forms send them', 'one\r\ntwo\tthree', 'one\ntwo\tthree'],
  ])('%s', (_, given, stored) => {
    expect(messageText(given)).toBe(stored);
  });
});

describe('refused', () => {
  test.each([
    ['nothing', undefined, 'message_missing'],
    ['a number', 5, 'message_missing'],
    ['an array', ['x'], 'message_missing'],
    ['the empty string', '', 'message_empty'],
    ['white space alone', ' \n\t', 'message_empty'],
    ['281 characters', 'x'.repeat(281), 'message_too_long'],
    ['a NUL', 'a\u0000b', 'message_not_text'],
    ['an escape sequence', '\u001b[31m', 'message_not_text'],
    ['half a surrogate pair', 'a\ud83c', 'message_not_text'],
  ])('%s', (_, given, code) => {
    expect(() => messageText(given)).toThrow(expect.objectContaining({ status: 400, code }));
  });
});
