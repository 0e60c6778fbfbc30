import {createReadStream, createWriteStream} from 'node:fs'
import {pipeline} from 'node:stream/promises'
import type Dockerode from 'dockerode'
import {JhubError} from '../../errors.js'
import {translated} from './docker-answers.js'

/** Writes an image to a file, as `docker save` does. Throws `JHUB-E209` on a full disk. */
export async function saveImage(docker: Dockerode, tag: string, file: string, signal: AbortSignal): Promise<void> {
  const image = await translated(() => docker.getImage(tag).get())
  try {
    await pipeline(image, createWriteStream(file), {signal})
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
    throw new JhubError('JHUB-E209', `No room left on the disk for ${file}`, {cause: error})
  }
}

/** Takes the images of such a file. Throws `JHUB-E201` with what the engine says of a file that it cannot take. */
export async function loadImage(docker: Dockerode, file: string, signal: AbortSignal): Promise<void> {
  await translated(async () => {
    const answer = await docker.loadImage(createReadStream(file), {abortSignal: signal})
    const failure = await new Promise<Error | null>((resolve) => {
      docker.modem.followProgress(answer, (error: Error | null) => resolve(error))
    })
    signal.throwIfAborted()
    if (failure !== null) throw failure
  })
}
