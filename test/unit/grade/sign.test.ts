import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../src/grade/canonical-json.ts';
import { gradeResultSchema } from '../../../src/grade/result-schema.ts';
import { generateKey, publicKeyOf, signatureSchema, signDocument, verifyDocument } from '../../../src/grade/sign.ts';
import { aCheck, anyResult, aResult } from '../report/grade/a-result.ts';

const { privatePem, publicPem, fingerprint } = generateKey();
const publicKey = publicKeyOf(publicPem, 'k.pub');
const one = aResult([aCheck(), aCheck({ id: 'a.b', status: 'failed' })]);

test('canonical JSON does not depend on the order of keys, and loses nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const back = JSON.parse(canonicalJson(value)) as unknown;
      expect(back).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(reversed(back))).toBe(canonicalJson(value));
    }),
  );
  expect(canonicalJson({ b: [1, { d: 1, c: null }], a: 'é', A: 0.1 })).toBe(
    '{"A":0.1,"a":"é","b":[1,{"c":null,"d":1}]}',
  );
});

test('a signature holds for its document and its key alone', () => {
  const signature = signDocument(one, privatePem, 'k');
  expect(signatureSchema.parse(signature)).toEqual(signature);
  expect(signature.key).toBe(fingerprint);
  expect(verifyDocument(JSON.parse(JSON.stringify(reversed(one))), signature, publicKey)).toBe('matches');
  const raised = { ...one, summary: { ...one.summary, points: one.summary.points + 1 } };
  expect(verifyDocument(raised, signature, publicKey)).toBe('differs');
  const other = generateKey();
  expect(verifyDocument(one, signature, publicKeyOf(other.publicPem, 'k.pub'))).toBe('other-key');
  // Who claims this key with a signature of his own does not get through either.
  const forged = { ...signDocument(one, other.privatePem, 'k'), key: fingerprint };
  expect(verifyDocument(one, forged, publicKey)).toBe('differs');
});

test('any change of any field is seen', () => {
  fc.assert(
    fc.property(anyResult, anyResult, (first, second) => {
      fc.pre(canonicalJson(first) !== canonicalJson(second));
      const signature = signDocument(first, privatePem, 'k');
      expect(verifyDocument(second, signature, publicKey)).toBe('differs');
    }),
  );
});

test('keys that are none are refused, a private one where a public one belongs too', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsaPublic = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  for (const pem of ['', 'nonsense', privatePem, rsaPublic])
    expect(() => publicKeyOf(pem, 'k.pub')).toThrowError(
      expect.objectContaining({ code: 'KEY_INVALID', exitCode: 2 }) as Error,
    );
  for (const pem of ['', publicPem])
    expect(() => signDocument(one, pem, 'k')).toThrowError(expect.objectContaining({ code: 'KEY_INVALID' }) as Error);
});

test('the schema takes every result and gives it back whole, and nothing more', () => {
  expect(gradeResultSchema.parse(one)).toEqual(one);
  const refused = aResult([], {
    outcome: 'refused',
    refusals: [{ code: 'SUBMISSION_LINK', message: 'm', where: 'w' }],
  });
  expect(gradeResultSchema.parse(refused)).toEqual(refused);
  for (const wrong of [
    { ...one, more: 1 },
    { ...one, version: 2 },
    { ...one, durationMs: -1 },
    { ...one, notes: 'x' },
  ])
    expect(gradeResultSchema.safeParse(wrong).success).toBe(false);
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inside]) => [key, reversed(inside)]),
  );
}
