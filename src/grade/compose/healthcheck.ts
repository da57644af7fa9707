import type { Healthcheck } from './described.ts';
import type { Tree } from './tree.ts';
import type { Values } from './values.ts';

/** Least and most of each duration, in milliseconds: a check starts a process, which costs the machine something. */
const times: Readonly<Record<string, readonly [number, number]>> = {
  interval: [500, 300_000],
  timeout: [100, 60_000],
  start_period: [0, 300_000],
  start_interval: [250, 300_000],
};

/** A health check: its command runs in the container, so any is taken; how often it runs has bounds. */
export function readHealthcheck(values: Values, tree: Tree): Healthcheck {
  const read: Record<string, string> = {};
  const check: { -readonly [K in keyof Healthcheck]: Healthcheck[K] } = { times: read };
  values.onlyKeys(tree, 'healthcheck', ['test', 'disable', 'retries', ...Object.keys(times)]);
  for (const [key, { value }] of values.map(tree, 'healthcheck')) {
    const bounds = Object.hasOwn(times, key) ? times[key] : undefined;
    if (bounds !== undefined) {
      const milliseconds = values.milliseconds(value, `healthcheck.${key}`, ...bounds);
      if (milliseconds !== undefined) read[key] = `${milliseconds}ms`;
    } else if (key === 'test') {
      const test = values.command(value, 'healthcheck.test');
      const form = Array.isArray(test) && !['NONE', 'CMD', 'CMD-SHELL'].includes(test[0] ?? '');
      if (form || test?.length === 0)
        values.wrong(value, 'healthcheck.test: a list starts with CMD, CMD-SHELL or NONE');
      else if (test !== undefined) check.test = test;
    } else if (key === 'retries') check.retries = values.integer(value, 'healthcheck.retries', 1, 100) ?? 3;
    else if (key === 'disable') check.disable = values.flag(value, 'healthcheck.disable') ?? false;
  }
  return check;
}
