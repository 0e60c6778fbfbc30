import type {IncomingMessage} from 'node:http'
import {Readable} from 'node:stream'
import type Dockerode from 'dockerode'
import {JhubError} from '../../errors.js'
import {packTar} from '../files/archives/pack-tar.js'
import {answered, statusOf, untilSilent} from './docker-answers.js'
import type {BuildOptions, DirectoryBuild, ImageBuild} from './docker.js'

interface Patience {
  readonly answerMs: number
  /** The engine answers once it has the whole directory. */
  readonly startMs: number
  /** How long a build may say nothing: a package is compiled without a word. */
  readonly buildStallMs: number
}

/** Builds the texts of a directory, by the engine's classic builder. Throws `JHUB-E201` with the build's last words. */
export async function buildTexts(
  docker: Dockerode,
  wanted: ImageBuild,
  options: BuildOptions & Patience,
): Promise<void> {
  const context = await packTar([...wanted.files].map(([name, text]) => ({name, text})))
  await build(docker, wanted, {context, ...options, words: {}})
}

/** Builds a directory, by BuildKit where the engine has it. Throws as `Docker.buildDirectory` does. */
export async function buildDirectory(
  docker: Dockerode,
  wanted: DirectoryBuild,
  options: BuildOptions & Patience,
): Promise<void> {
  const version = (await hasBuildKit(docker, options.answerMs)) ? ({version: '2'} as const) : {}
  const context = await wanted.directory.pack()
  await build(docker, wanted, {context, ...options, words: {...version, nocache: wanted.isFresh}})
}

/** The engine names the builder that it would take by itself. */
function hasBuildKit(docker: Dockerode, answerMs: number): Promise<boolean> {
  return answered(
    () =>
      new Promise((resolve, reject) => {
        const asked = {path: '/_ping', method: 'GET', isStream: true, statusCodes: {200: true}}
        docker.modem.dial(asked, (error: Error | null, answer: unknown) => {
          if (error !== null) {
            reject(error)
            return
          }
          const {headers} = (answer as IncomingMessage).resume()
          resolve(headers['builder-version'] === '2')
        })
      }),
    answerMs,
  )
}

interface Build extends BuildOptions, Patience {
  readonly context: NodeJS.ReadableStream
  readonly words: Pick<Dockerode.ImageBuildOptions, 'version' | 'nocache'>
}

interface BuildEvent {
  readonly stream?: string
  readonly error?: string
}

async function build(
  docker: Dockerode,
  {tag, labels, buildArguments}: Pick<ImageBuild, 'tag' | 'labels' | 'buildArguments'>,
  {context, words, signal, onLine, answerMs, startMs, buildStallMs}: Build,
): Promise<void> {
  const lines: string[] = []
  let refused: string | undefined
  const answer = await answered(
    () =>
      docker.buildImage(context, {
        t: tag,
        labels: {...labels},
        buildargs: {...buildArguments},
        forcerm: true,
        abortSignal: signal,
        ...words,
      }),
    startMs,
  )
  const tell = ({stream, error}: BuildEvent) => {
    refused ??= error
    for (const line of linesOf(stream ?? error ?? '')) {
      if (lines.at(-1)?.endsWith(line) === true) continue
      lines.push(line)
      onLine(line)
    }
  }
  const cut = await readToEnd(docker, answer, {tell, signal, buildStallMs})
  signal.throwIfAborted()
  const failure = refused ?? cut?.message
  if (failure === undefined) return requireImage(docker, tag, answerMs)
  const lastLines = lines.slice(-12)
  // A line of the Dockerfile fails where a package of it finds no room; the engine then says only that the line failed.
  throw [failure, ...lastLines].some(isFull)
    ? new JhubError('JHUB-E209', "Docker's disk is full", {
        cause: new Error([...new Set([...lastLines, failure.trim()])].join('\n')),
        fix: 'docker system df   # docker system prune deletes what is not used',
      })
    : new JhubError('JHUB-E201', `The image ${tag} could not be built: ${failure.trim()}`, {
        cause: new Error(lastLines.join('\n')),
        fix: [failure, ...lines].some(isOffline)
          ? whenOffline
          : 'Fix what the last lines say, then run the same command again',
      })
}

/** The error that broke the answer off, or none. Throws `JHUB-E215` once the engine has said nothing for too long. */
async function readToEnd(
  docker: Dockerode,
  answer: NodeJS.ReadableStream,
  {tell, signal, buildStallMs}: Pick<Build, 'signal' | 'buildStallMs'> & {readonly tell: (event: BuildEvent) => void},
): Promise<Error | null> {
  return untilSilent({signal, stallMs: buildStallMs}, (limit) => {
    const ended = Promise.withResolvers<Error | null>()
    limit.signal.addEventListener('abort', () => {
      ended.reject(limit.signal.reason as Error)
      if (answer instanceof Readable) answer.destroy()
    })
    followProgress(docker, answer, ended.resolve, (event) => {
      limit.heard()
      tell(event)
    })
    return ended.promise
  })
}

/** Whether a program could not reach what it wanted from the internet. */
function isOffline(said: string): boolean {
  return /no such host|could not resolve|temporary failure (?:in name resolution|resolving)|connection (?:refused|timed out|reset)|i\/o timeout|network is unreachable|proxyconnect|could not connect to|unable to connect to/i.test(
    said,
  )
}

const whenOffline = [
  'Connect this computer and its Docker to the internet, then run the same command again',
  'jhub up --bundle FILE   # without internet; on a computer that has it: jhub bundle create',
]

/** dockerode 5.0.1 gives what a program says to BuildKit in base64, and everything else as text. */
function linesOf(said: string): readonly string[] {
  const text = said.trim()
  const decoded = /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64').toString() : ''
  const lines = (decoded.endsWith('\n') ? decoded : said).split('\n')
  return lines.map((line) => line.trimEnd().replace(stepId, '')).filter((line) => line !== '' && !ownWork.test(line))
}

/** BuildKit's name of a step, by which dockerode begins its line. */
const stepId = /^\[sha256:[0-9a-f]+\] /
/** What BuildKit does by itself: no line of a Dockerfile. */
const ownWork = /^\[internal\] |^copy \/context \/$/

/** The types of dockerode do not know its reader of BuildKit's words yet. */
type Follow = (
  answer: NodeJS.ReadableStream,
  onEnd: (error: Error | null) => void,
  onEvent: (event: BuildEvent) => void,
) => void

function followProgress(docker: Dockerode, ...words: Parameters<Follow>): void {
  ;(docker as unknown as {readonly followProgress: Follow}).followProgress(...words)
}

function isFull(said: string): boolean {
  return /no space left|disk quota/i.test(said)
}

/** An engine that goes away ends its answer as one that is done does. */
async function requireImage(docker: Dockerode, tag: string, answerMs: number): Promise<void> {
  await answered(async () => {
    try {
      await docker.getImage(tag).inspect()
    } catch (error) {
      if (statusOf(error) !== 404) throw error
      throw new JhubError('JHUB-E215', 'The Docker engine stopped while it was building an image', {
        fix: 'Start Docker, then run the same command again.',
      })
    }
  }, answerMs)
}
