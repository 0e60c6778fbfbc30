import path from 'node:path'
import {JhubError, messageOf} from '../../../errors.js'
import type {Step} from '../../../steps/step.js'
import type {Configuration} from '../configuration/configuration.js'
import type {Machine} from '../machines/machine.js'
import {readRunningConfiguration} from '../configuration/running-configuration.js'
import {hubEnvironmentVariables} from '../services/services.js'
import type {ServiceDefinition} from '../services/supervisor.js'

/**
 * Writes the hub's configuration beside the one that runs. When a hub runs, or somebody's own Python is in it, it is first
 * loaded by the hub's own program: a mistake is found before anybody is disturbed.
 */
export function ensureConfiguration(machine: Machine, wanted: () => Promise<Configuration | undefined>): Step {
  const {files, supervisor} = machine
  const made: string[] = []
  /** `whole`, or what of it is not as it was written; `undefined` when it was never finished. */
  const look = async ({directory, files: texts}: Place): Promise<'whole' | readonly string[] | undefined> => {
    if ((await files.stat(path.posix.join(directory, mark))) === undefined) return undefined
    const damaged = await Promise.all(
      [...texts].map(async ([name, text]) =>
        (await files.read(path.posix.join(directory, name))) === text ? [] : [name],
      ),
    )
    const names = damaged.flat()
    return names.length === 0 ? 'whole' : names
  }
  const write = async (directory: string, texts: ReadonlyMap<string, string>) => {
    made.push(directory)
    await files.remove(directory)
    await files.makeDirectory(directory, {mode: 0o700})
    const places = [...texts].map(([name, text]) => ({place: path.posix.join(directory, name), text}))
    await Promise.all(places.map(({place, text}) => files.write(place, text, {mode: 0o600})))
  }
  const finish = (directory: string) => files.write(path.posix.join(directory, mark), '', {mode: 0o600})
  return {
    title: "Write the hub's configuration",
    async check() {
      const configuration = await wanted()
      if (configuration === undefined) return {summary: "write the hub's configuration", disturbs: 'live'}
      const looks = await Promise.all(placesOf(configuration).map(look))
      if (looks.every((seen) => seen === 'whole')) return undefined
      const damaged = looks.flatMap((seen) => (seen === undefined || seen === 'whole' ? [] : seen))
      if (damaged.length === 0) return {summary: "write the hub's configuration", disturbs: 'live'}
      return {
        summary: `repair the hub's configuration: ${damaged.join(', ')} ${damaged.length === 1 ? 'was' : 'were'} changed or lost`,
        disturbs: 'hub restarts (servers keep running)',
      }
    },
    async apply({signal}) {
      const configuration = await wanted()
      if (configuration === undefined)
        throw new JhubError('JHUB-E001', 'The configuration was asked for before its secrets')
      const {directory} = configuration
      for (const place of placesOf(configuration)) {
        const seen = await look(place)
        // A service that may have read what is damaged does not go on with it; the steps that follow start it again.
        if (Array.isArray(seen)) await supervisor.stop(place.service, signal)
        if (seen === 'whole' || place.directory === directory) continue
        await write(place.directory, place.files)
        await finish(place.directory)
      }
      if ((await look(placeOfHub(configuration))) === 'whole') return
      await write(directory, configuration.files)
      const isWorthTrying =
        configuration.files.has('extra_config.py') || (await supervisor.status('hub')).state === 'running'
      if (isWorthTrying) await tryConfiguration(machine, configuration, signal)
      await finish(directory)
    },
    async undo() {
      const running = await readRunningConfiguration(machine)
      for (const directory of made) if (directory !== running?.directory) await files.remove(directory)
    },
  }
}

const mark = '.jhub-whole'

interface Place {
  readonly directory: string
  readonly files: ReadonlyMap<string, string>
  /** Who reads it. */
  readonly service: ServiceDefinition['name']
}

function placeOfHub({directory, files}: Configuration): Place {
  return {directory, files, service: 'hub'}
}

/** That of the hub is the last; no program has to try the others before they are used. */
function placesOf(configuration: Configuration): readonly Place[] {
  const {proxyDirectory, proxyFiles, httpsProxy} = configuration
  return [
    {directory: proxyDirectory, files: proxyFiles, service: 'proxy'},
    ...(httpsProxy === undefined
      ? []
      : [{directory: httpsProxy.directory, files: httpsProxy.files, service: 'https'} as const]),
    placeOfHub(configuration),
  ]
}

async function tryConfiguration(machine: Machine, configuration: Configuration, signal: AbortSignal): Promise<void> {
  const file = path.posix.join(configuration.directory, 'jupyterhub_config.py')
  try {
    await machine.run([configuration.hubPython, '-m', 'jupyterhub', '--show-config', '-f', file], {
      signal,
      cwd: machine.layout.database,
      env: {...hubEnvironmentVariables(machine, configuration), JHUB_TRIAL: '1'},
      timeoutMs: 300_000,
    })
  } catch (error) {
    if (!(error instanceof JhubError) || error.code !== 'JHUB-E201') throw error
    throw new JhubError('JHUB-E207', "The hub's new configuration does not load; the running hub was not touched", {
      cause: new Error(messageOf(error.cause)),
      fix: 'Fix the Python file that hub.extraConfig names (jhub config show), then run the same command again.',
    })
  }
}
