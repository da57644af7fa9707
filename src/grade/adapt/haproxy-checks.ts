import type { Directive } from './haproxy-directives.ts';
import { replaced, written } from './haproxy-words.ts';
import { type Change, shown } from './lines.ts';

/**
 * `option httpchk GET / HTTP/1.1\r\nHost:\ a.example`: headers hidden in the version, which HAProxy took up to 2.6. They need a line of
 * their own, so this is the one adaptation that moves what follows one line down.
 */
export function modernCheck({ line, words, values }: Directive): Change | undefined {
  const last = values.length - 1;
  if (values[0] !== 'option' || values[1] !== 'httpchk' || last < 3) return undefined;
  const hidden = /^([^\r\n]+)\r\n/.exec(values[last]!);
  if (hidden === null) return undefined;
  const [head = '', ...body] = values[last]!.slice(hidden[0].length).split('\r\n\r\n');
  const headers = head.split('\r\n').filter((header) => header !== '');
  const said = headers.map(headerOf);
  if (said.length === 0 || said.includes(undefined)) return undefined;
  const content = body.join('\r\n\r\n');
  const send = `http-check send ${said.join(' ')}${content === '' ? '' : ` body ${written(content)}`}`;
  const first = replaced(line, words, new Map([[last, written(hidden[1]!)]]));
  return {
    text: `${first}\n${line.slice(0, words[0]!.from)}${send}`,
    note: `option httpchk with headers: ${shown(send)} on a line of its own, its words since HAProxy 2.2`,
  };
}

function headerOf(header: string): string | undefined {
  const colon = header.indexOf(':');
  if (colon < 1 || /[^!-~]/.test(header.slice(0, colon))) return undefined;
  return `hdr ${written(header.slice(0, colon))} ${written(
    header
      .slice(colon + 1)
      .trim()
      .replaceAll('%', '%%'),
  )}`;
}
