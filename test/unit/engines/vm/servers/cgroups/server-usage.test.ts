import {describe, expect, it} from 'vitest'
import {readUsage} from '../../../../../../src/engines/vm/servers/cgroups/server-usage.js'
import {coresUsed} from '../../../../../../src/hub/top/top.js'
import {memoryFiles} from '../../../../../fakes/memory-files.js'

const stat = (pid: number, parent: number, ticks: readonly [number, number, number, number]) =>
  `${String(pid)} (a name) with ) in it) S ${String(parent)} 7 7 0 -1 0 1 2 3 4 ${ticks.join(' ')} 20 0 1 0`

async function filesWith(texts: Readonly<Record<string, string>>) {
  const files = memoryFiles({beforeChange: () => undefined, uid: 0})
  for (const [path, text] of Object.entries(texts)) await files.write(path, text)
  return files
}

describe('what a server uses', () => {
  it('is summed over it and what it started, for an ordinary account', async () => {
    const files = await filesWith({
      '/proc/7/stat': stat(7, 1, [100, 50, 0, 0]),
      '/proc/8/stat': stat(8, 7, [200, 0, 25, 25]),
      '/proc/9/stat': stat(9, 8, [0, 0, 0, 0]),
      '/proc/10/stat': stat(10, 1, [9999, 0, 0, 0]),
      '/proc/7/smaps_rollup': 'Rss: 900 kB\nPss:      100 kB\nPss_Anon: 7 kB\n',
      '/proc/8/status': 'VmPeak: 1 kB\nVmRSS:\t     50 kB\n',
    })
    expect(await readUsage(files, [7, 77, undefined], undefined)).toEqual([
      {processes: 3, cpuSeconds: 4, memoryBytes: 150 * 1024},
      undefined,
      undefined,
    ])
  })

  it.each([
    [{version: 2, path: '/cg/jhub-class'} as const, '0::/jhub-class/ana\n', 2.5],
    [
      {version: 1, memory: '/cg/jhub-class', cpu: '/cpu/jhub-class', pids: '/pids/jhub-class'} as const,
      '4:memory:/jhub-class/ana\n3:cpu:/\n',
      3,
    ],
  ])('is told by its control group', async (tree, group, cpuSeconds) => {
    const files = await filesWith({
      '/proc/7/stat': stat(7, 1, [100, 50, 0, 0]),
      '/proc/8/stat': stat(8, 1, [150, 0, 0, 0]),
      '/proc/7/cgroup': group,
      '/cg/jhub-class/ana/cgroup.procs': '7\n8\n',
      '/cg/jhub-class/ana/cpu.stat': 'usage_usec 2500000\nuser_usec 1\n',
      '/cg/jhub-class/ana/memory.events': 'low 0\nhigh 0\nmax 9\noom 5\noom_kill 4\noom_group_kill 0\n',
      '/cg/jhub-class/ana/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 4\n',
      '/cg/jhub-class/ana/memory.current': '1000',
      '/cg/jhub-class/ana/memory.usage_in_bytes': '1000',
      '/cg/jhub-class/ana/memory.stat': 'inactive_file 300\ntotal_inactive_file 300\n',
      '/proc/9/cgroup': '4:memory:/\n3:cpu:/\n0::/\n',
      '/cg/memory.usage_in_bytes': '99000',
    })
    const [running, ending] = [7, 9]
    expect(await readUsage(files, [running, 70, ending], tree)).toEqual([
      {processes: 2, cpuSeconds, memoryBytes: 700, memoryKills: 4},
      undefined,
      undefined,
    ])
  })
})

describe('cores in use', () => {
  it.each([
    [{cpuSeconds: 1}, {cpuSeconds: 4}, 2000, 1.5],
    [{cpuSeconds: 4}, {cpuSeconds: 1}, 2000, 0],
    [undefined, {cpuSeconds: 4}, 2000, null],
    [{cpuSeconds: 1}, undefined, 2000, null],
    [undefined, {cpuCores: 0.25}, 2000, 0.25],
  ])('from %j to %j', (before, now, intervalMs, expected) => {
    expect(coresUsed(before, now, intervalMs)).toBe(expected)
  })
})
