import { memoryOf, most } from './limits.ts';
import type { Rule } from './service-rule.ts';
import { shown } from './tree.ts';

/** Keys that say how much of the machine a service takes: less than the grader gives may be asked for, never more. */
export const limitKeys: Readonly<Record<string, Rule>> = {
  ulimits: (tree, draft, { values }) => {
    for (const [key, { at, value }] of values.map(tree, 'ulimits')) {
      const amounts = value.kind === 'map' ? [...value.entries.values()].map((entry) => entry.value) : [value];
      if (value.kind === 'map') values.onlyKeys(value, `ulimits.${key}`, ['soft', 'hard']);
      if (key === 'nofile')
        for (const one of amounts)
          draft.openFiles = Math.min(
            draft.openFiles,
            values.integer(one, 'ulimits.nofile', 64, most.openFiles) ?? most.openFiles,
          );
      else if (key === 'core') for (const one of amounts) values.integer(one, 'ulimits.core', 0, 0);
      else values.findings.refuse('COMPOSE_LIMIT', at, `ulimits: ${shown(key)} is not taken; nofile and core are`);
    }
  },
  mem_limit: (tree, draft, { values }) => {
    draft.memory = Math.min(draft.memory, values.mebibytes(tree, 'mem_limit', memoryOf(draft.part)) ?? draft.memory);
  },
  cpus: (tree, draft, { values }) => {
    const value = tree.kind === 'scalar' ? Number(tree.value) : NaN;
    if (value >= 0.01 && value <= most.cpus) draft.cpus = Math.round(value * 100) / 100;
    else values.wrong(tree, `cpus: up to ${most.cpus} are given`, 'COMPOSE_LIMIT');
  },
  pids_limit: (tree, draft, { values }) => {
    draft.processes = Math.min(
      draft.processes,
      values.integer(tree, 'pids_limit', 1, most.processes) ?? draft.processes,
    );
  },
  shm_size: (tree, _, { values }) => void values.mebibytes(tree, 'shm_size', most.tmpfs),
};
