import {beforeEach, describe, expect, it} from 'vitest'
import type {SystemdMachine} from '../../../../../src/engines/vm/services/systemd/systemd-machine.js'
import {ensureAdminRights} from '../../../../../src/engines/vm/steps/servers/ensure-admin-rights.js'
import {adminGroup} from '../../../../../src/engines/vm/servers/admin-group.js'
import {accountName} from '../../../../../src/hub-spec/people/user-name.js'
import {newFault} from '../../../../fakes/fault.js'
import {memoryFiles, type MemoryFiles} from '../../../../fakes/memory-files.js'

const context = {signal: new AbortController().signal, report: () => undefined, note: () => undefined}
const rule = '/etc/sudoers.d/jhub-lab'

describe('sudo for admins', () => {
  let files: MemoryFiles
  let groups: string[]
  const step = (isWanted: boolean) => {
    const run: SystemdMachine['run'] = async (argv) => {
      if (argv[0] === 'groupadd') groups.push(argv.at(-1) ?? '')
      if (argv[0] === 'groupdel') groups = groups.filter((name) => name !== argv[1])
      await files.write('/etc/group', groups.map((name) => `${name}:x:900:`).join('\n'))
      return {stdout: '', stderr: '', exitCode: 0}
    }
    return ensureAdminRights({files, run, hubName: 'lab'}, isWanted)
  }
  beforeEach(() => {
    files = memoryFiles(newFault())
    groups = []
  })

  it('goes by a group that is the account of nobody, whatever people are called', async () => {
    expect(`lab-${accountName('admins')}`).toBe('lab-admins')
    groups = ['lab-admins']
    await files.write('/etc/group', 'lab-admins:x:200000:')
    await step(true).apply(context)
    expect(await step(true).check()).toBeUndefined()
    expect(await files.read(rule)).toContain(`%${adminGroup('lab')} `)
    expect(await files.read(rule)).not.toContain('lab-admins')
    await step(false).apply(context)
    expect(groups).toEqual(['lab-admins'])
  })

  it('takes it from the group of an older jhub', async () => {
    groups = ['lab-admins']
    await files.write('/etc/group', 'lab-admins:x:900:lab-ana')
    await files.write(rule, (await wantedRule()).replace('lab_admins', 'lab-admins'))
    expect(await step(true).check()).toBeDefined()
    await step(true).apply(context)
    expect(groups).toEqual(['lab_admins'])
    expect(await step(true).check()).toBeUndefined()
  })

  it('gives nothing to a group that somebody else made', async () => {
    groups = ['lab_admins']
    await files.write('/etc/group', 'lab_admins:x:900:mallory')
    await expect(step(true).apply(context)).rejects.toThrow('its members would get sudo')
    expect(await files.read(rule)).toBeUndefined()
  })

  async function wantedRule(): Promise<string> {
    const fresh = memoryFiles(newFault())
    const run: SystemdMachine['run'] = async () => ({stdout: '', stderr: '', exitCode: 0})
    await ensureAdminRights({files: fresh, run, hubName: 'lab'}, true).apply(context)
    return (await fresh.read(rule)) ?? ''
  }
})
