import {chmod, mkdir, mkdtemp, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {execa} from 'execa'
import {openBrowser} from '../e2e/browser.js'
import {realJhub, type RealJhub} from '../e2e/real-jhub.js'
import type {CampaignEngine} from './campaign-engine.js'
import {safetyCases} from './safety-cases.js'

const name = 'sshcampaign'
const port = 18_988
const {JHUB_E2E_SSH_CONFIG: configuration = '', JHUB_E2E_SSH_HOST: host = '', JHUB_E2E_SSH_HUB: standing} = process.env

/** A program called `ssh` that knows the machine; gives its directory. */
async function ownSsh(): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), 'jhub-campaign-ssh-'))
  const bin = path.join(directory, 'bin')
  await mkdir(bin)
  const {stdout: program} = await execa('sh', ['-c', 'command -v ssh'])
  await writeFile(path.join(bin, 'ssh'), `#!/bin/sh\nexec ${program} -F ${configuration} "$@"\n`)
  await chmod(path.join(bin, 'ssh'), 0o755)
  return bin
}

async function asRoot(script: string): Promise<string> {
  const places = `ROOT=/opt/jhub/${name} DATA=/opt/jhub/${name}.data NAME=${name}`
  const {stdout} = await execa('ssh', ['-F', configuration, host, 'sudo', 'sh', '-es'], {input: `${places}; ${script}`})
  return stdout
}

/** Forwards the hub to this computer for as long as the campaign runs. */
async function openHub({program, environment}: RealJhub): Promise<string> {
  void execa(process.execPath, [...program, 'open', '--no-input'], {
    env: environment,
    reject: false,
    cleanup: true,
    stdio: 'ignore',
  })
  const url = `http://127.0.0.1:${String(port)}`
  for (let tries = 0; tries < 600; tries++) {
    const page = await openBrowser(url)
      .get('/hub/login')
      .catch(() => undefined)
    if (page?.status === 200) return url
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  throw new Error('`jhub open` does not lead to the hub')
}

/**
 * A whole machine behind ssh, with control groups v2 and a kernel of its own, that is made and removed elsewhere:
 * `JHUB_E2E_SSH_CONFIG` is a configuration of ssh, and `JHUB_E2E_SSH_HOST` a name in it. `JHUB_E2E_SSH_HUB` is the directory of
 * a hub that stands there already, with the name and the port of this one: where a machine is emulated, `up` takes long.
 */
export const sshCampaign: CampaignEngine = {
  name: 'ssh',
  whyNot: async () =>
    configuration === '' || host === '' ? 'JHUB_E2E_SSH_CONFIG and JHUB_E2E_SSH_HOST name no machine' : undefined,
  async make() {
    const PATH = `${await ownSsh()}:${process.env['PATH'] ?? ''}`
    const machine = `ssh://admin@${host}`
    return realJhub({port, name, machine, environment: {PATH}, ...(standing === undefined ? {} : {standing})})
  },
  readHome: (_jhub, account, file) => asRoot(`cat $DATA/homes/${account}/${file}`),
  openHub,
  drift: [],
  kills: [],
  safety: {rootShell: () => asRoot, cases: safetyCases(name, {isContainer: false})},
}
