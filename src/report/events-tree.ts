import type { DefaultRenderer } from 'listr2';
import { ListrTaskState } from 'listr2';
import type { LabEvent } from '../events.ts';
import type { Colours } from './colours.ts';
import type { EventRenderer } from './events.ts';
import { duration, stepKey } from './events.ts';
import { list, rendererOn, type Task } from './listr.ts';
import { printableLine } from './printable-lines.ts';

/** How many steps below one are in sight at a time: sixty checks, two dozen at once, must not fill the screen. */
const inSight = { running: 8, ended: 4 };

/**
 * A live tree of steps on a terminal. listr2 runs promises that it is given and draws them; here the work runs
 * elsewhere and tells what happens, so its tasks are moved by hand and only its renderer is used.
 */
export async function treeEvents(stream: NodeJS.WriteStream, colours: Colours): Promise<EventRenderer> {
  const tree = new Tree(stream, colours);
  await tree.show();
  return { emit: (event) => tree.take(event), pause: () => tree.hide('done'), end: (outcome) => tree.hide(outcome) };
}

class Tree {
  readonly #colours: Colours;
  readonly #root = list();
  readonly #tasks = new Map<string, Task>();
  readonly #started = new Map<string, { title: string; at: number }>();
  readonly #children = new Map<Task, Task[]>();
  readonly #groups = new Map<Task, { title: string; ended: number }>();
  readonly #renderer: DefaultRenderer;
  #shown = false;

  constructor(stream: NodeJS.WriteStream, colours: Colours) {
    this.#colours = colours;
    this.#renderer = rendererOn(stream, colours, this.#root);
  }

  async show(): Promise<void> {
    this.#shown = true;
    await this.#renderer.render();
  }

  /** Draws the last state for good and gives the terminal back. What had not ended shows as failed where it was stopped. */
  hide(outcome: 'done' | 'stopped'): void {
    if (!this.#shown) return;
    this.#shown = false;
    for (const task of [...this.#tasks.values()].reverse()) {
      if (!task.hasFinalized()) task.state$ = outcome === 'stopped' ? ListrTaskState.FAILED : ListrTaskState.COMPLETED;
    }
    this.#renderer.end();
    this.#root.tasks.length = 0;
    this.#tasks.clear();
  }

  take(event: LabEvent): void {
    const { dim, red, yellow } = this.#colours;
    if (!this.#shown) void this.show();
    switch (event.type) {
      case 'step-started':
        return this.#start(event.step, printableLine(event.title));
      case 'step-progress': {
        const task = this.#tasks.get(stepKey(event.step));
        if (task !== undefined) task.output$ = printableLine(event.detail);
        return;
      }
      case 'step-done':
        return this.#finish(event.step, ListrTaskState.COMPLETED, (took) =>
          dim(event.detail === undefined ? took : `${printableLine(event.detail)} · ${took}`),
        );
      case 'step-skipped':
        return this.#finish(event.step, ListrTaskState.SKIPPED, () => dim(printableLine(event.reason)));
      case 'step-failed':
        return this.#finish(event.step, ListrTaskState.FAILED, () => red(printableLine(event.detail)));
      case 'note':
        return this.#say(printableLine(event.text));
      case 'warning':
        return this.#say(yellow(printableLine(event.text)));
    }
  }

  #start(step: readonly string[], title: string): void {
    const task = this.#add(step, title);
    this.#started.set(stepKey(step), { title, at: performance.now() });
    task.state$ = ListrTaskState.STARTED;
  }

  #finish(step: readonly string[], state: ListrTaskState, remark: (took: string) => string): void {
    const key = stepKey(step);
    const known = this.#started.get(key);
    const task = this.#tasks.get(key) ?? this.#add(step, step.at(-1) ?? '');
    const took = duration(performance.now() - (known?.at ?? performance.now()));
    task.title$ = `${known?.title ?? step.at(-1) ?? ''} ${remark(took)}`;
    task.state$ = state;
    this.#settle(step);
  }

  /** What the end of a step means for the one around it. */
  #settle(step: readonly string[]): void {
    const parent = this.#parentOf(step);
    if (parent === undefined) return;
    this.#choose(parent);
    const all = this.#children.get(parent) ?? [];
    const group = this.#groups.get(parent);
    if (group === undefined) return;
    group.ended += 1;
    parent.title$ = `${group.title} ${this.#colours.dim(`${group.ended} done`)}`;
    if (all.every((task) => task.hasFinalized())) {
      parent.state$ = parent.subtasks.some((task) => task.hasFailed())
        ? ListrTaskState.FAILED
        : ListrTaskState.COMPLETED;
    }
  }

  /** All that failed, the steps that have run longest, and the last that ended. */
  #choose(parent: Task): void {
    const all = this.#children.get(parent) ?? [];
    const running = all.filter((task) => !task.hasFinalized()).slice(0, inSight.running);
    const ended = all.filter((task) => task.isCompleted() || task.isSkipped()).slice(-inSight.ended);
    const seen = new Set([...running, ...ended]);
    parent.subtasks = all.filter((task) => task.hasFailed() || seen.has(task));
  }

  #say(text: string): void {
    const task = this.#add([`note ${this.#tasks.size}`], text);
    task.state$ = ListrTaskState.ROLLED_BACK;
  }

  /** A task below the nearest step around it that is there. */
  #add(step: readonly string[], title: string): Task {
    const parent = this.#parentOf(step) ?? this.#group(step);
    const owner = list(parent);
    owner.add({ title, task: () => undefined });
    const [task] = owner.tasks as [Task];
    // A task is drawn once listr2 has looked whether it is enabled, which it does when it runs a list.
    void task.check(undefined);
    if (parent === undefined) this.#root.tasks.push(task);
    else this.#children.set(parent, [...(this.#children.get(parent) ?? []), task]);
    if (parent !== undefined) this.#choose(parent);
    if (parent !== undefined && this.#groups.has(parent)) parent.state$ = ListrTaskState.STARTED;
    this.#tasks.set(stepKey(step), task);
    return task;
  }

  /** Steps that nobody announced as one, such as all checks, still stand together. */
  #group(step: readonly string[]): Task | undefined {
    const [name = ''] = step;
    if (step.length === 1) return undefined;
    const title = name.charAt(0).toUpperCase() + name.slice(1);
    const task = this.#add([name], title);
    this.#groups.set(task, { title, ended: 0 });
    return task;
  }

  #parentOf(step: readonly string[]): Task | undefined {
    for (let length = step.length - 1; length > 0; length--) {
      const task = this.#tasks.get(stepKey(step.slice(0, length)));
      if (task !== undefined) return task;
    }
    return undefined;
  }
}
