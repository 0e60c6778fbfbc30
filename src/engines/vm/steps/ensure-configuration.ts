import path from 'node:path'
import {JhubError, messageOf} from '../../../errors.js'
import type {Step} from '../../../steps/step.js'
import type {Configuration} from '../configuration/configuration.js'
import type {Machine} from '../machines/machine.js'
import {readRunningConfiguration} from '../configuration/running-configuration.js'
import {hubEnvironmentVariables} from '../services/services.js'

/**
 * Writes the hub's configuration beside the one that runs. When a hub runs, or somebody's own Python is in it, it is first
 * loaded by the hub's own program: a mistake is found before anybody is disturbed.
 */
export function ensureConfiguration(machine: Machine, wanted: () => Promise<Configuration | undefined>): Step {
  const {files, supervisor} = machine
  const made: string[] = []
  const has = async (directory: string, texts: ReadonlyMap<string, string>) => {
    const names = await files.list(directory)
    return names !== undefined && [...texts.keys(), mark].every((name) => names.includes(name))
  }
  const isWritten = async (configuration: Configuration) =>
    (
      await Promise.all([...doorsOf(configuration), configuration].map((each) => has(each.directory, each.files)))
    ).every(Boolean)
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
      if (configuration !== undefined && (await isWritten(configuration))) return undefined
      return {summary: "write the hub's configuration", disturbs: 'live'}
    },
    async apply({signal}) {
      const configuration = await wanted()
      if (configuration === undefined)
        throw new JhubError('JHUB-E001', 'The configuration was asked for before its secrets')
      const {directory} = configuration
      for (const door of doorsOf(configuration)) {
        if (await has(door.directory, door.files)) continue
        await write(door.directory, door.files)
        await finish(door.directory)
      }
      if (await has(directory, configuration.files)) return
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

/** What is not the hub's own: no program has to try it before it is used. */
function doorsOf({proxyDirectory, proxyFiles, front}: Configuration) {
  return [{directory: proxyDirectory, files: proxyFiles}, ...(front === undefined ? [] : [front])]
}

async function tryConfiguration(machine: Machine, configuration: Configuration, signal: AbortSignal): Promise<void> {
  const file = path.posix.join(configuration.directory, 'jupyterhub_config.py')
  try {
    await machine.run([configuration.hubPython, '-m', 'jupyterhub', '--show-config', '-f', file], {
      signal,
      cwd: machine.layout.database,
      env: {...hubEnvironmentVariables(machine, configuration), JHUB_TRIAL: '1'},
      timeoutMs: 120_000,
    })
  } catch (error) {
    if (!(error instanceof JhubError) || error.code !== 'JHUB-E201') throw error
    throw new JhubError('JHUB-E207', "The hub's new configuration does not load; the running hub was not touched", {
      cause: new Error(messageOf(error.cause)),
      fix: 'Mend the Python file that hub.extraConfig names (jhub config show), then run the same command again.',
    })
  }
}
