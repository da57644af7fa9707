import type { Adaptation } from '../submission.ts';
import { changeDirectives } from './haproxy-directives.ts';
import { replaced } from './haproxy-words.ts';
import { shown } from './lines.ts';
import { isOwn, serverAddress } from './server-address.ts';

/** The address or name of another machine cannot be listened at here. 127.0.0.1 stays: there it was unreachable too. */
export const haproxyListen: Adaptation = (text) =>
  changeDirectives(text, ({ line, words, values }) => {
    const address = values[0] === 'bind' ? serverAddress(values[1] ?? '/') : undefined;
    if (address === undefined || isOwn(address.host) || address.port === '' || address.host.includes(','))
      return undefined;
    return {
      text: replaced(line, words, new Map([[1, `*${address.port}`]])),
      note: `bind ${shown(address.host)}: *, this machine has other addresses`,
    };
  });
