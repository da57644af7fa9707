import { run } from './run.ts';

const code = await run(process.argv.slice(2));
// What is written to a pipe must be out before the process ends, and nothing that a command left open may hold it.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
