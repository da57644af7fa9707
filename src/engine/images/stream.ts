import type { Readable } from 'node:stream';
import type Docker from 'dockerode';

/** One message of a build, pull, load or import. */
export interface EngineMessage {
  stream?: string;
  status?: string;
  id?: string;
  progressDetail?: { current?: number; total?: number };
  error?: string;
  errorDetail?: { code?: number; message?: string };
  /** Of a classic build: the image made. */
  aux?: { ID?: string };
}

type FollowProgress = (
  stream: NodeJS.ReadableStream,
  onFinished: (error: Error | null) => void,
  onProgress: (message: EngineMessage) => void,
) => void;

/**
 * Reads an engine's stream of messages to its end.
 * @throws Error with the engine's own message when one of them is an error, or when the stream breaks
 */
export async function followMessages(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  onMessage: (message: EngineMessage) => void,
): Promise<void> {
  let failed: string | undefined;
  await new Promise<void>((resolve, reject) => {
    // Absent from @types/dockerode 4.0.2; unlike the modem's, it decodes what BuildKit says.
    const { followProgress } = docker as unknown as { followProgress: FollowProgress };
    followProgress(
      stream,
      (error) => (error ? reject(error) : resolve()),
      (message: EngineMessage) => {
        failed ??= message.error ?? message.errorDetail?.message;
        onMessage(message);
      },
    );
  });
  if ((stream as Readable).errored) throw (stream as Readable).errored as Error;
  if (failed !== undefined) throw new Error(failed);
}
