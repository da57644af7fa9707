/** For `startedBehind`: Node.js holds every request back for some milliseconds before the application sees it. */
export function holdingBack(ms: number): string {
  const script = [
    `const { Server } = require('node:http');`,
    `const { emit } = Server.prototype;`,
    `Server.prototype.emit = function (event, ...rest) {`,
    `  if (event !== 'request') return emit.call(this, event, ...rest);`,
    `  setTimeout(() => emit.call(this, event, ...rest), ${ms});`,
    `  return true;`,
    `};`,
  ];
  return [`cat > /run/holding-back.cjs <<'END'`, ...script, 'END', 'export NODE_OPTIONS="--require=/run/holding-back.cjs"'].join('\n');
}
