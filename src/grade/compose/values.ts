import type { Findings } from './findings.ts';
import { most } from './limits.ts';
import type { Entry, Tree } from './tree.ts';
import { shown } from './tree.ts';

const longestText = 4096;

/** Reads single values for the policy. Each answers `undefined` after it has refused. */
export class Values {
  readonly findings: Findings;

  constructor(findings: Findings) {
    this.findings = findings;
  }

  wrong(tree: Tree, message: string, code = 'COMPOSE_VALUE'): undefined {
    this.findings.refuse(code, tree.at, message);
    return undefined;
  }

  /** A text as the container gets it. Variables would be filled in from the grader's own environment. */
  text(tree: Tree, what: string, pattern = /^[^]*$/): string | undefined {
    if (tree.kind !== 'scalar' || tree.value === null) return this.wrong(tree, `${what}: a text is expected`);
    return this.clean(String(tree.value), tree, what, pattern);
  }

  clean(raw: string, tree: Tree, what: string, pattern: RegExp): string | undefined {
    if (raw.length > longestText) return this.wrong(tree, `${what}: longer than ${longestText} characters`);
    if (/(?<!\$)(?:\$\$)*\$(?!\$)/.test(raw)) {
      return this.wrong(
        tree,
        `${what}: ${shown(raw)} asks for a variable, which the grader does not have; write $$ for a dollar sign`,
        'COMPOSE_VARIABLE',
      );
    }
    const text = raw.replaceAll('$$', '$');
    if (!pattern.test(text)) return this.wrong(tree, `${what}: ${shown(text)} is not taken`);
    return text;
  }

  integer(tree: Tree, what: string, least: number, most: number): number | undefined {
    const value = tree.kind === 'scalar' ? tree.value : undefined;
    const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most) return number;
    return this.wrong(tree, `${what}: a whole number from ${least} to ${most} is expected`);
  }

  flag(tree: Tree, what: string): boolean | undefined {
    const value = tree.kind === 'scalar' ? tree.value : undefined;
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 'false') return value === 'true';
    return this.wrong(tree, `${what}: true or false is expected`);
  }

  /** A size in MiB, rounded up. */
  mebibytes(tree: Tree, what: string, most: number): number | undefined {
    const value = tree.kind === 'scalar' ? String(tree.value) : '';
    const [, digits, unit = ''] = /^(\d{1,12})([bkmg]?)b?$/i.exec(value) ?? [];
    const factor: Record<string, number> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
    const size = digits === undefined ? 0 : Math.ceil((Number(digits) * (factor[unit.toLowerCase()] ?? 1)) / 1024 ** 2);
    if (size >= 1 && size <= most) return size;
    return this.wrong(tree, `${what}: a size up to ${most}m is expected`, 'COMPOSE_LIMIT');
  }

  /** A duration of a form like `1m30s` or `500ms`, in milliseconds. */
  milliseconds(tree: Tree, what: string, least: number, most: number): number | undefined {
    const value = tree.kind === 'scalar' ? String(tree.value) : '';
    const [, minutes, seconds, milliseconds] =
      /^(?:(\d{1,4})m(?!s))?(?:(\d{1,6})s)?(?:(\d{1,9})ms)?$/.exec(value) ?? [];
    const total = Number(minutes ?? 0) * 60_000 + Number(seconds ?? 0) * 1000 + Number(milliseconds ?? 0);
    if (value !== '' && total >= least && total <= most) return total;
    return this.wrong(tree, `${what}: a duration from ${least}ms to ${most / 1000}s is expected, such as 5s`);
  }

  /** A command: one text, which is split as a shell would, or its words. */
  command(tree: Tree, what: string): string | string[] | undefined {
    if (tree.kind !== 'list') return this.text(tree, what);
    if (tree.items.length > 64) return this.wrong(tree, `${what}: more than 64 words`);
    return this.texts(tree, what);
  }

  texts(tree: Tree, what: string, pattern?: RegExp): string[] | undefined {
    if (tree.kind !== 'list') return this.wrong(tree, `${what}: a list is expected`);
    const items = tree.items.map((item) => this.text(item, what, pattern));
    return items.every((item) => item !== undefined) ? items : undefined;
  }

  map(tree: Tree, what: string): ReadonlyMap<string, Entry> {
    if (tree.kind === 'map') return tree.entries;
    if (tree.kind !== 'scalar' || tree.value !== null) this.wrong(tree, `${what}: a mapping is expected`);
    return new Map();
  }

  items(tree: Tree, what: string): readonly Tree[] {
    if (tree.kind === 'list' && tree.items.length <= most.list) return tree.items;
    if (tree.kind === 'list') this.wrong(tree, `${what}: more than ${most.list} entries`, 'COMPOSE_LIMIT');
    else this.wrong(tree, `${what}: a list is expected`);
    return [];
  }

  /** `KEY: value` or `- KEY=value`, with which Compose writes environments, labels and sysctls. */
  pairs(tree: Tree, what: string): { key: string; value: Tree }[] {
    const length = tree.kind === 'map' ? tree.entries.size : tree.kind === 'list' ? tree.items.length : 0;
    if (length > most.list) this.wrong(tree, `${what}: more than ${most.list} entries`, 'COMPOSE_LIMIT');
    if (tree.kind === 'map') return [...tree.entries].map(([key, { value }]) => ({ key, value }));
    return this.items(tree, what).flatMap((item) => {
      const text = item.kind === 'scalar' ? String(item.value) : '';
      const [, key, value] = /^([^=]+)=([^]*)$/.exec(text) ?? [];
      if (key !== undefined && value !== undefined)
        return [{ key, value: { kind: 'scalar', value, at: item.at } as Tree }];
      this.wrong(
        item,
        `${what}: KEY=value is expected; a name alone would be filled in from the grader’s own environment`,
      );
      return [];
    });
  }

  /** What a mapping holds beyond the keys named here is refused. */
  onlyKeys(tree: Tree, what: string, keys: readonly string[]): void {
    if (tree.kind !== 'map') return;
    for (const [key, { at }] of tree.entries) {
      if (!keys.includes(key))
        this.findings.refuse('COMPOSE_KEY', at, `${what}: ${shown(key)} is not taken; ${keys.join(', ')} are`);
    }
  }
}
