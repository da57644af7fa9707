import type { Box } from './diagram-layout.ts';

/** A box with round corners. */
export function rectangle({ x, y, width, height }: Box, kind: string, radius: number): string {
  return `<rect class="${kind}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${radius}"/>`;
}

/** A line of text; what a lab says of itself is escaped. */
export function label(x: number, y: number, kind: string, words: string): string {
  return `<text class="${kind}" x="${round(x)}" y="${round(y)}" xml:space="preserve">${escaped(words)}</text>`;
}

/** Text as XML takes it. */
export function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A tenth of a pixel is fine enough. */
export function round(number: number): string {
  return String(Math.round(number * 10) / 10);
}

/** Colours and type of all drawings, in the reader's light or dark scheme. */
export const svgStyle = `
svg { --page:#fbfcfe; --line:#d5dbe6; --ink:#16202e; --dim:#5b6779; --zone:#eef3fa; --card:#ffffff; --wall:#fdeee6; --wall-line:#c8501f;
  --link:#8a97ab; --host:#e9f5ee; --host-line:#8dc3a3; --core:#f4f0fa; --core-line:#b9a6dc; --ports:#1d4ed8 }
@media (prefers-color-scheme: dark) { svg { --page:#11161f; --line:#2e3a4d; --ink:#e8edf5; --dim:#9aa8bd; --zone:#18202d; --card:#212b3a;
  --wall:#33201a; --wall-line:#f08a5d; --link:#65748b; --host:#15281e; --host-line:#3f7d5a; --core:#221d31; --core-line:#6d5a99; --ports:#8fb4ff } }
text { font-family: Inter, system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--ink) }
.heading { font-size: 18px; font-weight: 650 }
.about, .small { font-size: 11.5px; fill: var(--dim) }
.name { font-size: 13px; font-weight: 600 }
.zone-name { font-size: 13px; font-weight: 650; letter-spacing: .02em }
.address { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 11px; fill: var(--dim) }
.lets { font-size: 11.5px; fill: var(--dim) }
.ports { fill: var(--ports); font-weight: 600 }
.end { text-anchor: end }
.page { fill: var(--page); stroke: var(--line) }
.zone { fill: var(--zone); stroke: var(--line) }
.card { fill: var(--card); stroke: var(--line) }
.host { fill: var(--host); stroke: var(--host-line) }
.core { fill: var(--core); stroke: var(--core-line); stroke-dasharray: 5 4 }
.firewall { fill: var(--wall); stroke: var(--wall-line); stroke-width: 1.5 }
.bricks { fill: none; stroke: var(--wall-line); stroke-width: 1.3 }
.link { stroke: var(--link); stroke-width: 1.8; fill: none }
.joint { fill: var(--link) }
.accent { fill: #7c8aa0 } .balancer { fill: #2563eb } .web { fill: #16a34a } .database { fill: #d97706 }
.prometheus, .alertmanager, .grafana, .inbox, .prober { fill: #9333ea }
`;
