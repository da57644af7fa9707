import { isAlias, isNode, isPair, isScalar, visit } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import type { Problem, Where } from '../errors.ts';

/** Names written twice, and the one name that JavaScript keeps for itself. */
export function structureProblems(document: Document, at: (offset: number) => Where): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Map: (_, map, parents) => {
      const first = new Map<string, Where | undefined>();
      for (const pair of map.items) {
        const name = nameOf(pair);
        const where = isNode(pair.key) && pair.key.range ? at(pair.key.range[0]) : undefined;
        const within = parents.flatMap((parent) => (isPair(parent) ? [nameOf(parent)] : []));
        const title = [...within, name].join('.');
        if (name === '__proto__') {
          problems.push({ message: `${title}: cannot be a name`, ...(where && { where }), fix: 'choose another name' });
        }
        const earlier = first.get(name);
        if (first.has(name)) {
          const found = earlier === undefined ? undefined : `the first one in line ${earlier.line}`;
          problems.push({
            message: `${title}: is written twice`,
            expected: 'each name once',
            ...(found === undefined ? {} : { found }),
            ...(where && { where }),
            fix: 'rename one of the two, or leave it out',
          });
        } else first.set(name, where);
      }
    },
  });
  return problems;
}

/** Aliases that stand for nothing, or for something that they are a part of. */
export function aliasProblems(document: Document, at: (offset: number) => Where): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Alias: (_, alias, parents) => {
      const target: Node | undefined = alias.resolve(document);
      const where = alias.range ? { where: at(alias.range[0]) } : {};
      if (target === undefined) {
        problems.push({ message: `there is no anchor &${alias.source} before the alias *${alias.source}`, ...where });
      } else if (parents.includes(target)) {
        problems.push({ message: `the alias *${alias.source} stands inside its own anchor`, ...where });
      }
    },
  });
  return problems;
}

/** A key as a name: YAML has keys that are not text. */
export function nameOf({ key }: Pair): string {
  if (isScalar(key)) return String(key.value);
  return isAlias(key) ? `*${key.source}` : String(key);
}
