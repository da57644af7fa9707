import type { VerifyResult } from '../checks/result.ts';
import { printableJson } from '../printable.ts';

/** The result itself: the document that other programs rely on. */
export function json(result: VerifyResult): string {
  return `${printableJson(result, 2)}\n`;
}
