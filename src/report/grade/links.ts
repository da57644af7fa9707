import { gradeFileNames } from './reporters.ts';

/**
 * Where the page of a student lies below the class's, `students/<folder>/report.html`, as a relative link; nothing where
 * that is no name of one folder.
 */
export function pageOf(folder: string): string | undefined {
  // A lone surrogate has no percent encoding, and no such name can come from a file system.
  if (/[/\\\0\p{Cs}]/u.test(folder) || ['', '.', '..'].includes(folder) || folder.length > 255) return undefined;
  // An apostrophe would be left as it is by encodeURIComponent.
  return `./students/${encodeURIComponent(folder).replaceAll("'", '%27')}/${gradeFileNames.html}`;
}
