import type { Adaptation } from '../submission.ts';

/** Since 2.3 HAProxy refuses a file whose last line has no end; before, it read it. */
export const haproxyFinalNewline: Adaptation = (text) => {
  if (text === '' || text.endsWith('\n')) return { text, notes: [] };
  const last = text.split('\n').length;
  return { text: `${text}\n`, notes: [`line ${last}: a line end was added, newer versions of HAProxy ask for one`] };
};
