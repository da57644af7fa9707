import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds `package.json`, found from this file, whether it runs from `src/` or from `dist/`. */
function findRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'compose.base.yml'))) return folder;
    if (folder === dirname(folder)) throw new Error(`compose.base.yml not found above ${from}`);
  }
}

const root = findRoot(dirname(fileURLToPath(import.meta.url)));

/** Where the parts of this installation lie. Projects are kept in `LAB_HOME`, by default `.lab/` beside them. */
export const installation = {
  root,
  templates: join(root, 'templates'),
  images: join(root, 'images'),
  labs: join(root, 'labs'),
  baseCompose: join(root, 'compose.base.yml'),
  home: process.env['LAB_HOME'] ?? join(root, '.lab'),
} as const;
