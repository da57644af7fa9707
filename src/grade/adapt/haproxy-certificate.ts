import type { Adaptation } from '../submission.ts';
import { changeDirectives } from './haproxy-directives.ts';
import { replaced, written } from './haproxy-words.ts';
import { shown } from './lines.ts';

/** Words after which comes the path of certificates, in `bind` and `server` lines. */
const takesPath = new Set(['crt', 'crt-list', 'ca-file', 'ca-verify-file', 'crl-file']);
const takers = new Set(['bind', 'server', 'default-server']);

const ofLab = (path: string): boolean => /^(\/run\/secrets\/|\/etc\/ssl\/lab\/|@)/.test(path);

/** Certificates of another machine's folders become the lab's one. A `bind` without `ssl` stays without. */
export const haproxyCertificate: Adaptation = (text, { certificate }) =>
  changeDirectives(text, ({ line, words, values }) => {
    if (!takers.has(values[0]!)) return undefined;
    const replacements = new Map<number, string>();
    const paths: string[] = [];
    for (let at = 1; at + 1 < values.length; at += 1) {
      if (!takesPath.has(values[at]!)) continue;
      const path = values[at + 1]!;
      if (path === certificate || ofLab(path)) continue;
      if (values[at] === 'crt-list') replacements.set(at, 'crt');
      replacements.set(at + 1, written(certificate));
      paths.push(`${values[at]!} ${shown(path)}`);
      at += 1;
    }
    if (paths.length === 0) return undefined;
    return {
      text: replaced(line, words, replacements),
      note: `${paths.slice(0, 4).join(', ')}: the lab’s certificate is at ${certificate}`,
    };
  });
