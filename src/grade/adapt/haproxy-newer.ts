import type { Adaptation } from '../submission.ts';
import { changeDirectives, type Directive, isProxy } from './haproxy-directives.ts';
import { modernCheck } from './haproxy-checks.ts';
import { haproxyFinalNewline } from './haproxy-final-newline.ts';
import { modernHeaders } from './haproxy-headers.ts';
import { replaced, written } from './haproxy-words.ts';
import { type Change, shown } from './lines.ts';

/** Keywords that have another name today (HAProxy's own messages name it). */
const renamed: Readonly<Record<string, string>> = {
  clitimeout: 'timeout client',
  srvtimeout: 'timeout server',
  contimeout: 'timeout connect',
  redispatch: 'option redispatch',
  block: 'http-request deny',
};

/** Keywords that newer versions refuse and that changed nothing which they do not do by themselves. */
const gone = new Set(['bind-process', 'appsession']);
const goneOptions = new Set(['forceclose', 'http-tunnel', 'http_proxy']);
const goneGlobals = new Set(['tune.chksize', 'ssl-engine', 'debug', 'nbproc']);

/** What was right for HAProxy 1.5 to 2.4 and is refused by 3.0, in the words of 3.0. */
export const haproxyNewer: Adaptation = (text, surroundings) => {
  const changed = changeDirectives(text, (directive) =>
    directive.section === 'global' ? ofGlobal(directive) : ofProxy(directive),
  );
  const ended = haproxyFinalNewline(changed.text, surroundings);
  return { text: ended.text, notes: [...changed.notes, ...ended.notes] };
};

function ofGlobal({ values }: Directive): Change | undefined {
  const keyword = values[0]!;
  return goneGlobals.has(keyword)
    ? { text: '', note: `${keyword}: left out, newer versions do not know it` }
    : undefined;
}

function ofProxy(directive: Directive): Change | undefined {
  const { section, line, words, values } = directive;
  const [keyword = '', first = ''] = values;
  if (keyword === 'errorfile') return ofErrorFile(values);
  if (!isProxy(section)) return undefined;
  const now = Object.hasOwn(renamed, keyword) ? renamed[keyword]! : undefined;
  if (now !== undefined) {
    return { text: replaced(line, words, new Map([[0, now]])), note: `${keyword}: ${now}, its name since HAProxy 2.1` };
  }
  if (keyword === 'timeout' && Object.hasOwn(renamed, first) && first.endsWith('timeout')) {
    const name = renamed[first]!.slice('timeout '.length);
    return {
      text: replaced(line, words, new Map([[1, name]])),
      note: `timeout ${first}: timeout ${name}, its name since HAProxy 2.1`,
    };
  }
  if (gone.has(keyword)) return { text: '', note: `${keyword}: left out, newer versions do not know it` };
  if (keyword === 'option' && goneOptions.has(first)) {
    return { text: '', note: `option ${first}: left out, newer versions do not know it` };
  }
  if (keyword === 'monitor-net' && values.length === 2) {
    return {
      text: replaced(
        line,
        words,
        new Map([
          [0, 'http-request return status 200 if { src'],
          [1, `${written(first)} }`],
        ]),
      ),
      note: `monitor-net ${shown(first)}: http-request return, its words since HAProxy 2.5`,
    };
  }
  if (keyword === 'bind') return ofBind(directive);
  if (keyword === 'server') return ofServer(directive);
  return modernHeaders(directive) ?? modernCheck(directive);
}

/** Debian's own pages lie in the image as they do on Ubuntu. */
const pageHere = /^(\/etc\/haproxy\/errors\/(400|403|408|500|502|503|504)\.http|\/dev\/null)$/;

/** Pages of another machine; HAProxy has its own. */
function ofErrorFile([, , path = '']: readonly string[]): Change | undefined {
  if (path === '' || pageHere.test(path)) return undefined;
  return { text: '', note: 'errorfile: left out, the page is a file of another machine' };
}

/** `process 1` at the end of a `bind`. */
function ofBind({ line, words, values }: Directive): Change | undefined {
  const at = values.indexOf('process', 2);
  if (at < 0 || at + 1 >= values.length) return undefined;
  return {
    text: replaced(
      line,
      words,
      new Map([
        [at, ''],
        [at + 1, ''],
      ]),
    ).trimEnd(),
    note: 'bind … process: left out, newer versions do not know it',
  };
}

/** `10.0.0.1:80,check`: up to 2.6 a port ended where its digits did, and what followed was ignored. */
function ofServer({ line, words, values }: Directive): Change | undefined {
  const address = values[2] ?? '';
  const colon = address.lastIndexOf(':');
  const port = colon < 0 || /[@/]/.test(address) ? null : /^\d{1,5}(?=[^\d])/.exec(address.slice(colon + 1));
  if (port === null) return undefined;
  const end = colon + 1 + port[0].length;
  return {
    text: replaced(line, words, new Map([[2, written(address.slice(0, end))]])),
    note: `server … ${shown(address)}: without ${shown(address.slice(end))}, which older versions ignored`,
  };
}
