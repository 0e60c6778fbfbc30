import {isDeepStrictEqual} from 'node:util'
import {expect} from 'vitest'
import type {RealJhub} from './real-jhub.js'
import {accountOfServer, isForked, serverFacts, showServer, type Inside} from './server-facts.js'
import {until} from './until.js'

interface ImageFork {
  readonly jhub: RealJhub
  readonly inside: Inside
  /** Somebody whose server is to run from the image. */
  readonly name: string
  readonly image: string
}

/** Waits until servers are forked. */
export async function untilForksReady(jhub: RealJhub): Promise<void> {
  const forks = async () => (await jhub.json<{forks: {service: string}}>('status')).forks
  await until('servers are forked', async () => (await forks()).service === 'ready')
  expect(await forks()).toMatchObject({isWanted: true, service: 'ready'})
}

/** Waits until servers of just these images are forked. */
export async function untilForked(jhub: RealJhub, images: readonly string[]): Promise<void> {
  const seen = async () => (await jhub.json<{forks: {images: readonly string[]}}>('status')).forks.images
  await until(`servers of ${images.join()} are forked`, async () => isDeepStrictEqual(await seen(), images))
}

/** A server of an image is a fork as any other, and is what an ordinary one of that image is. It runs on without its service. */
export async function forksServersOfAnImage({jhub, inside, name, image}: ImageFork): Promise<void> {
  const restart = () => jhub.json('server', 'restart', name)
  await untilForked(jhub, [image])
  await restart()
  const account = await accountOfServer(inside, jhub.name, name)
  expect(await isForked(inside, jhub.name, account)).toBe(true)
  const forked = await serverFacts(inside, jhub.name, account)
  const pid = await showServer(inside, jhub.name, account, 'MainPID')
  await inside('systemctl', 'stop', `jhub-${jhub.name}.image-${image}-*.prefork.service`)
  expect(await showServer(inside, jhub.name, account, 'MainPID')).toBe(pid)
  await restart()
  expect(await isForked(inside, jhub.name, account)).toBe(false)
  expect(await serverFacts(inside, jhub.name, account)).toEqual(forked)
}

/**
 * An image is exchanged while a forked server of it runs: that server stays as it is, the next one has what is new and is a
 * fork too, and the service of the image before ends, as nobody can have it any more.
 */
export async function exchangesAnImage(
  {jhub, inside, name, image}: ImageFork,
  change: () => Promise<unknown>,
): Promise<void> {
  const account = await accountOfServer(inside, jhub.name, name)
  const services = () =>
    inside('systemctl', 'list-units', '--plain', '--no-legend', `jhub-${jhub.name}.image-${image}-*.prefork.service`)
  const unitsOf = (listed: string) => listed.split('\n').map((line) => line.split(' ')[0] ?? '')
  await untilForked(jhub, [image])
  await jhub.json('server', 'restart', name)
  expect(await isForked(inside, jhub.name, account)).toBe(true)
  const pid = await showServer(inside, jhub.name, account, 'MainPID')
  const [before] = unitsOf(await services())
  await change()
  await until('only the service of the new image is there', async () => {
    const [unit, ...others] = unitsOf(await services())
    return unit !== undefined && unit !== '' && unit !== before && others.length === 0
  })
  expect(await showServer(inside, jhub.name, account, 'MainPID')).toBe(pid)
  await untilForked(jhub, [image])
}
