import {execa} from 'execa'
import path from 'node:path'
import {inContainer, inDocker, whyNoDocker} from '../e2e/docker-machine.js'
import {onProcesses} from '../e2e/process-machine.js'
import {realJhub, type RealJhub} from '../e2e/real-jhub.js'
import type {CampaignEngine} from './campaign-engine.js'
import {killedDown, killedUp, killedUserAdd} from './kill-cases.js'
import type {DriftCase} from './run-drift.js'
import type {StandingHub} from './standing-hub.js'

/** Runs a line of sh where the hub stands; `$ROOT` and `$DATA` are what `down` removes and what it keeps. */
type Shell = (jhub: RealJhub, script: string) => Promise<unknown>

const onThisMachine: Shell = (jhub, script) => {
  const place = (kind: string) => path.join(jhub.environment[`JHUB_${kind}_DIR`] ?? '', jhub.name)
  return execa('sh', ['-ec', script], {env: {ROOT: place('STATE'), DATA: place('DATA'), NAME: jhub.name}})
}

const inMachine: Shell = ({name}, script) => {
  const places = `ROOT=/opt/jhub/state/${name} DATA=/opt/jhub/data/${name} NAME=${name}`
  return inContainer(`jhub-${name}`, 'sh', '-ec', `${places}; ${script}`)
}

/** What any machine may lose: files below the hub's directories. */
function fileCases(shell: Shell): readonly DriftCase[] {
  const by = (script: string) => ({damage: ({jhub}: StandingHub) => shell(jhub, script)})
  return [
    {
      name: 'settings.json emptied',
      ...by(': > "$(ls $ROOT/etc/*/settings.json)"'),
      planned: /configuration/,
      diagnosed: /configuration/,
    },
    {
      name: 'jupyterhub_config.py changed',
      ...by('echo "raise SystemExit(1)" >> "$(ls $ROOT/etc/*/jupyterhub_config.py)"'),
      planned: /configuration/,
      diagnosed: /configuration/,
    },
    {
      name: 'secrets.json damaged',
      ...by('echo "{" > $ROOT/secrets.json'),
      planned: /secrets/,
      diagnosed: /secrets/,
    },
  ]
}

/** The hub's processes of an ordinary account, on this machine. */
export const processCampaign: CampaignEngine = {
  name: 'process',
  whyNot: () => Promise.resolve(undefined),
  make: () => realJhub({port: 18_980, name: 'campaign'}),
  readHome: (jhub, account, file) => onProcesses.readHome(jhub, account, file),
  drift: fileCases(onThisMachine),
  kills: [killedUp, killedUserAdd, killedDown((jhub) => onProcesses.leftovers(jhub))],
}

/** A machine with systemd in a container. */
export const dockerCampaign: CampaignEngine = {
  name: 'docker',
  whyNot: whyNoDocker,
  make: () => realJhub({port: 18_985, name: 'vmcampaign', machine: 'docker'}),
  readHome: (jhub, account, file) => inDocker.readHome(jhub, account, file),
  drift: [
    ...fileCases(inMachine),
    {
      name: 'the machine stopped',
      damage: () => execa('docker', ['stop', 'jhub-vmcampaign']),
      planned: /start the machine/,
      diagnosed: /machine/,
    },
  ],
  kills: [killedUp, killedUserAdd, killedDown((jhub) => inDocker.leftovers(jhub))],
}
