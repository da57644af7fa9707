import type { Adaptation } from '../submission.ts';
import { changeDirectives, type Directive } from './haproxy-directives.ts';
import { replaced, written } from './haproxy-words.ts';
import { type Change, shown } from './lines.ts';

const mostConnections = 4000;

/** Directives of `global` that speak of the machine and of the process, which are the container's business here. */
const ofProcess: Readonly<Record<string, string>> = {
  daemon: 'the container keeps HAProxy in the foreground',
  'master-worker': 'the container keeps one HAProxy in the foreground',
  chroot: 'the container is the cage, its root is read-only',
  user: 'the container has chosen the user already',
  group: 'the container has chosen the group already',
  uid: 'the container has chosen the user already',
  gid: 'the container has chosen the group already',
  pidfile: 'nobody in the container looks for HAProxy’s number',
  'ulimit-n': 'the container sets limits',
  nbproc: 'HAProxy uses threads in one process since 2.5',
  'cpu-map': 'the container has processors of its own',
  'server-state-file': 'there is no such file here',
  'server-state-base': 'there is no such folder here',
};

/** What a configuration says of the machine that HAProxy ran on. */
export const haproxyProcess: Adaptation = (text) =>
  changeDirectives(
    text,
    (directive) => (directive.section === 'global' ? ofGlobal(directive) : undefined) ?? ofLog(directive),
  );

function ofGlobal({ line, words, values }: Directive): Change | undefined {
  const [keyword = '', first = ''] = values;
  const reason = Object.hasOwn(ofProcess, keyword) ? ofProcess[keyword] : undefined;
  if (reason !== undefined) return { text: '', note: `${keyword}: left out, ${reason}` };
  if (keyword === 'stats' && ['socket', 'timeout', 'bind-process'].includes(first)) {
    // What HAProxy would refuse it shall refuse.
    if (first === 'socket' && !isSocket(values.slice(2))) return undefined;
    return { text: '', note: `stats ${first}: left out, nobody talks to HAProxy’s socket in the container` };
  }
  if (keyword === 'maxconn' && /^\d+$/.test(first) && Number(first) > mostConnections) {
    const fewer = new Map([[1, String(mostConnections)]]);
    return {
      text: replaced(line, words, fewer),
      note: `maxconn ${shown(first)}: ${mostConnections}, what the container bears`,
    };
  }
  return undefined;
}

/** Words that follow `stats socket`, each with what it takes (HAProxy: Configuration Manual, "Bind options"). */
const socketWords: Readonly<Record<string, RegExp>> = {
  mode: /^[0-7]{3,4}$/,
  level: /^(user|operator|admin)$/,
  'expose-fd': /^listeners$/,
  user: /^[\w-]+$/,
  group: /^[\w-]+$/,
  uid: /^\d+$/,
  gid: /^\d+$/,
  process: /^[\w/-]+$/,
  name: /^\S+$/,
  'severity-output': /^(none|number|string)$/,
  maxconn: /^\d+$/,
  backlog: /^\d+$/,
};

/** Whether an address and pairs of words are such as HAProxy takes. */
function isSocket([address, ...words]: readonly string[]): boolean {
  if (address === undefined || words.length % 2 !== 0) return false;
  return words.every((word, index) =>
    index % 2 === 0 ? Object.hasOwn(socketWords, word) : socketWords[words[index - 1] ?? '']?.test(word),
  );
}

/** A log socket of the machine becomes the container's output: `log /dev/log local0`. */
function ofLog({ line, words, values }: Directive): Change | undefined {
  if (values[0] !== 'log' || !values[1]?.startsWith('/')) return undefined;
  const length = values[2] === 'len' ? 3 : 1;
  const changes = new Map([[1, 'stdout']]);
  const last = values[length] === undefined || length === 1 ? 'stdout' : written(values[length]);
  if (!values.includes('format')) changes.set(length, `${last} format raw`);
  return {
    text: replaced(line, words, changes),
    note: `log ${shown(values[1])}: standard output, there is no such socket in the container`,
  };
}
