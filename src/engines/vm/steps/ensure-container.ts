import {JhubError} from '../../../errors.js'
import type {Clock} from '../../../host/clock.js'
import type {ContainerOptions, Docker} from '../../../host/docker/docker.js'
import type {Step, StepContext} from '../../../steps/step.js'
import {waitUntil} from '../../../steps/wait-until.js'
import {everythingLabel, wantedLabel} from '../machines/docker/docker-labels.js'
import type {Machine} from '../machines/machine.js'

export interface EnsureContainerOptions {
  readonly docker: Docker
  readonly clock: Clock
  readonly run: Machine['run']
  readonly labels: Readonly<Record<string, string>>
  readonly volumes: {readonly state: string; readonly data: string}
  readonly dataMount: string
  readonly wanted: () => Promise<ContainerOptions>
}

/** The machine itself. What is on its volumes outlives it; a change of its port or its image makes it anew. */
export function ensureContainer(options: EnsureContainerOptions): Step {
  const {docker, labels, volumes, wanted} = options
  const made: string[] = []
  let isNew = false
  return {
    title: 'Start the machine',
    async check() {
      const target = await wanted()
      const found = await docker.findContainer(target.name)
      if (found === undefined) return {summary: `make the machine ${target.name}`, disturbs: 'live'}
      if (found.labels[wantedLabel] !== target.labels[wantedLabel])
        return {
          summary: `recreate the machine ${target.name} (homes are kept)`,
          disturbs: 'machine or cluster is recreated',
        }
      return found.isRunning ? undefined : {summary: `start the machine ${target.name}`, disturbs: 'live'}
    },
    async apply(context) {
      const target = await wanted()
      const found = await docker.findContainer(target.name)
      isNew = found === undefined
      for (const volume of Object.values(volumes)) {
        if ((await docker.findVolume(volume)) !== undefined) continue
        made.push(volume)
        await docker.createVolume(volume, labels)
      }
      if (found?.labels[wantedLabel] === target.labels[wantedLabel]) {
        await docker.startContainer(target.name)
        if (!(await boots(options, target.name, context))) throw noSystemd(target.name)
        return
      }
      await docker.removeContainer(target.name)
      await docker.createContainer(target)
      if (await boots(options, target.name, context)) return
      if (target.rights === 'everything') throw noSystemd(target.name)
      await docker.removeContainer(target.name)
      await docker.createContainer(withEverything(target))
      if (!(await boots(options, target.name, context))) throw noSystemd(target.name)
      context.note(
        `The container ${target.name} runs with --privileged: this Docker engine started no systemd with less.`,
      )
    },
    async undo() {
      if (!isNew) return
      const {name} = await wanted()
      const hasData = (await docker.findContainer(name)) !== undefined && (await hasFiles(options))
      await docker.removeContainer(name)
      for (const volume of made) if (volume === volumes.state || !hasData) await docker.removeVolume(volume)
    },
  }
}

function withEverything(target: ContainerOptions): ContainerOptions {
  return {...target, rights: 'everything', labels: {...target.labels, [everythingLabel]: 'yes'}}
}

/** Waits until systemd is up. False: its first program ended each time the engine started it. */
async function boots(
  {docker, run, clock}: EnsureContainerOptions,
  name: string,
  {signal}: Pick<StepContext, 'signal'>,
): Promise<boolean> {
  const probe = async () => {
    const found = await docker.findContainer(name)
    return found !== undefined && found.restarts >= 2 ? {ready: false} : probeSystemd(run)
  }
  return waitUntil(probe, {
    what: 'the machine to boot',
    deadlineMs: 90_000,
    intervalMs: 100,
    clock,
    signal,
    fix: `docker logs ${name}`,
  })
}

function noSystemd(name: string): JhubError {
  return new JhubError('JHUB-E201', `systemd does not start in the container ${name}`, {fix: `docker logs ${name}`})
}

/** Whether somebody's work, or the hub's database, is on the data volume; when it cannot be seen, it is taken to be. */
async function hasFiles({run, dataMount}: EnsureContainerOptions): Promise<boolean> {
  try {
    const {stdout} = await run(['find', dataMount, '-type', 'f', '-print', '-quit'], {timeoutMs: 30_000})
    return stdout !== ''
  } catch (error) {
    if (error instanceof JhubError) return true
    throw error
  }
}

async function probeSystemd(run: Machine['run']) {
  try {
    const {stdout} = await run(['systemctl', 'is-system-running'], {okExitCodes: [0, 1, 3, 4], timeoutMs: 10_000})
    const state = stdout.trim()
    return ['running', 'degraded'].includes(state) ? {ready: true} : {notYet: state || 'systemd does not answer'}
  } catch (error) {
    if (!(error instanceof JhubError) || !['JHUB-E201', 'JHUB-E215', 'JHUB-E501'].includes(error.code)) throw error
    return {notYet: error.message}
  }
}
