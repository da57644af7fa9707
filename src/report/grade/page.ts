import { createHash } from 'node:crypto';
import { markup, Markup } from '../markup.ts';
import { style } from './page-style.ts';

/**
 * A page that asks for nothing: no script, no request, and its one style named by its hash, so a browser refuses
 * whatever else might have got in (Content Security Policy level 3, "hash-source").
 */
export function page(title: string, body: Markup): string {
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const { text } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(style)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
  return text;
}
