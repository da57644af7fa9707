/** Where a running rule stands in the file that the firewall loads. */
export interface RuleLine {
  /** Counted from 1. */
  line: number;
  text: string;
}

/** The lines of a rules file (iptables-restore's format), by table and chain, in a form in which the kernel's own words compare. */
export function ruleLines(file: string): (table: string, chain: string, rule: string) => RuleLine | undefined {
  const found = new Map<string, RuleLine>();
  let table = '';
  for (const [index, text] of file.split('\n').entries()) {
    if (text.startsWith('*')) table = text.slice(1).trim();
    const [, chain = '', rule] = /^-A (\S+) ?(.*)$/.exec(text) ?? [];
    if (rule === undefined) continue;
    const key = `${table} ${chain} ${canonical(rule)}`;
    if (!found.has(key)) found.set(key, { line: index + 1, text });
  }
  return (wanted, chain, rule) => found.get(`${wanted} ${chain} ${canonical(rule)}`);
}

/** Options in one order, without what `iptables-save` adds or writes in another way than was asked for. */
export function canonical(rule: string): string {
  const words = [...rule.matchAll(/"((?:\\.|[^"\\])*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const options: string[] = [];
  let negated = '';
  for (let index = 0; index < words.length;) {
    const option = words[index++] ?? '';
    if (option === '!') {
      negated = '! ';
      continue;
    }
    const values: string[] = [];
    while (index < words.length && !/^(-[a-z]$|--[a-z]|!$)/.test(words[index] ?? '')) values.push(words[index++] ?? '');
    // That a match is loaded follows from its options.
    if (option !== '-m') options.push(`${negated}${spelled(option, values)}`);
    negated = '';
  }
  return options.sort().join(' ');
}

function spelled(option: string, values: readonly string[]): string {
  const value = values.join(' ');
  if (option === '--syn') return '--tcp-flags FIN,SYN,RST,ACK SYN';
  if (option === '-s' || option === '-d') return `${option} ${value.includes('/') ? value : `${value}/32`}`;
  if (option === '--ctstate') return `${option} ${value.split(',').sort().join(',')}`;
  return `${option} ${value.replace(/\/second$/, '/sec').trim()}`;
}
