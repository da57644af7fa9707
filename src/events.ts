/**
 * What long work reports while it runs. Core code emits these; renderers in `report/` draw them as a
 * live tree, plain lines or JSON lines. A step is named by its path, for example `['images', 'web']`.
 */
export type LabEvent =
  | { type: 'step-started'; step: readonly string[]; title: string }
  | { type: 'step-progress'; step: readonly string[]; detail: string }
  | { type: 'step-done'; step: readonly string[]; detail?: string }
  | { type: 'step-skipped'; step: readonly string[]; reason: string }
  | { type: 'step-failed'; step: readonly string[]; detail: string }
  | { type: 'note'; text: string }
  | { type: 'warning'; text: string };

export type Emit = (event: LabEvent) => void;

/** Runs `work` as one step: started before, done after, failed when it throws (and thrown on). */
export async function step<T>(
  emit: Emit,
  path: readonly string[],
  title: string,
  work: (progress: (detail: string) => void) => Promise<T>,
  done: (result: T) => string | undefined = () => undefined,
): Promise<T> {
  emit({ type: 'step-started', step: path, title });
  try {
    const result = await work((detail) => emit({ type: 'step-progress', step: path, detail }));
    const detail = done(result);
    emit({ type: 'step-done', step: path, ...(detail === undefined ? {} : { detail }) });
    return result;
  } catch (error) {
    emit({
      type: 'step-failed',
      step: path,
      detail: error instanceof Error ? firstLine(error.message) : String(error),
    });
    throw error;
  }
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
