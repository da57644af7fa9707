import pico from 'picocolors';

export type Colours = ReturnType<typeof pico.createColors>;

/** Colours for a stream: on a terminal, unless NO_COLOR (no-color.org) or `--no-color` says otherwise. */
export function coloursFor(
  stream: { isTTY?: boolean },
  env: NodeJS.ProcessEnv = process.env,
  argv = process.argv,
): Colours {
  const refused = (env['NO_COLOR'] ?? '') !== '' || argv.includes('--no-color');
  const forced = !['', '0', 'false'].includes(env['FORCE_COLOR'] ?? '');
  return pico.createColors(!refused && (forced || (stream.isTTY === true && env['TERM'] !== 'dumb')));
}

export const noColours: Colours = pico.createColors(false);
