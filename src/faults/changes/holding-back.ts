import type { StackName } from '../../plan/stacks.ts';

/** For `startedBehind`: the application holds the end of every answer back for some milliseconds. */
export function holdingBack(stack: StackName, ms: number): string {
  return preludes[stack](ms).join('\n');
}

/** What each language runs before a program of its own: a module, a file, a package. */
const preludes: Readonly<Record<StackName, (ms: number) => string[]>> = {
  'nginx-node': (ms) => [
    `cat > /run/holding-back.cjs <<'END'`,
    `const { ServerResponse } = require('node:http');`,
    `const { end } = ServerResponse.prototype;`,
    `ServerResponse.prototype.end = function (...rest) {`,
    `  setTimeout(() => end.apply(this, rest), ${ms});`,
    `  return this;`,
    `};`,
    'END',
    'export NODE_OPTIONS="--require=/run/holding-back.cjs"',
  ],
  'apache-php': (ms) => [
    'mkdir -p /run/holding-back',
    `echo '<?php register_shutdown_function(fn() => usleep(${ms * 1000}));' > /run/holding-back/hold.php`,
    `echo 'auto_prepend_file = /run/holding-back/hold.php' > /run/holding-back/hold.ini`,
    'export PHP_INI_SCAN_DIR=:/run/holding-back',
  ],
  'caddy-python': (ms) => [
    'mkdir -p /run/holding-back',
    `cat > /run/holding-back/sitecustomize.py <<'END'`,
    'import time, flask',
    'dispatch = flask.Flask.dispatch_request',
    'def late(self):',
    `    time.sleep(${ms / 1000})`,
    '    return dispatch(self)',
    'flask.Flask.dispatch_request = late',
    'END',
    'export PYTHONPATH=/run/holding-back',
  ],
};
