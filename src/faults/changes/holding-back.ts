/** For `startedBehind`: Node.js holds the end of every answer back for some milliseconds. */
export function holdingBack(ms: number): string {
  const script = [
    `const { ServerResponse } = require('node:http');`,
    `const { end } = ServerResponse.prototype;`,
    `ServerResponse.prototype.end = function (...rest) {`,
    `  setTimeout(() => end.apply(this, rest), ${ms});`,
    `  return this;`,
    `};`,
  ];
  return [
    `cat > /run/holding-back.cjs <<'END'`,
    ...script,
    'END',
    'export NODE_OPTIONS="--require=/run/holding-back.cjs"',
  ].join('\n');
}
