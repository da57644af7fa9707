/** Names of what students hand in, each an attack on whoever writes it down, and the id that each becomes. */
export const hostileNames: Readonly<Record<string, string>> = {
  '...': 'student',
  '..%2f..%2fup': '2f..-2fup',
  '..\\..\\up': 'up',
  '-rf': 'rf',
  '--out=x': 'out-x',
  '\u001b]0;owned\u0007\u001b[2J': '0-owned-2J',
  'a\nb\r\nc': 'a-b-c',
  '<script>alert(1)': 'script-alert-1',
  ']]><failure x="': 'failure-x',
  "=cmd|'calc'!A0": 'cmd-calc-A0',
  '@SUM(1+1)': 'SUM-1-1',
  '$(id)`id`;id': 'id-id-id',
  '%s%n{{x}}${HOME}': 's-n-x-HOME',
  '\u202egnp.ecilA': 'gnp.ecilA',
  'class.json': 'class.json',
  ['__proto__']: '__proto__',
  constructor: 'constructor',
  ['long'.repeat(60)]: 'long'.repeat(16),
};

/** Names that are one where writing is normalised, or capitals do not count: each keeps a result of its own. */
export const sameNames: readonly string[] = ['José', 'Jose\u0301', 'JOSE', 'ｊｏｓｅ'];
