/** A change of a text. */
export type Edit = (text: string) => string;

/** The text after an edit. @throws when the edit changes nothing, as then nothing would be broken */
export function edited(text: string, edit: Edit): string {
  const changed = edit(text);
  if (changed === text) throw new Error('the edit changes nothing');
  return changed;
}

/** Replaces what matches. A string stands for itself. */
export const replace =
  (what: string | RegExp, by: string): Edit =>
  (text) =>
    text.replace(what, typeof what === 'string' ? by.replaceAll('$', '$$$$') : by);

/** Takes out the lines that match. */
export const without =
  (line: RegExp): Edit =>
  (text) =>
    text
      .split('\n')
      .filter((one) => !line.test(one))
      .join('\n');

/** Puts lines before the first one that matches. */
export const before =
  (line: RegExp, ...more: string[]): Edit =>
  (text) => {
    const lines = text.split('\n');
    const at = lines.findIndex((one) => line.test(one));
    return at === -1 ? text : [...lines.slice(0, at), ...more, ...lines.slice(at)].join('\n');
  };

/** One edit after the other. */
export const all =
  (...edits: Edit[]): Edit =>
  (text) =>
    edits.reduce((now, edit) => edited(now, edit), text);
