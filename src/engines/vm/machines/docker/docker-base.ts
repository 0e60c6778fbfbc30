import path from 'node:path'
import type {ContainerOptions, ImageBuild} from '../../../../host/docker/docker.js'
import {imageName} from '../../../../bundle/part-names.js'
import type {UnpackedBundle} from '../../../../bundle/read-bundle.js'
import type {Host} from '../../../../host/host.js'
import type {HubSpec} from '../../../../hub-spec/hub-spec.js'
import type {Step} from '../../../../steps/step.js'
import type {Finding} from '../../../../findings/finding.js'
import {companyCertificates} from '../../../images/company-certificates.js'
import {publicPorts} from '../../configuration/endpoint.js'
import {shortHash} from '../../packages/locks/lock-files.js'
import {readAsset} from '../../../read-assets.js'
import type {Agent} from '../../remote/agent.js'
import {ensureContainer} from '../../steps/ensure-container.js'
import {loadImage} from '../../bundle/load-image.js'
import {ensureImage} from '../../steps/ensure-image.js'
import {removeContainer} from '../../steps/removal/remove-container.js'
import {everythingLabel, ownerLabel, portLabel, wantedLabel} from './docker-labels.js'
import {publishedPorts} from './docker-ports.js'
import type {MachineBase, Machine} from '../machine.js'

export interface DockerBaseOptions {
  readonly host: Host
  readonly agent: Agent
  readonly run: Machine['run']
  readonly container: string
  readonly volumes: {readonly state: string; readonly data: string}
  /** Where the volumes stand in the container. */
  readonly mounts: {readonly state: string; readonly data: string}
  readonly assets: string
  readonly environment: Readonly<Record<string, string>>
  /** Where the image comes from, if it is in it. */
  readonly bundle?: UnpackedBundle
}

/** The image, the container and its two volumes. */
export function dockerBase(options: DockerBaseOptions): MachineBase {
  const {host, agent, run, container, volumes, mounts, assets, environment} = options
  const {docker, files, clock, system} = host
  const labels = {[ownerLabel]: container}

  const image = async (): Promise<ImageBuild> => {
    const dockerfile = await readAsset(files, path.join(assets, 'vm', 'Dockerfile'))
    const init = await readAsset(files, path.join(assets, 'vm', 'machine-init.sh'))
    const certificates = await companyCertificates(host)
    const context = new Map([
      ['Dockerfile', dockerfile],
      ['machine-init.sh', init],
      ['company-ca.crt', certificates],
    ])
    const proxies = Object.entries(environment).filter(([name]) => /_proxy$/i.test(name))
    return {
      tag: `jhub-machine:${shortHash(`${dockerfile}\n${init}\n${certificates}`)}`,
      labels: {[ownerLabel]: '*'},
      files: context,
      buildArguments: Object.fromEntries(proxies),
    }
  }
  const wanted = async ({access}: HubSpec): Promise<ContainerOptions> => {
    const bare = {
      name: container,
      image: (await image()).tag,
      hostname: container,
      volumes: new Map([
        [mounts.state, volumes.state],
        [mounts.data, volumes.data],
      ]),
      publish: publishedPorts(access),
      rights: machineRights,
    }
    const fingerprint = shortHash(JSON.stringify([bare.image, bare.publish, bare.rights]))
    return {
      ...bare,
      labels: {...labels, [wantedLabel]: fingerprint, [portLabel]: publicPorts(access).join()},
    }
  }
  const isNeeded = async (spec: HubSpec) => !(await isAsWanted(options, await wanted(spec)))
  return {
    image: {
      tag: async () => (await image()).tag,
      isThere: async () => (await docker.findImage((await image()).tag)) !== undefined,
      save: async (file, signal) => docker.saveImage((await image()).tag, file, signal),
    },
    holdsAll: true,
    dataVolume: {name: volumes.data, mount: mounts.data},
    isThere: () => agent.isThere(),
    async preflight(spec) {
      const seen = await docker.look()
      if ('silent' in seen) return [silentEngine(seen.silent, system.platform)]
      const found: Finding = {
        check: 'docker',
        state: 'ok',
        found: `engine ${seen.version}, ${seen.architecture}, cgroup v${seen.cgroupVersion}`,
      }
      return [found, ...(await checkOwners(options)), ...(await checkRights(options)), ...refuseSudo(spec)]
    },
    upSteps: (spec) => [
      ...bundledImage(options, () => isNeeded(spec)),
      ensureImage({docker, image, isNeeded: () => isNeeded(spec)}),
      ensureContainer({docker, clock, run, labels, volumes, dataMount: mounts.data, wanted: () => wanted(spec)}),
    ],
    downSteps: ({deleteData}) => [
      removeContainer({
        docker,
        container,
        deleteData,
        volumes: deleteData ? Object.values(volumes) : [volumes.state],
      }),
    ],
  }
}

/** The image of a bundle, where there is one in it. */
function bundledImage({host: {docker}, bundle}: DockerBaseOptions, isNeeded: () => Promise<boolean>): readonly Step[] {
  const tag = bundle?.manifest.mode === 'vm' ? bundle.manifest.image : undefined
  if (bundle === undefined || tag === undefined) return []
  return [loadImage({docker, tag, file: path.join(bundle.directory, imageName), isNeeded})]
}

/** What systemd, its units' mounts and the rules of the network need of root in the container. */
const machineRights: readonly string[] = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'NET_ADMIN',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_ADMIN',
  'SYS_CHROOT',
]

/** What the container of a hub may do more than it needs; absent while there is none. */
async function checkRights({host: {docker}, container}: DockerBaseOptions): Promise<readonly Finding[]> {
  const found = await docker.findContainer(container)
  if (found?.labels[everythingLabel] === undefined) return []
  return [
    {
      check: 'container',
      state: 'warning',
      found: 'it runs with --privileged: this Docker engine started no systemd with less',
      needed: 'an engine that lets a container write its own control groups',
      fix: `docker rm -f ${container} && jhub up   # after an update of Docker; homes are kept`,
    },
  ]
}

/** Root in the container is not apart from root of this computer: it may mount. */
function refuseSudo({vm}: HubSpec): readonly Finding[] {
  if (!vm.adminSudo) return []
  return [
    {
      check: 'vm.adminSudo',
      state: 'problem',
      found: 'the machine is docker, where sudo would let admins of the hub become root of this computer',
      needed: 'adminSudo: false, or a machine of its own',
      fix: 'jhub config edit   # take adminSudo out, or set vm.machine to host or ssh://…',
    },
  ]
}

async function isAsWanted({host, container}: DockerBaseOptions, wanted: ContainerOptions): Promise<boolean> {
  const found = await host.docker.findContainer(container)
  return found?.labels[wantedLabel] === wanted.labels[wantedLabel]
}

/** Containers and volumes of that name which jhub did not make stop everything. */
async function checkOwners({host: {docker}, container, volumes}: DockerBaseOptions): Promise<readonly Finding[]> {
  const [found, ...stores] = await Promise.all([
    docker.findContainer(container),
    ...Object.values(volumes).map((name) => docker.findVolume(name)),
  ])
  const things = [
    {what: `container ${container}`, remove: `docker rm ${container}`, found},
    ...Object.values(volumes).map((name, index) => ({
      what: `volume ${name}`,
      remove: `docker volume rm ${name}`,
      found: stores[index],
    })),
  ]
  return things.flatMap((thing): Finding[] =>
    thing.found === undefined || thing.found.labels[ownerLabel] === container
      ? []
      : [
          {
            check: thing.what,
            state: 'problem',
            found: 'it is there, and jhub did not make it',
            needed: 'nothing of that name, or something that jhub made',
            fix: `${thing.remove}   # or give the hub another name`,
          },
        ],
  )
}

function silentEngine(why: string, platform: NodeJS.Platform): Finding {
  return {
    check: 'docker',
    state: 'problem',
    found: `no engine answers: ${why}`,
    needed: 'a running Docker engine that this account may use',
    fix:
      platform === 'linux'
        ? 'sudo systemctl start docker   # and: sudo usermod -aG docker $USER'
        : 'Start Docker Desktop.',
  }
}
