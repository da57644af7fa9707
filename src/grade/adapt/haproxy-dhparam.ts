import type { Adaptation } from '../submission.ts';
import { changeDirectives } from './haproxy-directives.ts';

const keywords = new Set(['ssl-dh-param-file', 'tune.ssl.default-dh-param']);

/** Parameters for finite-field Diffie-Hellman are a file that is not here, or a size that HAProxy chooses well by itself. */
export const haproxyDhparam: Adaptation = (text) =>
  changeDirectives(text, ({ section, values }) => {
    if (section !== 'global' || !keywords.has(values[0]!)) return undefined;
    return { text: '', note: `${values[0]!}: left out, the file with Diffie-Hellman parameters is of another machine` };
  });
