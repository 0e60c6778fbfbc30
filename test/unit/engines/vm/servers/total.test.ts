import {describe, expect, it} from 'vitest'
import {changeCgroupLimits} from '../../../../../src/engines/vm/servers/cgroups/change-cgroup-limits.js'
import {hubGroup} from '../../../../../src/engines/vm/servers/cgroups/cgroup-of.js'
import {ensureTotal} from '../../../../../src/engines/vm/steps/servers/ensure-total.js'
import {readTotal, type TotalHolder} from '../../../../../src/engines/vm/servers/cgroups/read-total.js'
import type {StepContext} from '../../../../../src/steps/step.js'
import {memoryFiles} from '../../../../fakes/memory-files.js'

const gibibyte = 1024 ** 3
const context: StepContext = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}

/** A control group of version 2 as the kernel keeps it: what is written is the value, and no longer text. */
async function holderOf(usedBytes: number, takes = true): Promise<TotalHolder> {
  const files = memoryFiles({beforeChange: () => undefined, uid: 0})
  const kernel = {...files, append: async (path: string, text: string) => files.write(path, takes ? text : 'max')}
  const group = hubGroup({version: 2, path: '/sys/fs/cgroup/jhub-class'})
  await files.write(`${group.memory}/memory.max`, 'max\n')
  await files.write(`${group.memory}/memory.current`, String(usedBytes + 5))
  await files.write(`${group.memory}/memory.stat`, 'anon 1\ninactive_file 5\n')
  await files.write(`${group.cpu}/cpu.max`, 'max 100000\n')
  return {
    files: kernel,
    find: async () => ({name: 'jhub-class.slice', group}),
    change: async (where, limits) => {
      await changeCgroupLimits(kernel, where, limits)
    },
  }
}

describe('the limits of the whole hub', () => {
  it('hold running servers at once, are read back, and are as they were after an undo', async () => {
    const holder = await holderOf(gibibyte)
    const step = ensureTotal(holder, {memoryBytes: 3 * gibibyte, cpuCores: 1.5, servers: 9})
    expect((await step.check())?.summary).toBe('limit all servers together to memory 3G, cpu 1.5')
    await step.apply(context)
    expect(await step.check()).toBeUndefined()
    expect(await readTotal(holder)).toEqual({
      holder: 'jhub-class.slice',
      memoryBytes: 3 * gibibyte,
      cpuCores: 1.5,
      memoryUsedBytes: gibibyte,
      memoryBy: 'cgroup v2',
      cpuBy: 'cgroup v2',
      counted: 'memory in use',
    })
    await step.undo?.()
    expect(await readTotal(holder)).not.toHaveProperty('memoryBytes')
  })

  it('are refused below what is in use, and nothing is changed', async () => {
    const holder = await holderOf(2 * gibibyte)
    const step = ensureTotal(holder, {memoryBytes: gibibyte})
    await expect(step.apply(context)).rejects.toMatchObject({
      code: 'JHUB-E216',
      message: "All servers together use 2.0G now: a total of 1G would end somebody's work",
    })
    expect(await readTotal(holder)).not.toHaveProperty('memoryBytes')
  })

  it('are not claimed when the kernel did not take them', async () => {
    const step = ensureTotal(await holderOf(1, false), {memoryBytes: gibibyte})
    await expect(step.apply(context)).rejects.toThrow(
      'jhub-class.slice did not accept the limits: it is limited to no limit',
    )
  })

  it('are refused on version 1 below what one server may use, since the kernel would', async () => {
    const files = memoryFiles({beforeChange: () => undefined, uid: 0})
    const group = {version: 1, memory: '/memory/jhub-class', cpu: '/cpu/jhub-class'} as const
    await files.write('/cpu/jhub-class/ana/cpu.cfs_quota_us', '200000')
    await files.write('/cpu/jhub-class/ana/cpu.cfs_period_us', '100000')
    const step = ensureTotal(
      {files, find: async () => ({name: 'x', group}), change: () => Promise.reject(new Error('changed'))},
      {cpuCores: 1.5},
    )
    await expect(step.apply(context)).rejects.toMatchObject({code: 'JHUB-E216'})
  })

  it('wait for the first server where nothing is there to hold', async () => {
    const holder: TotalHolder = {...(await holderOf(1)), find: async () => undefined}
    expect(await ensureTotal(holder, {memoryBytes: gibibyte}).check()).toBeUndefined()
    expect(await readTotal(holder)).not.toHaveProperty('holder')
  })
})
