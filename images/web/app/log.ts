/** Writes one JSON line to standard output, where the supervisor and the engine collect logs. */
export function log(level: 'info' | 'warning' | 'error', message: string, fields: Record<string, unknown> = {}): void {
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), type: 'app', level, message, ...fields })}\n`,
  );
}
