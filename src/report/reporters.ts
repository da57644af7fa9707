import type { VerifyResult } from '../checks/result.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { tap } from './tap.ts';
import { terminal } from './terminal.ts';

export interface ReportOptions {
  /** Colours, where a format has them; default what picocolors finds about standard output. */
  colour?: boolean;
}

/** A format: the whole report as text, ending in a line end. */
export type Reporter = (result: VerifyResult, options?: ReportOptions) => string;

/** The formats by the name that `--reporter` takes. */
export const reporters: Readonly<Record<'terminal' | 'json' | 'junit' | 'markdown' | 'tap', Reporter>> = {
  terminal,
  json,
  junit,
  markdown,
  tap,
};
