import { isIP } from 'node:net';
import type { Adaptation } from '../submission.ts';
import { shown } from './lines.ts';
import { changeOptions } from './mysql-lines.ts';
import { isOwn } from './server-address.ts';

const listens = new Set(['bind_address', 'mysqlx_bind_address', 'admin_address']);

/** The address of another machine cannot be listened at here. 127.0.0.1 stays: there it was unreachable too. */
export const mysqlAddress: Adaptation = (text) =>
  changeOptions(text, {
    option(option) {
      const { name, value = '' } = option;
      if (!listens.has(name) || isIP(value) === 0 || isOwn(value)) return undefined;
      return {
        text: option.with('0.0.0.0'),
        note: `${name} ${shown(value)}: 0.0.0.0, this machine has other addresses`,
      };
    },
    include: () => undefined,
  });
