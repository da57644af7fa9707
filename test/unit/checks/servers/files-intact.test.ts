import { expect, it } from 'vitest';
import { readReport } from '../../../../src/checks/servers/files-intact.ts';

const report = `AIDE found differences between database and filesystem!!

Summary:
  Total number of entries:	24
  Removed entries:		1

Added entries:
f++++++++++++++++++: /srv/app/static/new.html

Removed entries:
f------------------: /srv/app/static/about.html

Changed entries:
f   ...     H      : /srv/app/static/site.css
d = ...     .      : /srv/app/static

Detailed information about changes:

File: /srv/app/static/site.css
 SHA256    : etfaLDf4/pLKNA09WK4XQ0Gpk8sBYg/J | 6xO2h2rpN0I3V72im257LvSOEbtau8Na
`;

it('reads what AIDE found added, missing and changed', () => {
  expect(readReport(report)).toEqual({
    compared: 24,
    differences: [
      '/srv/app/static/new.html was added',
      '/srv/app/static/about.html is missing',
      '/srv/app/static/site.css was changed',
      '/srv/app/static was changed',
    ],
  });
});

it('finds nothing in a clean report, and nothing compared in none at all', () => {
  expect(readReport('AIDE found NO differences\n\nNumber of entries:	27\n')).toEqual({ compared: 27, differences: [] });
  expect(readReport('')).toEqual({ compared: 0, differences: [] });
});
