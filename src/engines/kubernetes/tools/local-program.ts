import path from 'node:path'
import {definedOnly} from '../../../defined-only.js'
import {JhubError} from '../../../errors.js'
import type {Host} from '../../../host/host.js'
import type {Step} from '../../../steps/step.js'
import {copyFile} from '../../../host/files/copy-file.js'
import type {DownloadOptions} from '../../../host/network/downloads.js'
import type {Finding} from '../../../findings/finding.js'

/** A release of a program, as its makers publish it, by `PLATFORM-ARCHITECTURE` as Node names them. */
export interface PinnedProgram {
  readonly version: string
  readonly files: Readonly<Record<string, PinnedFile>>
}

interface PinnedFile {
  readonly url: string
  readonly sha256: string
  /** The program inside a gzipped tar. */
  readonly member?: string
}

/** A program that jhub drives, from the PATH or by its makers' release. */
export interface ProgramOptions {
  readonly name: string
  /** Older ones on the PATH are passed over. */
  readonly oldest: readonly [number, number]
  readonly pinned: PinnedProgram
  readonly install: string
}

/** A program that this engine drives: the one on the PATH when it is new enough, else a copy of ours, downloaded once. */
export interface LocalProgram {
  readonly name: string
  /** Name or path of the one to run; `undefined` while there is none. */
  find(): Promise<string | undefined>
  /** Throws `JHUB-E200` while there is none. */
  require(): Promise<string>
  finding(): Promise<Finding>
  install(): Step
  /** Puts one for other computers of this kind to a place: the one here, or a release where that is a program around it. */
  copyTo(place: string, signal: AbortSignal): Promise<void>
}

export interface ProgramPlaces {
  /** Where a copy of ours stands. */
  readonly tools: string
  /** The program of a bundle, from which it is copied in place of the internet. */
  readonly bundled?: string
}

type OnPath = {readonly state: 'found' | 'too old'; readonly version: string} | {readonly state: 'missing'}

export function localProgram(
  {commands, downloads, files, system}: Pick<Host, 'commands' | 'downloads' | 'files' | 'system'>,
  {name, oldest, pinned, install}: ProgramOptions,
  {tools, bundled}: ProgramPlaces,
): LocalProgram {
  const directory = path.join(tools, `${name}-${pinned.version}`)
  const own = path.join(directory, name)
  const source = pinned.files[`${system.platform}-${system.architecture}`]

  let seen: Promise<OnPath> | undefined
  const lookOnPath = () => (seen ??= askProgram(commands, name, {oldest}))
  const find = async () => {
    if ((await lookOnPath()).state === 'found') return name
    return (await files.stat(own)) === undefined ? undefined : own
  }
  const require = async () => {
    const found = await find()
    if (found !== undefined) return found
    throw new JhubError('JHUB-E200', `There is no ${name} here that can do it`, {fix: ['jhub up', install]})
  }
  const download = async (place: string, options: DownloadOptions) => {
    if (source === undefined) throw new JhubError('JHUB-E200', `There is no ${name} here`, {fix: install})
    await downloads.fetch({...source, path: place}, options)
  }
  const copy = async (from: string, place: string, signal: AbortSignal) => {
    const unfinished = `${place}.new`
    await copyFile({from: files, file: from}, {to: files, file: unfinished}, signal)
    await files.setMode(unfinished, 0o755)
    await files.rename(unfinished, place)
  }
  const ownVersion = async () => {
    const answer = await askProgram(commands, own, {oldest})
    return answer.state === 'missing' ? 'one that does not start' : answer.version
  }
  let isMade = false
  return {
    name,
    find,
    require,
    async finding() {
      const seen = await lookOnPath()
      if (seen.state === 'found') return {check: name, state: 'ok', found: seen.version}
      const what = seen.state === 'missing' ? 'not on the PATH' : `${seen.version}, which is too old`
      if ((await files.stat(own)) !== undefined)
        return {check: name, state: 'ok', found: `${what}; jhub has ${await ownVersion()}`}
      if (bundled !== undefined) return {check: name, state: 'ok', found: `${what}; the bundle has one`}
      if (source !== undefined)
        return {check: name, state: 'ok', found: `${what}; jhub will download v${pinned.version}`}
      return {check: name, state: 'problem', found: what, needed: `${oldest.join('.')} or newer`, fix: install}
    },
    install: () => ({
      title: `Install ${name}`,
      async check() {
        if ((await find()) !== undefined) return undefined
        const which = bundled === undefined ? `${name} ${pinned.version}` : `${name} of the bundle`
        return {summary: `install ${which}, for this hub only`, disturbs: 'live'}
      },
      async apply(context) {
        isMade = true
        if (bundled !== undefined) return copy(bundled, own, context.signal)
        const onBytes = (done: number, total: number | undefined) => {
          context.report({done, unit: 'bytes', ...definedOnly({total})})
        }
        await download(own, {signal: context.signal, onBytes})
      },
      async undo() {
        if (isMade) await files.remove(directory)
      },
    }),
    async copyTo(place, signal) {
      const here = await require()
      const file = await files.realPath(path.isAbsolute(here) ? here : await whereOnPath(commands, here))
      const start = Buffer.from(await files.readBytes(file, 0, 2)).toString('latin1')
      // snap and mise link the name to a program of theirs, which finds the real one only on this computer.
      const isAround = start === '#!' || !path.basename(file).startsWith(name)
      if (isAround) await download(place, {signal, onBytes: () => undefined})
      else await copy(file, place, signal)
    },
  }
}

type Runs = Pick<Host['commands'], 'run'>

async function askProgram({run}: Runs, program: string, {oldest}: Pick<ProgramOptions, 'oldest'>): Promise<OnPath> {
  try {
    const {stdout} = await run([program, 'version'], {timeoutMs: 20_000})
    const [text = '', major = 0, minor = 0] = /v(\d+)\.(\d+)(?:\.\d+)?/.exec(stdout) ?? []
    const isEnough = Number(major) > oldest[0] || (Number(major) === oldest[0] && Number(minor) >= oldest[1])
    return {state: isEnough ? 'found' : 'too old', version: text}
  } catch (error) {
    if (error instanceof JhubError && error.code === 'JHUB-E201') return {state: 'missing'}
    throw error
  }
}

async function whereOnPath({run}: Runs, program: string): Promise<string> {
  const {stdout} = await run(['sh', '-c', 'command -v -- "$1"', 'where', program])
  return stdout.trim()
}
