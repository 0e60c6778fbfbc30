import {readFile, readdir} from 'node:fs/promises'
import path from 'node:path'
import type {Expected} from './hub-journey.js'
import {processesNaming} from './machine-facts.js'
import type {RealJhub} from './real-jhub.js'

const state = (jhub: RealJhub, ...parts: string[]) =>
  path.join(jhub.environment['JHUB_STATE_DIR'] ?? '', jhub.name, ...parts)

/** How to look behind a hub whose servers are processes of this machine. */
export const onProcesses: Omit<Expected, 'memoryCode' | 'changesLive'> = {
  serverModules: 1000,
  readHome: (jhub, account, file) =>
    readFile(path.join(jhub.environment['JHUB_DATA_DIR'] ?? '', jhub.name, 'homes', account, file), 'utf8'),
  async serverId(jhub) {
    const found = await processesNaming(state(jhub, 'env', 'user-'))
    return String(found.find(({command}) => command.includes('singleuser'))?.pid ?? '')
  },
  async leftovers(jhub) {
    const files = await readdir(jhub.environment['JHUB_STATE_DIR'] ?? '', {recursive: true})
    const processes = await processesNaming(jhub.directory)
    return [...files, ...processes.map(({command}) => command)]
  },
  dataLeft: (jhub) => readdir(jhub.environment['JHUB_DATA_DIR'] ?? ''),
}

/** The memory limit as the kernel of a person sees it, in bytes, on both versions of control groups. */
export const byCgroup = `
import os
groups = dict((line.split(":", 2)[1], line.strip().split(":", 2)[2]) for line in open("/proc/self/cgroup"))
one = f"/sys/fs/cgroup/memory{groups.get('memory', '')}/memory.limit_in_bytes"
two = f"/sys/fs/cgroup{groups.get('', '')}/memory.max"
print(open(one if os.path.exists(one) else two).read().strip())
`
