/** One thing that a build says: the step it begins, or output of that step, which may be several lines. */
export type BuildLine =
  { kind: 'step'; text: string } | { kind: 'output'; text: string } | { kind: 'image'; id: string };

/**
 * Reads a line as dockerode 4.0.12 renders BuildKit's messages: `[digest] name` when a step begins, `Built image: id`
 * at the end, and a step's own output in base64 (the renderer takes decoded bytes for text), which has no spaces.
 */
export function parseBuildLine(line: string): BuildLine | undefined {
  const text = line.trim();
  const built = /^Built image: (sha256:[0-9a-f]{64})$/.exec(text);
  if (built) return { kind: 'image', id: built[1] as string };
  const begun = /^\[sha256:[0-9a-f]+\] (.+)$/s.exec(text);
  if (begun) return { kind: 'step', text: begun[1] as string };
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    return { kind: 'output', text: Buffer.from(text, 'base64').toString('utf8') };
  if (/^(CACHED|WARNING): /.test(text)) return undefined;
  return { kind: 'output', text: `${text}\n` };
}

/** What an apt, dpkg or build line says of progress, short enough for one line of a terminal. */
export function progressOf(line: string): string {
  const step = /^\[\d+\/\d+\] (.*)$/s.exec(line);
  const words = (step?.[1] ?? line).replace(/\s+/g, ' ').trim();
  return words.length > 70 ? `${words.slice(0, 69)}…` : words;
}
