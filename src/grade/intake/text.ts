import { refuse } from './refused.ts';

export interface Text {
  text: string;
  /** What was changed or is unusual, one line each, without the file's name. */
  notes: string[];
}

/**
 * A file's text. Line ends stay as they are: what becomes of them is the exercise's matter.
 * @throws Refused SUBMISSION_ENCODING
 */
export function decode(content: Buffer, path: string): Text {
  if (isUtf16(content))
    refuse('SUBMISSION_ENCODING', 'The file is UTF-16, as some Windows programs write it. Save it as UTF-8.', path);
  if (content.includes(0)) refuse('SUBMISSION_ENCODING', 'The file holds NUL bytes: it is not text.', path);
  const marked = content.subarray(0, 3).equals(mark);
  const notes = marked ? ['begins with a byte order mark, which was taken away'] : [];
  const text = strict(marked ? content.subarray(3) : content, path);
  if (text.includes('\r\n')) notes.push('has Windows line ends (CRLF), which were kept');
  return { text, notes };
}

const mark = Buffer.from([0xef, 0xbb, 0xbf]);

function strict(content: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    refuse('SUBMISSION_ENCODING', 'The file is not UTF-8. Save it as UTF-8.', path);
  }
}

/** By its byte order mark, or since every other byte of plain text is NUL. */
function isUtf16(content: Buffer): boolean {
  if ((content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff)) return true;
  const head = content.subarray(0, Math.min(content.length, 512) & ~1);
  if (head.length < 4) return false;
  const nuls = [0, 0];
  head.forEach((byte, index) => {
    if (byte === 0) nuls[index % 2]! += 1;
  });
  const half = head.length / 2;
  return nuls.some((count, side) => count > half * 0.9 && nuls[1 - side]! < half * 0.1);
}
