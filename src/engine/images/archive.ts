import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { inputError } from '../../errors.ts';
import { step, type Emit } from '../../events.ts';
import { explainOutput } from '../failures.ts';
import { followMessages } from './stream.ts';

interface ArchiveOptions {
  emit: Emit;
  signal?: AbortSignal | undefined;
}

/**
 * Writes images into one tar file, for a machine that cannot build them. What they share is stored once.
 * The file appears under its name when it is whole.
 * @throws UserError DISK_FULL, SAVE_FAILED
 */
export async function saveImages(
  docker: Docker,
  references: readonly string[],
  file: string,
  options: ArchiveOptions,
): Promise<void> {
  const partial = `${file}.partial`;
  await step(
    options.emit,
    ['images', 'save'],
    `Save ${references.length} images to ${file}`,
    async (progress) => {
      try {
        const stream = await getImages(docker, references);
        await pipeline(
          stream,
          meter(progress),
          createWriteStream(partial),
          options.signal ? { signal: options.signal } : {},
        );
        await rename(partial, file);
      } catch (error) {
        await rm(partial, { force: true });
        options.signal?.throwIfAborted();
        throw explainOutput(
          String(error),
          { code: 'SAVE_FAILED', message: `The images could not be saved to ${file}.` },
          error,
        );
      }
      return stat(file);
    },
    ({ size }) => megabytes(size),
  );
}

/**
 * Takes images from a file of `saveImages`.
 * @returns their references
 * @throws UserError IMAGES_FILE_MISSING (exit 2), DISK_FULL, LOAD_FAILED
 */
export async function loadImages(docker: Docker, file: string, { emit, signal }: ArchiveOptions): Promise<string[]> {
  const { size } = await stat(file).catch((error: unknown) => {
    throw inputError(
      'IMAGES_FILE_MISSING',
      { message: `${file} cannot be read.`, expected: 'a file made by `lab images save`' },
      error,
    );
  });
  return step(
    emit,
    ['images', 'load'],
    `Load images from ${file}`,
    async (progress) => {
      const loaded: string[] = [];
      const source = createReadStream(file, signal ? { signal } : {});
      const metered = source.pipe(meter(progress, size));
      source.once('error', (error) => metered.destroy(error));
      try {
        const stream = await docker.loadImage(metered, { quiet: true, ...(signal ? { abortSignal: signal } : {}) });
        await followMessages(docker, stream, ({ stream: line }) => {
          const reference = /^Loaded image: (\S+)/.exec(line ?? '')?.[1];
          if (reference !== undefined) loaded.push(reference);
        });
        if (loaded.length === 0) throw new Error('it holds no image with a name');
        return loaded;
      } catch (error) {
        signal?.throwIfAborted();
        throw explainOutput(String(error), { code: 'LOAD_FAILED', message: `${file} could not be loaded.` }, error);
      }
    },
    (loaded) => `${loaded.length} images`,
  );
}

function getImages(docker: Docker, names: readonly string[]): Promise<NodeJS.ReadableStream> {
  // Absent from @types/dockerode 4.0.2.
  return (
    docker as unknown as { getImages: (options: { names: readonly string[] }) => Promise<NodeJS.ReadableStream> }
  ).getImages({ names });
}

function meter(progress: (detail: string) => void, total?: number): Transform {
  let passed = 0;
  let shown = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      if (passed - shown > 4e6) {
        shown = passed;
        progress(total === undefined ? megabytes(passed) : `${megabytes(passed)} of ${megabytes(total)}`);
      }
      done(null, chunk);
    },
  });
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
