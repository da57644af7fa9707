import { expect, test } from 'vitest';
import { canonical, ruleLines } from '../../../src/why/rule-lines.ts';

test.each([
  [
    '-i web -o core -s 10.77.0.100 -d 10.77.0.132 -p tcp --dport 3306 -m conntrack --ctstate NEW -m comment --comment "flow:application-data" -j ACCEPT',
    '-s 10.77.0.100/32 -d 10.77.0.132/32 -i web -o core -p tcp -m tcp --dport 3306 -m conntrack --ctstate NEW -m comment --comment "flow:application-data" -j ACCEPT',
  ],
  ['-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT', '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'],
  ['-p tcp ! --syn -j stray', '-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -j stray'],
  [
    '-m limit --limit 10/second -m comment --comment "itself" -j X',
    '-m limit --limit 10/sec -m comment --comment itself -j X',
  ],
])('the file’s words and the kernel’s are the same rule: %s', (file, kernel) => {
  expect(canonical(kernel)).toBe(canonical(file));
});

test('rules that differ stay different', () => {
  expect(canonical('-p tcp --syn -j A')).not.toBe(canonical('-p tcp ! --syn -j A'));
  expect(canonical('-s 10.0.0.1 -j A')).not.toBe(canonical('-d 10.0.0.1 -j A'));
  expect(canonical('-j ACCEPT')).not.toBe(canonical('-j DROP'));
});

test('a rule is found by its table and chain; one that was put in by hand is not', () => {
  const find = ruleLines(
    '# made\n*nat\n-A PREROUTING -j X\nCOMMIT\n*filter\n:FORWARD DROP [0:0]\n-A FORWARD -s 10.0.0.1 -j ACCEPT\nCOMMIT\n',
  );
  expect(find('filter', 'FORWARD', '-s 10.0.0.1/32 -j ACCEPT')).toEqual({
    line: 7,
    text: '-A FORWARD -s 10.0.0.1 -j ACCEPT',
  });
  expect(find('nat', 'PREROUTING', '-j X')?.line).toBe(3);
  expect(find('filter', 'FORWARD', '-j ACCEPT')).toBeUndefined();
  expect(find('filter', 'INPUT', '-s 10.0.0.1/32 -j ACCEPT')).toBeUndefined();
});
