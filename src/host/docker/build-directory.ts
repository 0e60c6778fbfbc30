import {createHash} from 'node:crypto'
import {createReadStream} from 'node:fs'
import {lstat, readdir, readFile, readlink} from 'node:fs/promises'
import path from 'node:path'
import type {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import {JhubError} from '../../errors.js'
import {packTar, type TarEntry} from '../files/archives/pack-tar.js'

/** What the Docker engine is sent of one file, link or directory. */
interface Entry {
  /** Relative to the directory, with `/` between its parts. */
  readonly name: string
  readonly type: 'file' | 'directory' | 'symlink'
  readonly mode: number
  readonly sizeBytes: number
  readonly target?: string
}

/** A directory with a Dockerfile as the Docker engine is sent it: without what its `.dockerignore` names. */
export interface BuildDirectory {
  readonly dockerfile: string
  /** The sha256 of names, contents, links and what may be run, in hexadecimal digits; times and owners do not count. */
  digest(): Promise<string>
  /** A tar archive of it. */
  pack(): Promise<Readable>
}

const alwaysSent = ['Dockerfile', '.dockerignore']

/** Throws `JHUB-E301` where there is no such directory, or no Dockerfile in it. */
export async function readBuildDirectory(root: string): Promise<BuildDirectory> {
  const dockerfile = await readFile(path.join(root, 'Dockerfile'), 'utf8').catch(() => undefined)
  if (dockerfile === undefined)
    throw new JhubError('JHUB-E301', `There is no Dockerfile in ${root}`, {
      fix: [`Put a Dockerfile into ${root}`, 'jhub config edit   # names another directory'],
    })
  const list = async () => listBelow(root, '', await ignoring(root))

  return {
    dockerfile,
    async digest() {
      const hash = createHash('sha256')
      for (const {name, type, mode, sizeBytes, target = ''} of await list()) {
        const isProgram = type === 'file' && (mode & 0o100) !== 0
        hash.update(JSON.stringify([name, type, isProgram, sizeBytes, target]))
        if (type === 'file') await pipeline(createReadStream(path.join(root, name)), hash, {end: false})
      }
      return hash.digest('hex')
    },
    pack: async () => packTar((await list()).map((entry) => toTarEntry(root, entry))),
  }
}

function toTarEntry(root: string, {name, type, mode, target = ''}: Entry): TarEntry {
  if (type === 'file') return {name, mode, path: path.join(root, name)}
  return type === 'symlink' ? {name, mode, type, linkname: target} : {name, mode, type}
}

interface Ignoring {
  /** The name is left out. */
  leavesOut(name: string): boolean
  /** Something below a directory that is left out may be sent all the same. */
  readonly hasExceptions: boolean
}

async function ignoring(root: string): Promise<Ignoring> {
  const rules = await readFile(path.join(root, '.dockerignore'), 'utf8').catch(() => '')
  const {
    default: {default: dockerignore},
  } = await import('@balena/dockerignore')
  const ignore = dockerignore({ignorecase: false}).add(rules)
  return {
    leavesOut: (name) => !alwaysSent.includes(name) && ignore.ignores(name),
    hasExceptions: /^\s*!/m.test(rules),
  }
}

/** Sorted by name, each directory before what is in it. */
async function listBelow(root: string, parent: string, rules: Ignoring): Promise<readonly Entry[]> {
  const names = (await readdir(path.join(root, parent))).toSorted()
  const found: Entry[] = []
  for (const each of names) {
    const name = path.posix.join(parent, each)
    const isLeftOut = rules.leavesOut(name)
    const place = path.join(root, name)
    const facts = await lstat(place)
    const mode = facts.mode & 0o7777
    if (facts.isDirectory()) {
      const below = isLeftOut && !rules.hasExceptions ? [] : await listBelow(root, name, rules)
      if (!isLeftOut || below.length > 0) found.push({name, type: 'directory', mode, sizeBytes: 0}, ...below)
    } else if (!isLeftOut && facts.isSymbolicLink())
      found.push({name, type: 'symlink', mode, sizeBytes: 0, target: await readlink(place)})
    else if (!isLeftOut && facts.isFile()) found.push({name, type: 'file', mode, sizeBytes: facts.size})
  }
  return found
}
