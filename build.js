import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** They start programs or read files of their own, which a bundle would not bring. */
const notBundled = ['dockerode', 'esbuild', 'mysql2'];

/** dist/<name>.js <- source. Those that are not there are left out. */
const entryPoints = {
  main: 'src/cli/main.ts',
  bench: 'test/bench/main.ts',
};

/** Packages in CommonJS call `require` for Node.js's own modules, and an ES module has none. */
const requireForCommonJs =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, 'dist');
// Built apart and moved in file by file; old chunks stay for an hour: a `lab` that is running may still load them.
const fresh = join(root, `dist/.building-${process.pid}`);

const result = await build({
  absWorkingDir: root,
  entryPoints: Object.fromEntries(Object.entries(entryPoints).filter(([, source]) => existsSync(join(root, source)))),
  outdir: fresh,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // One file loads faster than the hundreds that packages are made of, the fewer words in it the better.
  external: notBundled,
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true,
  banner: { js: requireForCommonJs },
  sourcemap: 'linked',
  sourcesContent: false,
  chunkNames: 'chunk-[hash]',
  logLevel: 'silent',
}).catch((error) => {
  rmSync(fresh, { recursive: true, force: true });
  process.stderr.write(`lab could not be built:\n${error.message}\n`);
  process.exit(70);
});

for (const warning of result.warnings) process.stderr.write(`${warning.text}\n`);
moveInto(dist);
rmSync(fresh, { recursive: true, force: true });
// The last thing written: the launcher takes its age for the age of everything in dist/.
writeFileSync(join(dist, '.stamp'), '');

/** Chunks first, entry points last, so that an entry point never names a chunk that is not there. */
function moveInto(target) {
  mkdirSync(target, { recursive: true });
  const files = readdirSync(fresh);
  const isEntry = (file) => Object.keys(entryPoints).some((name) => file === `${name}.js`);
  for (const file of [...files.filter((name) => !isEntry(name)), ...files.filter(isEntry)]) {
    renameSync(join(fresh, file), join(target, file));
  }
  const hourAgo = Date.now() - 3_600_000;
  for (const file of readdirSync(target)) {
    if (file.startsWith('.') || files.includes(file)) continue;
    if (statSync(join(target, file)).mtimeMs < hourAgo) rmSync(join(target, file), { recursive: true, force: true });
  }
}
