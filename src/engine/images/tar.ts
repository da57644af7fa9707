import { tmpdir } from 'node:os';
import { PassThrough, type Readable } from 'node:stream';
import tar from 'tar-fs';
import type { ContextFile } from './context.ts';

const epoch = new Date(0);

/** A build context as a tar stream that is the same bytes for the same files. */
export function packContext(files: readonly ContextFile[]): Readable {
  const packed = tar.pack(tmpdir(), {
    entries: [],
    finalize: false,
    finish(pack) {
      for (const { path, executable, content, link } of files) {
        const header = { name: path, mtime: epoch, uid: 0, gid: 0 };
        if (link) pack.entry({ ...header, type: 'symlink', linkname: content.toString() });
        else pack.entry({ ...header, mode: executable ? 0o755 : 0o644 }, content);
      }
      pack.finalize();
    },
  });
  return packed.pipe(new PassThrough());
}
