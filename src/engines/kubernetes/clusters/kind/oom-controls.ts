/**
 * Says in a node what control groups of version 1 count. In version 2 the kernel ends the whole container, which the pod itself
 * remembers.
 */
export const readOomControls = [
  'sh',
  '-c',
  'find /sys/fs/cgroup/memory -path "*pod*" -name memory.oom_control -exec grep -H "^oom_kill " {} + 2>/dev/null || true',
] as const

/** `…-pod60236d5a_fdcc_…slice/…/memory.oom_control:oom_kill 2`: kills by the pod's uid, without those of nobody. */
export function parseOomControls(text: string): ReadonlyMap<string, number> {
  const kills = new Map<string, number>()
  for (const [, pod = '', count] of text.matchAll(/pod([0-9a-f_-]{32,36})\b[^\n]*:oom_kill (\d+)$/gm)) {
    const uid = pod.replaceAll('_', '-')
    // A group counts those of the groups below it too.
    if (Number(count) > (kills.get(uid) ?? 0)) kills.set(uid, Number(count))
  }
  return kills
}
