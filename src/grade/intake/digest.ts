import { createHash } from 'node:crypto';

/**
 * SHA-256, in hexadecimal, over paths and contents in the order of the paths' bytes, each with its length before it:
 * no other set of files has the same bytes.
 */
export function digestOf(files: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  const parts = [...files].map(([path, text]) => [Buffer.from(path), Buffer.from(text)] as const);
  for (const pair of parts.sort(([a], [b]) => Buffer.compare(a, b)))
    for (const part of pair) {
      const length = Buffer.alloc(8);
      length.writeBigUInt64BE(BigInt(part.length));
      hash.update(length).update(part);
    }
  return hash.digest('hex');
}
