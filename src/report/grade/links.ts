import { gradeFileNames } from './reporters.ts';

/**
 * Where the page of a student lies beside the class's, as a relative link; nothing where the folder's name is none of
 * one folder below.
 */
export function pageOf(folder: string): string | undefined {
  // A lone surrogate has no percent encoding, and no such name can come from a file system.
  if (/[/\\\0\p{Cs}]/u.test(folder) || ['', '.', '..'].includes(folder) || folder.length > 255) return undefined;
  // An apostrophe would be left as it is by encodeURIComponent.
  return `./${encodeURIComponent(folder).replaceAll("'", '%27')}/${gradeFileNames.html}`;
}
