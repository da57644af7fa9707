/**
 * A process of Node.js that takes memory until its container has 5 % left of what it may have, and keeps that. The limit is
 * where version 1 or version 2 of control groups has it.
 */
const script = `
const { readFileSync } = require('node:fs');
const first = (...paths) => { for (const path of paths) try { return Number(readFileSync(path, 'utf8')); } catch {} };
const limit = first('/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes');
const used = () => first('/sys/fs/cgroup/memory.current', '/sys/fs/cgroup/memory/memory.usage_in_bytes');
const kept = [];
setInterval(() => { if (used() < 0.95 * limit) kept.push(Buffer.alloc(1 << 20, 1)); }, 20);
`;

export const leak: readonly string[] = ['node', '-e', script.trim().replaceAll('\n', ' ')];

/** Succeeds when it has taken nearly all that it takes. */
export const leaked = `[ $(cat /sys/fs/cgroup/memory.current /sys/fs/cgroup/memory/memory.usage_in_bytes 2>/dev/null) -gt $(($(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null) * 94 / 100)) ]`;
