import path from 'node:path'
import type {ProcessFacts} from '../../../../host/processes/processes.js'
import type {Layout} from '../../machines/layout.js'
import type {ServiceDefinition} from '../supervisor.js'

type ServiceName = ServiceDefinition['name']

/** The script that keeps a service running; below the layout's `run`. */
export const keeperName = 'keep-running.sh'

/** Which service a process is, told by the script it was started with, which stands below the hub's own directory. */
export function serviceOf(facts: ProcessFacts, layout: Layout): ServiceName | undefined {
  if (isKeeper(facts, layout)) return undefined
  const {argv} = facts
  const below = (name: string) =>
    argv.slice(1, 6).some((word) => word.startsWith(`${layout.configurations}/`) && word.endsWith(`/${name}`))
  if (below('start-proxy.cjs')) return 'proxy'
  if (below('caddy.json')) return 'https'
  return argv[0]?.startsWith(`${layout.environments}/`) === true && below('jupyterhub_config.py') ? 'hub' : undefined
}

/** A service, or what keeps it running. */
export function isService(facts: ProcessFacts, layout: Layout): boolean {
  return isKeeper(facts, layout) || serviceOf(facts, layout) !== undefined
}

export function isKeeper({argv}: ProcessFacts, layout: Layout): boolean {
  return argv[1] === path.join(layout.run, keeperName)
}

/** Runs from the environment of the hub and is not the hub: a service of JupyterHub's own, such as the idle culler. */
export function isCompanion(facts: ProcessFacts, layout: Layout): boolean {
  const [program, how] = facts.argv
  return program?.startsWith(`${layout.environments}/hub-`) === true && how === '-m' && !isService(facts, layout)
}

/** All else of a hub: whatever was started from a program below its directory, and what lives in one of the homes. */
export function isOther(facts: ProcessFacts, layout: Layout): boolean {
  return !isService(facts, layout) && isBelow(facts, layout)
}

/** Started from a program below the hub's directory, or at home in one of the homes. */
export function isBelow({argv, home}: ProcessFacts, layout: Layout): boolean {
  return argv[0]?.startsWith(`${layout.root}/`) === true || home?.startsWith(`${layout.homes}/`) === true
}
