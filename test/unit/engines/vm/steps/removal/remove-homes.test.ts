import {beforeEach, describe, expect, it} from 'vitest'
import {forgetNumbers} from '../../../../../../src/engines/vm/steps/removal/forget-numbers.js'
import {machineLayout} from '../../../../../../src/engines/vm/machines/layout.js'
import type {Machine} from '../../../../../../src/engines/vm/machines/machine.js'
import {removeHomes} from '../../../../../../src/engines/vm/steps/removal/remove-homes.js'
import {JhubError} from '../../../../../../src/errors.js'
import {accountName, oldAccountName} from '../../../../../../src/hub-spec/people/user-name.js'
import {newFault} from '../../../../../fakes/fault.js'
import {fakeMachine, type FakeMachine} from '../../../../../fakes/fake-machine.js'
import {memoryFiles, type MemoryFiles} from '../../../../../fakes/memory-files.js'

const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}
const layout = machineLayout('/opt/jhub/lab', '/opt/jhub/data/lab')
const [account, older] = [accountName('josé'), oldAccountName('josé')]

describe('deleting homes', () => {
  let files: MemoryFiles
  let world: FakeMachine
  let isThere: boolean
  const accounts: string[] = []
  const step = (...names: string[]) =>
    removeHomes(
      {
        ...world.machine,
        files,
        layout,
        base: {isThere: async () => isThere} as Machine['base'] & object,
        async run(argv) {
          if (argv[0] === 'rm') await files.remove(argv.at(-1) ?? '')
          if (argv[0] === 'userdel') {
            accounts.push(argv[1] ?? '')
            const lines = ((await files.read('/etc/passwd')) ?? '').split('\n')
            await files.write('/etc/passwd', lines.filter((line) => !line.startsWith(`${argv[1] ?? ''}:`)).join('\n'))
          }
          return {stdout: '', stderr: '', exitCode: 0}
        },
      },
      names,
    )

  beforeEach(async () => {
    files = memoryFiles(newFault())
    world = fakeMachine(8000)
    isThere = true
    accounts.length = 0
    await files.write(
      '/etc/passwd',
      [
        'root:x:0:0:root:/root:/bin/bash',
        `lab-ana:x:200000:200000::${layout.homes}/ana:/bin/bash`,
        `lab-anabel:x:200001:200001::${layout.homes}/anabel:/bin/bash`,
      ].join('\n'),
    )
    for (const name of ['ana', 'anabel', account]) await files.write(`${layout.homes}/${name}/diary.txt`, 'dear diary')
  })

  it('removes the account of the machine, temporary files and the log with them, and nobody else', async () => {
    await files.write(`${layout.temporary}/ana/x`, 'x')
    await files.write(`${layout.serverLogs}/ana.log`, 'x')
    expect((await step('ana').check())?.summary).toContain('remove the unix accounts lab-ana')
    await step('ana').apply(context)
    expect(accounts).toEqual(['lab-ana'])
    expect(await step('ana').check()).toBeUndefined()
    expect([...files.entries.keys()].filter((path) => /\/ana(?:\.log|\/|$)/.test(path))).toEqual([])
    expect(await files.read(`${layout.homes}/anabel/diary.txt`)).toBe('dear diary')
  })

  it('removes an account whose home is gone already', async () => {
    await files.remove(`${layout.homes}/ana`)
    await step('ana').apply(context)
    expect(accounts).toEqual(['lab-ana'])
  })

  it.each([
    ['its own', 'josé', true],
    ['nobody yet', undefined, true],
    ["somebody else's", 'another@uni.example', false],
  ])('takes a home under a shorter name that is %s', async (_, owner, isDeleted) => {
    await files.write(`${layout.homes}/${older}/diary.txt`, 'old diary')
    if (owner !== undefined) await files.write(`${layout.homes}/.${older}.owner`, owner)
    await step('josé').apply(context)
    expect((await files.read(`${layout.homes}/${older}/diary.txt`)) === undefined).toBe(isDeleted)
    expect(await files.read(`${layout.homes}/${account}/diary.txt`)).toBeUndefined()
    if (isDeleted) expect(await files.read(`${layout.homes}/.${older}.owner`)).toBeUndefined()
  })

  it('says so when the machine is not running, and not that they are gone', async () => {
    isThere = false
    const failure = await step('ana')
      .check()
      .catch((error: unknown) => error)
    expect((failure as JhubError).code).toBe('JHUB-E204')
  })

  it('forgets the numbers that were given with the last hub only', async () => {
    await files.write('/opt/jhub/data/.accounts', '200001')
    const forget = forgetNumbers({files, layout})
    expect(await forget.check()).toBeUndefined()
    await files.remove(layout.data)
    await files.write('/opt/jhub/data/other/homes/ben/x', 'x')
    expect(await forget.check()).toBeUndefined()
    await files.remove('/opt/jhub/data/other')
    await forget.apply(context)
    expect(await files.list('/opt/jhub/data')).toEqual([])
  })
})
