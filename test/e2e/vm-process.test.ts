import {describe, it} from 'vitest'
import {hubJourney} from './hub-journey.js'

const isRoot = process.getuid?.() === 0

/** The memory limit as the kernel of a person sees it, in bytes. */
const byCgroup = `
import os
groups = dict((line.split(":", 2)[1], line.strip().split(":", 2)[2]) for line in open("/proc/self/cgroup"))
one = f"/sys/fs/cgroup/memory{groups.get('memory', '')}/memory.limit_in_bytes"
two = f"/sys/fs/cgroup{groups.get('', '')}/memory.max"
print(open(one if os.path.exists(one) else two).read().strip())
`
const byResourceLimit = 'import resource; print(resource.getrlimit(resource.RLIMIT_DATA)[0])'

hubJourney(
  'a hub of an ordinary account',
  {port: 18_200, ...(isRoot ? {uid: 65_534} : {})},
  {memoryCode: byResourceLimit},
)

if (isRoot) hubJourney('a hub of root, with an account for each person', {port: 18_300}, {memoryCode: byCgroup})
else describe('a hub of root', () => it.skip('skipped: these tests do not run as root', () => undefined))
