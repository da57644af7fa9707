import { InvalidArgumentError } from 'commander';

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** `90s`, `5m`, `1h`, or seconds without a unit, in milliseconds. @throws InvalidArgumentError */
export function duration(text: string): number {
  const [, number, unit = 's'] = /^(\d{1,6})([smh]?)$/.exec(text) ?? [];
  const ms = Number(number) * (units[unit || 's'] ?? 1000);
  if (number === undefined || ms === 0 || ms > 2 ** 31 - 1)
    throw new InvalidArgumentError('A duration is a number with s, m or h, such as 30s.');
  return ms;
}
