import {createReadStream, createWriteStream} from 'node:fs'
import {Readable} from 'node:stream'
import {pipeline} from 'node:stream/promises'
import type Dockerode from 'dockerode'
import {JhubError} from '../../errors.js'
import {answered, translated, untilSilent} from './docker-answers.js'

interface Patience {
  readonly signal: AbortSignal
  /** An engine may first gather the whole image. */
  readonly startMs: number
  /** How long the engine may neither take nor give a byte. */
  readonly stallMs: number
}

/** Writes an image to a file, as `docker save` does. Throws `JHUB-E209` on a full disk, `JHUB-E215` where the engine falls silent. */
export async function saveImage(
  docker: Dockerode,
  tag: string,
  file: string,
  {signal, startMs, stallMs}: Patience,
): Promise<void> {
  const image = await answered(() => docker.getImage(tag).get(), startMs, signal)
  await untilSilent({signal, stallMs}, async (limit) => {
    try {
      await pipeline(image, limit.listen, createWriteStream(file), {signal: limit.signal})
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      throw new JhubError('JHUB-E209', `No space left on the disk for ${file}`, {cause: error})
    }
  })
}

/**
 * Takes the images of such a file. Throws `JHUB-E201` with what the engine says of a file that it cannot take, `JHUB-E215` where
 * it falls silent, `JHUB-E231` for a file that cannot be read.
 */
export async function loadImage(
  docker: Dockerode,
  file: string,
  {signal, stallMs}: Pick<Patience, 'signal' | 'stallMs'>,
): Promise<void> {
  await untilSilent({signal, stallMs}, (limit) => {
    const content = Readable.from(limit.listen<Buffer>(createReadStream(file)), {objectMode: false})
    const unreadable = Promise.withResolvers<never>()
    content.once('error', (cause) => {
      unreadable.reject(
        new JhubError('JHUB-E231', `${file} cannot be read`, {cause, fix: 'Run the same command again'}),
      )
    })
    const loaded = translated(async () => {
      const answer = await docker.loadImage(content, {abortSignal: limit.signal})
      const failure = await new Promise<Error | null>((resolve) => {
        docker.modem.followProgress(answer, (error: Error | null) => resolve(error), limit.heard)
      })
      limit.signal.throwIfAborted()
      if (failure !== null) throw failure
    })
    return Promise.race([loaded, unreadable.promise])
  })
}
