import { PanelBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import type { Part } from './part.ts';

/** A text in Markdown, of a line or two. */
export function note(content: string): Part {
  return { height: 3, panel: new PanelBuilder().title('').transparent(true).mode(TextMode.Markdown).content(content) };
}
