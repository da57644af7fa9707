import type { ListrTaskObject } from 'listr2';
import { DefaultRenderer, Listr, ListrDefaultRendererLogLevels, ListrLogger, ProcessOutput } from 'listr2';
import type { Colours } from './colours.ts';

export type Task = ListrTaskObject<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;
export type TaskList = Listr<unknown, typeof DefaultRenderer, typeof DefaultRenderer>;

/** Shows and hides the cursor, and leaves the streams alone: what others write must not wait for the end. */
class Screen extends ProcessOutput {
  override hijack(): void {
    this.toStdout('\u001b[?25l', false);
  }
  override release(): void {
    this.toStdout('\u001b[?25h', false);
  }
  /** A tree without a step is no empty line. */
  override toStdout(text: string, eol = true): boolean {
    return text === '' || super.toStdout(text, eol);
  }
}

/** listr2's renderer, which draws the tasks of `root` while they are moved by hand. */
export function rendererOn(stream: NodeJS.WriteStream, colours: Colours, root: TaskList): DefaultRenderer {
  const logger = new ListrLogger<ListrDefaultRendererLogLevels>({
    useIcons: true,
    processOutput: new Screen(stream, stream),
  });
  return new DefaultRenderer(
    root.tasks,
    {
      logger,
      formatOutput: 'truncate',
      collapseErrors: false,
      showErrorMessage: false,
      collapseSkips: false,
      showSkipMessage: false,
      // Notes are no steps; they take a state that nothing else here has.
      icon: { [ListrDefaultRendererLogLevels.ROLLED_BACK]: '•' },
      color: { [ListrDefaultRendererLogLevels.ROLLED_BACK]: (text) => colours.cyan(text ?? '') },
    },
    root.events,
  );
}

/** A list that listr2 does not run; below a task, of that task. */
export function list(parent?: Task): TaskList {
  return new Listr(
    [],
    { concurrent: true, exitOnError: false, registerSignalListeners: false },
    parent as never,
  ) as never;
}
