import type Docker from 'dockerode';
import { explainOutput } from '../failures.ts';
import { LastLines, lineSplitter } from '../text.ts';
import { parseBuildLine, progressOf } from './build-output.ts';
import type { ContextFile } from './context.ts';
import { imageExists } from './inspect.ts';
import { followMessages } from './stream.ts';
import { packContext } from './tar.ts';

export interface BuildRequest {
  part: string;
  reference: string;
  files: readonly ContextFile[];
  buildArguments: Record<string, string>;
  signal?: AbortSignal | undefined;
  onProgress: (detail: string) => void;
}

/**
 * Builds one image with BuildKit and gives it its tag. Two labs may build the same part at once: the engine does the work
 * once, and the first to finish sets the tag, so containers that already use it are never found outdated.
 * @throws UserError DISK_FULL, MIRROR_UNREACHABLE … or IMAGE_BUILD_FAILED with the last lines of the build
 */
export async function buildImage(docker: Docker, request: BuildRequest): Promise<void> {
  const { part, reference, files, buildArguments, signal, onProgress } = request;
  const last = new LastLines(200);
  const output = lineSplitter((line) => {
    last.add(line);
    onProgress(progressOf(line));
  });
  let id: string | undefined;
  try {
    const stream = await docker.buildImage(packContext(files), {
      // A number, so that dockerode opens no session: its session would outlive a build that is aborted.
      version: 2 as unknown as '2',
      buildargs: buildArguments,
      labels: { 'lab.part': part },
      ...(signal ? { abortSignal: signal } : {}),
    });
    await followMessages(docker, stream, ({ stream: line }) => {
      const said = line === undefined ? undefined : parseBuildLine(line);
      if (said?.kind === 'image') id = said.id;
      else if (said?.kind === 'output') output.push(said.text);
      else if (said?.kind === 'step') {
        // The steps of our Dockerfiles run one after the other: what an earlier one said is no cause of a later failure.
        output.end();
        last.clear();
        onProgress(progressOf(said.text));
      }
    });
    if (id === undefined) throw new Error('the engine did not name the image that it built');
  } catch (error) {
    signal?.throwIfAborted();
    output.end();
    const text = `${last.toString()}\n${error instanceof Error ? error.message : String(error)}`;
    throw explainOutput(
      text,
      { code: 'IMAGE_BUILD_FAILED', message: `The image of ${part} could not be built.` },
      error,
    );
  }
  if (!(await imageExists(docker, reference))) await tag(docker, id, reference);
}

async function tag(docker: Docker, id: string, reference: string): Promise<void> {
  const [repo = '', name = ''] = reference.split(':');
  await docker.getImage(id).tag({ repo, tag: name });
}
