/** Headers that make a browser careful with the site (OWASP HTTP Headers Cheat Sheet), and what they must say. */
const wanted: Readonly<Record<string, RegExp>> = {
  'x-content-type-options': /^nosniff$/i,
  'x-frame-options': /^(DENY|SAMEORIGIN)$/i,
  'referrer-policy': /^(no-referrer|same-origin|strict-origin|strict-origin-when-cross-origin)$/i,
  'content-security-policy': /default-src 'self'|default-src 'none'/,
};

/** The security headers that are missing, or say something else. */
export function unsafeHeaders(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(wanted).flatMap(([name, pattern]) => {
    const value = headers[name];
    if (value === undefined) return [`no ${name}`];
    return pattern.test(value) ? [] : [`${name}: ${value}`];
  });
}
