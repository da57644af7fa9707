import { HttpError } from './http-error.ts';

/** Most characters (Unicode code points) of a message: the width of its column. */
export const textLimit = 280;

/** What is no text: lone surrogates, and control characters other than tab, line feed and carriage return. */
const notText = /\p{Surrogate}|(?![\t\n\r])\p{Control}/u;

/** Returns the text of a message as it is stored. Throws 400 when it is not one. */
export function messageText(value: unknown): string {
  if (typeof value !== 'string') throw invalid('message_missing', '"body" must be a string.');
  if (notText.test(value)) {
    throw invalid('message_not_text', 'The message has characters that are not text.');
  }
  const text = value.replaceAll('\r\n', '\n').trim();
  if (text === '') throw invalid('message_empty', 'The message is empty.');
  if ([...text].length > textLimit) {
    throw invalid('message_too_long', `The message may have at most ${textLimit} characters.`);
  }
  return text;
}

function invalid(code: string, message: string): HttpError {
  return new HttpError(400, code, message);
}
