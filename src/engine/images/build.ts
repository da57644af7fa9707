import { availableParallelism } from 'node:os';
import type Docker from 'dockerode';
import pLimit from 'p-limit';
import { step, type Emit } from '../../events.ts';
import { baseSource } from './base-source.ts';
import { buildImage } from './build-image.ts';
import { bundlePart } from './bundle.ts';
import { contextOf } from './context.ts';
import { imageReferences } from './hash.ts';
import { lineage, neededBy, parts, type Part, type PartTable } from './parts.ts';

export interface EnsureOptions {
  emit: Emit;
  signal?: AbortSignal | undefined;
  /** Parts that are wanted; what they build on is built where it must be. Default: all. */
  only?: readonly string[];
  table?: PartTable;
  /** What stands for Debian; default: found or made by `baseSource`. */
  debian?: string;
}

/**
 * Builds the images that are not here, side by side, and leaves alone those that are.
 * @returns the image of each wanted part
 * @throws UserError of the first build that fails (the others are stopped), or the signal's reason
 */
export async function ensureImages(
  docker: Docker,
  root: string,
  options: EnsureOptions,
): Promise<Record<string, string>> {
  const { emit, table = parts, only = Object.keys(table) } = options;
  const references = imageReferences(root, pick(table, only));
  const wanted = Object.fromEntries(only.map((name) => [name, references[name] as string]));
  const present = await presentTags(docker);
  const missing = only.filter((name) => !present.has(references[name] as string));
  if (missing.length === 0) return wanted;

  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  // More at once than processors: a build waits for the mirror half of its time.
  const limit = pLimit(availableParallelism() + 1);
  const ready: Record<string, Promise<void>> = {};
  const ensure = (name: string): Promise<void> =>
    (ready[name] ??= present.has(references[name] as string) ? Promise.resolve() : make(name));
  const debian = once(() => options.debian ?? baseSource(docker, { emit, signal }));

  const make = async (name: string): Promise<void> => {
    const { parent, takesFrom = [] } = table[name] as Part;
    await Promise.all(neededBy(table[name] as Part).map(ensure));
    const parentReference = parent === undefined ? await debian() : (references[parent] as string);
    const taken = Object.fromEntries(takesFrom.map((one) => [one.toUpperCase(), references[one] as string]));
    await limit(() => {
      signal.throwIfAborted();
      const part = table[name] as Part;
      const reference = references[name] as string;
      return step(emit, ['images', name], `Image ${name}`, async (onProgress) => {
        await build(docker, root, { name, part, reference, parentReference, taken, signal, onProgress }).catch(
          (error: unknown) => {
            throw error === stop.signal.reason ? new Error('stopped, because another image could not be built') : error;
          },
        );
      });
    });
  };

  const results = await Promise.allSettled(
    missing.map((name) =>
      ensure(name).catch((error: unknown) => {
        stop.abort(error);
        throw error;
      }),
    ),
  );
  options.signal?.throwIfAborted();
  if (stop.signal.aborted && results.some(({ status }) => status === 'rejected')) throw stop.signal.reason;
  return wanted;
}

async function build(
  docker: Docker,
  root: string,
  {
    name,
    part,
    reference,
    parentReference,
    taken,
    signal,
    onProgress,
  }: {
    name: string;
    part: Part;
    reference: string;
    parentReference: string;
    taken: Record<string, string>;
    signal: AbortSignal;
    onProgress: (detail: string) => void;
  },
): Promise<void> {
  const bundles = await bundlePart(root, name, part);
  await buildImage(docker, {
    part: name,
    reference,
    files: [...contextOf(root, name, part.shared), ...bundles],
    buildArguments: { PARENT: parentReference, ...taken, ...mirrorArguments(process.env) },
    signal,
    onProgress,
  });
}

/** Build arguments for a mirror other than deb.debian.org; its security archive is taken to lie beside it. */
export function mirrorArguments(env: NodeJS.ProcessEnv): Record<string, string> {
  const mirror = env['LAB_DEBIAN_MIRROR']?.replace(/\/+$/, '');
  if (!mirror) return {};
  return { DEBIAN_MIRROR: mirror, DEBIAN_SECURITY_MIRROR: env['LAB_DEBIAN_SECURITY_MIRROR'] ?? `${mirror}-security` };
}

function pick(table: PartTable, names: readonly string[]): PartTable {
  const needed = new Set(names.flatMap((name) => lineage(table, name)));
  return Object.fromEntries(Object.entries(table).filter(([name]) => needed.has(name)));
}

/** All tags of this engine, in one question. */
async function presentTags(docker: Docker): Promise<Set<string>> {
  const images = await docker.listImages();
  return new Set(images.flatMap(({ RepoTags }) => RepoTags ?? []));
}

function once<T>(make: () => T | Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= Promise.resolve(make()));
}
