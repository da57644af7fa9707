import { parseSubnet, formatAddress } from '../../plan/ipv4.ts';

/** Moves addresses from a student's block to the one that this grading has. */
export interface Rewrite {
  /** One address or subnet. */
  address(text: string): string;
  /** Any text, and in which lines something was replaced. */
  text(text: string): { text: string; lines: number[] };
  readonly from: string;
  readonly to: string;
}

/** @param from the student's /24 @param to the grading's /24 */
export function rewriteBlock(from: string, to: string): Rewrite {
  const before = stem(from);
  const after = stem(to);
  // The last number, or what stands for any: `10.77.0.%` in MySQL, `10.77.0.*`. Also with escaped dots, as in patterns.
  const dotted = before.replaceAll('.', '(\\\\?\\.)');
  const pattern = new RegExp(`(?<![\\d.])${dotted}(?=(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?!\\d)|[%*\\[(])`, 'g');
  const replaced = (line: string): string => line.replace(pattern, (_, dot: string) => after.replaceAll('.', dot));
  return {
    from,
    to,
    address: replaced,
    text: (text) => {
      if (before === after) return { text, lines: [] };
      const lines: number[] = [];
      const changed = text.split('\n').map((line, index) => {
        const moved = replaced(line);
        if (moved !== line) lines.push(index + 1);
        return moved;
      });
      return { text: changed.join('\n'), lines };
    },
  };
}

/** `10.77.0.` of `10.77.0.0/24`. */
function stem(block: string): string {
  const { base, prefix } = parseSubnet(block);
  if (prefix !== 24) throw new RangeError(`a project takes a /24, not ${block}`);
  return formatAddress(base).replace(/\d+$/, '');
}
