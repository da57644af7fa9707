import { expect, test } from 'vitest';
import { linkLocal } from '../../../../src/checks/firewalls/eui64.ts';

// The example of RFC 4291, appendix A, with its universal bit turned.
test('a MAC address gives the link-local address that the kernel makes of it', () => {
  expect(linkLocal('34:56:78:9a:bc:de')).toBe('fe80::3656:78ff:fe9a:bcde');
  expect(linkLocal('02:42:0a:4d:01:70')).toBe('fe80::42:aff:fe4d:170');
});
