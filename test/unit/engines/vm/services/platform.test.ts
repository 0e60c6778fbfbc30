import {describe, expect, it} from 'vitest'
import {findCgroupTree} from '../../../../../src/engines/vm/servers/cgroups/cgroup.js'
import {translateInstallError} from '../../../../../src/engines/images/errors/install-error.js'
import {parseHubSpec} from '../../../../../src/hub-spec/parse-hub-spec.js'
import {machineLayout} from '../../../../../src/engines/vm/machines/layout.js'
import {systemdServers} from '../../../../../src/engines/vm/servers/systemd-servers.js'
import {readLimitsInForce} from '../../../../../src/engines/vm/servers/cgroups/limits-in-force.js'
import {platformNotes} from '../../../../../src/engines/vm/servers/platform-notes.js'
import {JhubError} from '../../../../../src/errors.js'
import {memoryFiles} from '../../../../fakes/memory-files.js'

const facts = {
  platform: 'linux',
  architecture: 'x64',
  uid: 0,
  userName: 'root',
  cores: 2,
  memoryBytes: 8 * 1024 ** 3,
  networkEnvironment: {},
} as const

async function filesWith(texts: Readonly<Record<string, string>>) {
  const files = memoryFiles({beforeChange: () => undefined, uid: 0})
  for (const [path, text] of Object.entries(texts)) await files.write(path, text)
  return files
}

const version1 = `cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0
cgroup /sys/fs/cgroup/pids cgroup rw,pids 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0
`
const version2 = 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n'

describe('control groups', () => {
  it('of version 1 are taken where every controller is writable', async () => {
    const files = await filesWith({'/proc/self/mounts': version1})
    expect(await findCgroupTree(files, facts, 'class', 'jhub')).toEqual({
      version: 1,
      memory: '/sys/fs/cgroup/memory/jhub-class',
      cpu: '/sys/fs/cgroup/cpu,cpuacct/jhub-class',
      pids: '/sys/fs/cgroup/pids/jhub-class',
    })
    const readOnly = await filesWith({'/proc/self/mounts': version1.replace('cgroup rw,memory', 'cgroup ro,memory')})
    expect(await findCgroupTree(readOnly, facts, 'class', 'jhub')).toBeUndefined()
  })

  it('of version 2 are taken where the controllers are open to children', async () => {
    const open = await filesWith({
      '/proc/self/mounts': version2,
      '/sys/fs/cgroup/cgroup.subtree_control': 'cpu io memory pids\n',
    })
    expect(await findCgroupTree(open, facts, 'class', 'jhub')).toEqual({version: 2, path: '/sys/fs/cgroup/jhub-class'})
    const closed = await filesWith({'/proc/self/mounts': version2, '/sys/fs/cgroup/cgroup.subtree_control': 'pids\n'})
    expect(await findCgroupTree(closed, facts, 'class', 'jhub')).toBeUndefined()
  })

  it('of version 2 are taken for systemd where the controllers are there: it opens them when a unit first needs them', async () => {
    const asBooted = {
      '/proc/self/mounts': version2,
      '/sys/fs/cgroup/cgroup.subtree_control': 'memory pids\n',
      '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory hugetlb pids rdma misc\n',
    }
    expect(await findCgroupTree(await filesWith(asBooted), facts, 'class', 'systemd')).toEqual({
      version: 2,
      path: '/sys/fs/cgroup/jhub-class',
    })
    const without = {...asBooted, '/sys/fs/cgroup/cgroup.controllers': 'memory pids\n'}
    expect(await findCgroupTree(await filesWith(without), facts, 'class', 'systemd')).toBeUndefined()
  })

  it('are not for ordinary accounts, nor for macOS', async () => {
    const files = await filesWith({'/proc/self/mounts': version1})
    expect(await findCgroupTree(files, {...facts, uid: 1000}, 'class', 'jhub')).toBeUndefined()
    expect(await findCgroupTree(files, {...facts, platform: 'darwin'}, 'class', 'jhub')).toBeUndefined()
  })
})

describe('limits in force', () => {
  it('are read from control groups of version 1', async () => {
    const files = await filesWith({
      '/proc/7/cgroup': '5:cpu,cpuacct:/jhub-class/ana\n4:memory:/jhub-class/ana\n',
      '/sys/fs/cgroup/memory/jhub-class/ana/memory.limit_in_bytes': '734003200\n',
      '/sys/fs/cgroup/cpu/jhub-class/ana/cpu.cfs_quota_us': '150000\n',
      '/sys/fs/cgroup/cpu/jhub-class/ana/cpu.cfs_period_us': '100000\n',
    })
    const tree = {
      version: 1,
      memory: '/sys/fs/cgroup/memory/jhub-class',
      cpu: '/sys/fs/cgroup/cpu/jhub-class',
      pids: '/sys/fs/cgroup/pids/jhub-class',
    } as const
    expect(await readLimitsInForce(files, 7, tree)).toEqual({
      memoryBytes: 734_003_200,
      cpuCores: 1.5,
      memoryBy: 'cgroup v1',
      cpuBy: 'cgroup v1',
    })
    await files.write('/sys/fs/cgroup/memory/jhub-class/ana/memory.limit_in_bytes', '9223372036854771712\n')
    await files.write('/sys/fs/cgroup/cpu/jhub-class/ana/cpu.cfs_quota_us', '-1\n')
    expect(await readLimitsInForce(files, 7, tree)).toEqual({memoryBy: 'cgroup v1', cpuBy: 'cgroup v1'})
  })

  it('are read from control groups of version 2', async () => {
    const files = await filesWith({
      '/proc/7/cgroup': '0::/jhub-class/ana\n',
      '/sys/fs/cgroup/jhub-class/ana/memory.max': '1073741824\n',
      '/sys/fs/cgroup/jhub-class/ana/cpu.max': 'max 100000\n',
    })
    expect(await readLimitsInForce(files, 7, {version: 2, path: '/sys/fs/cgroup/jhub-class'})).toEqual({
      memoryBytes: 1024 ** 3,
      memoryBy: 'cgroup v2',
      cpuBy: 'cgroup v2',
    })
  })

  it('are read from resource limits, and nothing is claimed where there is nothing to read', async () => {
    const files = await filesWith({
      '/proc/7/limits':
        'Limit Soft Hard Units\nMax data size             734003200            734003200            bytes\n',
    })
    expect(await readLimitsInForce(files, 7, undefined)).toEqual({
      memoryBytes: 734_003_200,
      memoryBy: 'rlimit',
      cpuBy: 'not enforced',
    })
    expect(await readLimitsInForce(files, 8, undefined)).toEqual({memoryBy: 'not enforced', cpuBy: 'not enforced'})
  })
})

describe('the notes of a machine with systemd', () => {
  it.each([
    [false, 'When the machine is made, jhub looks whether systemd can enforce limits on it.'],
    [true, 'systemd enforces memory and CPU limits (cgroup v2).'],
  ])('say of its limits what is known (it is there: %s)', async (isThere, note) => {
    const files = await filesWith(
      isThere
        ? {'/proc/self/mounts': version2, '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n'}
        : {},
    )
    const run = async () => ({stdout: '{}', stderr: '', exitCode: 0})
    const servers = systemdServers({
      machine: {
        files,
        run,
        hubName: 'class',
        layout: machineLayout('/opt/jhub/state/class', '/opt/jhub/data/class'),
        isThere: async () => isThere,
      },
      facts,
      inContainer: true,
      networkProgram: async () => '',
    })
    expect(await servers.platformNotes(parseHubSpec('version: 1\nname: class\nmode: vm\n'))).toContain(note)
  })
})

describe('platformNotes', () => {
  it.each([
    [
      {...facts, uid: 1000, userName: 'teacher'},
      undefined,
      "people can read each other's files",
      'core limits are not enforced',
    ],
    [
      facts,
      {version: 2, path: '/x'} as const,
      'an account of their own',
      'The kernel enforces memory and CPU limits (cgroup v2)',
    ],
    [{...facts, uid: 501, platform: 'darwin'} as const, undefined, 'Everybody works as', 'not enforced on macOS'],
  ])('say what the machine can hold', (machine, cgroup, accounts, limits) => {
    const said = platformNotes(machine, cgroup).join('\n')
    expect(said).toContain(accounts)
    expect(said).toContain(limits)
  })
})

describe('a failing installation', () => {
  it.each([
    ['error: Hash mismatch for `jupyterhub==5.5.0`', 'JHUB-E205', 'hash mismatch'],
    ['ERROR: THESE PACKAGES DO NOT MATCH THE HASHES', 'JHUB-E205', 'hash mismatch'],
    ['error: Failed to fetch: `http://127.0.0.1:1/simple/`', 'JHUB-E205', 'could not be reached'],
    ['cause: Failed to extract archive: x.whl\n cause: Invalid zip file structure', 'JHUB-E205', 'is not a package'],
    ['No space left on device (os error 28)', 'JHUB-E209', 'No space left'],
    [
      'error: Failed to build `numpy==1.25.2`\n  cause: The build backend returned an error',
      'JHUB-E221',
      'numpy==1.25.2 has no wheel for this Python, and building it failed while installing the hub',
    ],
    [
      "WARNING: Retrying (Retry(total=4)) after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed'))': /simple/uv/\nERROR: No matching distribution found for uv==0.13.9",
      'JHUB-E205',
      'The certificate of the package index is not trusted here',
    ],
    [
      'invalid peer certificate: UnknownIssuer',
      'JHUB-E205',
      'The certificate of the package index is not trusted here',
    ],
    [
      "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError('Failed to establish a new connection')': /simple/uv/\nERROR: No matching distribution found for uv==0.13.9",
      'JHUB-E205',
      'The package index could not be reached',
    ],
    ['something nobody has seen', 'JHUB-E201', 'ended'],
  ])('%s', (said, code, words) => {
    const failure = translateInstallError(
      new JhubError('JHUB-E201', 'uv ended badly', {cause: new Error(said)}),
      'the hub',
    )
    expect(failure).toMatchObject({code})
    expect((failure as Error).message).toContain(words)
  })

  it('is understood behind a long list of hashes, which is not shown', () => {
    const hashes = Array.from({length: 60}, (_, index) => `    sha256:${String(index).padStart(64, '0')}`)
    const output = [
      'error: Hash mismatch for `cffi==2.1.0`',
      'Expected:',
      ...hashes,
      '',
      'Computed:',
      '  sha256:0',
    ].join('\n')
    const failure = translateInstallError(
      new JhubError('JHUB-E201', 'uv ended badly', {cause: new Error(hashes.slice(-15).join('\n')), details: {output}}),
      'the hub',
    ) as JhubError
    expect(failure.message).toContain('hash mismatch')
    expect((failure.cause as Error).message).toBe('error: Hash mismatch for `cffi==2.1.0`\nExpected:\nComputed:')
  })
})
