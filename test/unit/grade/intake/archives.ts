import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { crc32, deflateRawSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { afterAll } from 'vitest';
import { exerciseSchema, type Exercise } from '../../../../src/grade/exercise/schema.ts';
import type { openSubmission } from '../../../../src/grade/intake/intake.ts';

/** A folder that is gone after the tests of the file. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lab-intake-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const check = {
  id: 'site.answers',
  title: 'It answers',
  measure: 'answers',
  points: 1,
  expected: '200',
  reproduce: 'curl',
  hint: 'Look.',
};

export function exerciseOf(more: Record<string, unknown> = {}): Exercise {
  return exerciseSchema.parse({
    name: 'sample',
    title: 'Sample',
    about: 'Sample.',
    learn: ['it'],
    tasks: ['do it'],
    files: [
      { path: 'balancer/haproxy.cfg', about: 'The balancer.', maxBytes: 1000, alsoKnownAs: ['lb/proxy.cfg'] },
      { path: 'web/nginx.conf', about: 'The servers.', required: false },
    ],
    checks: [check],
    ...more,
  });
}

export interface ZipPart {
  name: string | Buffer;
  content?: Buffer | string;
  /** Upper half of the external attributes: type and mode. */
  mode?: number;
  flags?: number;
  /** What the zip says that the size is. */
  size?: number;
  method?: number;
}

/** A zip byte by byte: libraries refuse to write what hostile ones hold. */
export function zipOf(parts: readonly ZipPart[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content = '', mode = 0o100644, flags = 0, size, method = 8 } of parts) {
    const plain = Buffer.from(content as string);
    const packed = method === 8 ? deflateRawSync(plain) : plain;
    const label = Buffer.from(name as string);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(flags | 0x800, 2);
    shared.writeUInt16LE(method, 4);
    shared.writeUInt32LE(crc32(plain), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(size ?? plain.length, 18);
    shared.writeUInt16LE(label.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, label, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), shared, rest, label);
    bodies.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Math.min(parts.length, 0xffff), 8);
  end.writeUInt16LE(Math.min(parts.length, 0xffff), 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, central, end]);
}

export async function tarOf(parts: readonly (Partial<Header> & { name: string; content?: string })[]): Promise<Buffer> {
  const packed = pack();
  for (const { content, ...header } of parts) packed.entry(header, content ?? '');
  packed.finalize();
  return buffer(Readable.from(packed));
}

export function write(folder: string, files: Record<string, string | Buffer>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

type Opened = Awaited<ReturnType<typeof openSubmission>>;

/** Files as an object, and notes. @throws when it was refused */
export function taken(opened: Opened): { files: Record<string, string>; notes: readonly string[] } {
  if ('refusals' in opened) throw new Error(JSON.stringify(opened.refusals));
  return { files: Object.fromEntries(opened.submission.files), notes: opened.submission.notes };
}

/** The codes of its refusals. */
export function codes(opened: Opened): string[] {
  return 'refusals' in opened ? [...new Set(opened.refusals.map(({ code }) => code))] : ['taken'];
}
