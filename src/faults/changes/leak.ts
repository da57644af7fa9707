/**
 * A process that takes memory until its container has 5 % left of what it may have, and keeps that. The limit is where version 1
 * or version 2 of control groups has it. In Perl, which every image has.
 */
const script = `
sub first { for (@_) { open my $file, "<", $_ or next; return <$file> + 0 } }
my $limit = first("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes");
sub used { first("/sys/fs/cgroup/memory.current", "/sys/fs/cgroup/memory/memory.usage_in_bytes") }
my @kept;
while (1) { push @kept, chr(65 + rand 26) x (1 << 20) if used() < 0.95 * $limit; select undef, undef, undef, 0.02 }
`;

export const leak: readonly string[] = ['perl', '-e', script.trim().replaceAll('\n', ' ')];

/** Succeeds when it has taken nearly all that it takes. */
export const leaked = `[ $(cat /sys/fs/cgroup/memory.current /sys/fs/cgroup/memory/memory.usage_in_bytes 2>/dev/null) -gt $(($(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null) * 94 / 100)) ]`;
