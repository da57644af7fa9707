import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { unsafeHeaders } from '../../../checks/servers/headers.ts';
import { installation } from '../../../installation.ts';
import { outcomeWords, tallied } from '../balancer/visit.ts';
import { defineMeasure } from '../measure.ts';
import { ask, isOfApplication } from './ask.ts';

/** What lies in the static folder of the lab's servers. */
export function staticFile(name: string): Promise<string> {
  return readFile(join(installation.root, 'images/web/files', name), 'utf8');
}

/** Static files come from the disk, whole; the application has none of them. */
export const servesStatic = defineMeasure({
  options: z.strictObject({ files: z.array(z.string()) }),
  run: async (context, { files }) => {
    const outcomes = await ask(
      context,
      files.map((file) => ({ path: `/static/${file}` })),
    );
    const words = await Promise.all(
      outcomes.map(async (outcome, index) => {
        if (!outcome.ok || outcome.status !== 200) return `${files[index]}: ${outcomeWords(outcome)}`;
        return outcome.body === (await staticFile(files[index] ?? ''))
          ? 'as on the disk'
          : `${files[index]}: another text`;
      }),
    );
    return { good: words.every((word) => word === 'as on the disk'), observed: tallied(words) };
  },
});

/** Every one of these paths has the headers that make a browser careful. `fresh` stands for a page that is not there. */
export const carefulHeaders = defineMeasure({
  options: z.strictObject({ paths: z.array(z.string()) }),
  run: async (context, { paths }) => {
    const asked = paths.map((path) => path.replace('fresh', context.fresh('page')));
    const outcomes = await ask(
      context,
      asked.map((path) => ({ path })),
    );
    const words = outcomes.map((outcome, index) => {
      if (!outcome.ok) return `${asked[index]}: ${outcomeWords(outcome)}`;
      const unsafe = unsafeHeaders(outcome.headers);
      return unsafe.length === 0 ? 'all there' : `${asked[index]} (${outcome.status}): ${unsafe.join(', ')}`;
    });
    return { good: words.every((word) => word === 'all there'), observed: tallied(words) };
  },
});

/** Nginx itself says that there is nothing at these paths: the application is not even asked. */
export const hides = defineMeasure({
  options: z.strictObject({ paths: z.array(z.string()) }),
  run: async (context, { paths }) => {
    const outcomes = await ask(
      context,
      paths.map((path) => ({ path })),
    );
    const words = outcomes.map((outcome, index) => {
      if (isOfApplication(outcome)) return `${paths[index]}: the application was asked`;
      const hidden = outcome.ok && [403, 404].includes(outcome.status);
      return hidden ? 'hidden' : `${paths[index]}: ${outcomeWords(outcome)}`;
    });
    return { good: words.every((word) => word === 'hidden'), observed: tallied(words) };
  },
});

/** Files of the application that are not for visitors cannot be had, by no way that leads out of the static folder. */
export const keepsSource = defineMeasure({
  options: z.strictObject({}),
  run: async (context) => {
    const paths = ['/app.js', '/static../app.js', '/static/../app.js', '/static/%2e%2e/app.js', '/srv/app/app.js'];
    const outcomes = await ask(
      context,
      paths.map((path) => ({ path })),
    );
    const given = paths.filter((_, index) => {
      const outcome = outcomes[index];
      return outcome?.ok === true && outcome.status === 200;
    });
    return {
      good: given.length === 0,
      observed: given.length === 0 ? 'none of them' : `answered with 200: ${given.join(', ')}`,
    };
  },
});

/** A body above the limit is refused by Nginx: the application is not even asked. One below it is let through. */
export const limitsBody = defineMeasure({
  options: z.strictObject({ passes: z.int(), refused: z.int() }),
  run: async (context, { passes, refused }) => {
    const path = `/${context.fresh('body')}`;
    const [small, large] = await ask(
      context,
      [passes, refused].map((bytes) => ({ method: 'POST', path, body: 'x'.repeat(bytes) })),
    );
    if (small === undefined || large === undefined) return { good: false, observed: 'nothing was asked' };
    const good = isOfApplication(small) && large.ok && large.status === 413;
    const way = isOfApplication(small) ? 'goes through' : outcomeWords(small);
    return { good, observed: `${passes} bytes: ${way}; ${refused} bytes: ${outcomeWords(large)}` };
  },
});

/** Neither a header nor an error page says which version of Nginx it is. */
export const hidesVersion = defineMeasure({
  options: z.strictObject({}),
  run: async (context) => {
    const outcomes = await ask(context, [{ path: '/' }, { path: '/static/none' }, { path: '/metrics' }]);
    const told = outcomes.flatMap((outcome) =>
      outcome.ok ? (/nginx\/[\d.]+/i.exec(`${outcome.headers['server'] ?? ''} ${outcome.body}`) ?? []) : [],
    );
    const reached = outcomes.some(({ ok }) => ok);
    return { good: reached && told.length === 0, observed: told.length === 0 ? 'no version' : tallied(told) };
  },
});
