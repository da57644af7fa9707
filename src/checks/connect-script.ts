/**
 * For Perl in a service's container (every Debian has its base): `[allowed=|denied=]PROTOCOL/ADDRESS:PORT…`. One process opens
 * all of them at once, where bash's /dev/tcp would take a process each and could tell nothing of UDP. A denied one gets 0.8 s,
 * less than the second SYN takes, so that each is counted once; an allowed one gets 3 s. (Debian's `perl-base` has no clock finer than
 * a second, the kernel's uptime is.) It prints `open TARGET` or `failed TARGET: why`,
 * nothing for silence, and `tried all` at its end. A UDP port that nobody listens on says so by ICMP, so a datagram that gets through is refused, not lost.
 */
export const connectScript = String.raw`
use strict; use Socket; use Fcntl;
$| = 1;
my (%waiting, $start);
sub now { open my $uptime, "<", "/proc/uptime"; (split " ", <$uptime>)[0] }
sub failed { my ($target, $errno) = @_; $! = $errno; print "failed $target: $!\n" }
$start = now;
for (@ARGV) {
  my ($kind, $target, $protocol, $address, $port) = m{^(\w+)=((tcp|udp)/([\d.]+):(\d+))$} or next;
  socket(my $socket, PF_INET, $protocol eq "udp" ? SOCK_DGRAM : SOCK_STREAM, 0) or next;
  fcntl($socket, F_SETFL, O_NONBLOCK);
  my $done = connect($socket, sockaddr_in($port, inet_aton($address)));
  my $errno = $! + 0;
  if (!$done && $errno != 115) { failed($target, $errno); next }
  send($socket, "\n", 0) if $protocol eq "udp";
  $waiting{fileno $socket} = [$socket, $target, $protocol, $start + ($kind eq "allowed" ? 3 : 0.8)];
}
while (%waiting) {
  my ($reads, $writes, $next) = ("", "");
  for (keys %waiting) {
    my (undef, undef, $protocol, $until) = @{$waiting{$_}};
    if ($until <= now) { delete $waiting{$_}; next }
    $next = $until if !defined $next || $until < $next;
    if ($protocol eq "udp") { vec($reads, $_, 1) = 1 } else { vec($writes, $_, 1) = 1 }
  }
  last if !%waiting;
  my $left = $next - now;
  select($reads, $writes, undef, $left > 0 ? $left : 0) > 0 or next;
  for (keys %waiting) {
    next if !vec($reads, $_, 1) && !vec($writes, $_, 1);
    my ($socket, $target) = @{delete $waiting{$_}};
    my $errno = unpack "i", getsockopt($socket, SOL_SOCKET, SO_ERROR);
    if ($errno) { failed($target, $errno) } else { print "open $target\n" }
  }
}
print "tried all\n";
`;
