import {definedOnly} from '../../../../defined-only.js'
import {describeCause, JhubError} from '../../../../errors.js'
import {isRefusal} from '../../../../host/docker/registry-error.js'
import {registryHost} from '../../../../host/docker/registry-host.js'
import type {Step, StepContext} from '../../../../steps/step.js'
import type {Build} from '../../images/image-delivery.js'
import type {Pushed, PushedImages} from '../../registry/pushed-images.js'
import type {RegistryAccounts} from '../../registry/registry-accounts.js'
import type {RegistryEngine} from '../../registry/registry-engine.js'

export interface PushPlace {
  readonly engine: RegistryEngine
  readonly accounts: RegistryAccounts
  readonly pushed: PushedImages
  /** `registry.example/courses/physics`; `undefined` where the spec names no registry. */
  readonly repository: string | undefined
}

/** Pushes what was built here to the registry of the spec, and notes by which digest nodes download it. */
export function pushBuilds(place: PushPlace, missing: () => Promise<readonly Build[]>): Step {
  const {pushed, repository = ''} = place
  let before: Pushed | undefined
  return {
    title: 'Push images to the registry',
    async check() {
      const found = await missing()
      if (found.length === 0) return undefined
      const [pulled, own] = [found.filter(({source}) => source !== undefined), found.filter(isMadeHere)]
      const parts = [
        ...(own.length === 0 ? [] : [`push ${own.map(({reference}) => tagOf(reference)).join(', ')} to ${repository}`]),
        ...(pulled.length === 0 ? [] : [`let nodes download ${pulled.map(({source}) => source).join(', ')}`]),
      ]
      return {summary: parts.join(', '), disturbs: 'live'}
    },
    async apply(context) {
      const found = await missing()
      before = await pushed.read()
      for (const build of found) {
        const reference = build.source ?? (await push(place, build, context))
        await pushed.write(new Map([...(await pushed.read()), [build.reference, reference]]))
        await tellWhenClosed(place, reference, context)
      }
    },
    /** What the registry has by then stays there: nothing names it. */
    async undo() {
      if (before !== undefined) await pushed.write(before)
    },
  }
}

function isMadeHere({source}: Build): boolean {
  return source === undefined
}

async function push(
  {engine, accounts, repository}: PushPlace,
  {reference}: Build,
  context: StepContext,
): Promise<string> {
  if (repository === undefined)
    throw new JhubError(
      'JHUB-E236',
      `The image ${reference} is on this computer alone, and k8s.registry names no registry`,
      {
        fix: 'jhub config edit   # k8s: {registry: registry.example/courses}',
      },
    )
  const tag = tagOf(reference)
  const login = await accounts.loginFor(repository)
  const digest = await engine.pushImage(
    {image: reference, repository, tag, ...definedOnly({login})},
    {signal: context.signal, onBytes: (done, total) => context.report({done, total, unit: 'bytes', note: tag})},
  )
  return `${repository}@${digest}`
}

/** Nodes may have an account that jhub does not know of; else servers would not start, and nobody would have been told. */
async function tellWhenClosed({engine, accounts}: PushPlace, reference: string, context: StepContext): Promise<void> {
  const host = registryHost(reference)
  if ((await accounts.loginFor(reference)) !== undefined) return
  const nobody = {serveraddress: host}
  try {
    await engine.findInRegistry(reference, nobody)
  } catch (error) {
    if (!(error instanceof JhubError)) throw error
    context.note(
      isRefusal(error)
        ? `The registry ${host} gives ${reference} only to accounts, and this hub has none for its nodes. Where the cluster has none of its own either: jhub image login ${host}`
        : `jhub could not see whether nodes can download ${reference} without an account: ${describeCause(error)}`,
    )
  }
}

function tagOf(reference: string): string {
  return reference.slice(reference.lastIndexOf(':') + 1)
}
