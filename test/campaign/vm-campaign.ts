import {execa} from 'execa'
import path from 'node:path'
import {inContainer, inDocker, whyNoDocker} from '../e2e/docker-machine.js'
import {onProcesses} from '../e2e/process-machine.js'
import {realJhub, type RealJhub} from '../e2e/real-jhub.js'
import {until} from '../e2e/until.js'
import type {CampaignEngine} from './campaign-engine.js'
import {imageKills} from './image-kills.js'
import {killedDown, killedUp, killedUpgrade, killedUserAdd} from './kill-cases.js'
import {workshopSpec} from './day.js'
import type {DriftCase} from './run-drift.js'
import {safetyCases} from './safety-cases.js'
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

/** The commands that are killed on any machine. */
function killsOf(shell: Shell, {leftovers}: {leftovers: (jhub: RealJhub) => Promise<readonly string[]>}) {
  return [
    killedUp,
    killedUserAdd(200),
    killedUpgrade(
      (jhub) => shell(jhub, noAccounts),
      (jhub) => shell(jhub, olderAccounts),
    ),
    killedDown(leftovers),
    ...imageKills,
  ]
}

/** What any machine may lose: files below the hub's directories. */
function fileCases(shell: Shell): readonly DriftCase[] {
  const by = (script: string) => (hub: StandingHub) => shell(hub.jhub, script)
  const file = (name: string) => `"$(ls $ROOT/etc/*/${name})"`
  const seen = (words: RegExp) => ({planned: words, diagnosed: words})
  const database = '$DATA/database/jupyterhub.sqlite'
  const refused = (says: RegExp) => ({...seen(says), refused: {says, typed: ['up', '--database', 'restore']}})
  return [
    {name: 'settings.json emptied', damage: by(`: > ${file('settings.json')}`), ...seen(/settings\.json/), inCi: true},
    {
      name: 'jupyterhub_config.py changed',
      damage: by(`echo "raise SystemExit(1)" >> ${file('jupyterhub_config.py')}`),
      ...seen(/jupyterhub_config\.py/),
      inCi: true,
    },
    {
      name: 'jhub_authenticator.py deleted',
      damage: by(`rm ${file('jhub_authenticator.py')}`),
      ...seen(/authenticator/),
    },
    {name: 'start-proxy.cjs emptied', damage: by(`: > ${file('start-proxy.cjs')}`), ...seen(/start-proxy/)},
    {name: 'every configuration deleted', damage: by('rm -r $ROOT/etc'), ...seen(/configuration|directories|make/)},
    {name: 'secrets.json damaged', damage: by('echo "{" > $ROOT/secrets.json'), ...seen(/secrets/)},
    {name: 'secrets.json deleted', damage: by('rm $ROOT/secrets.json'), ...seen(/secret/)},
    {name: 'ports.json deleted', damage: by('rm $ROOT/ports.json'), ...seen(/token|ports|secret/)},
    {name: 'the directory of logs deleted', damage: by('rm -r $ROOT/log'), ...seen(/make/)},
    {name: 'the homes shut to their people', damage: by('chmod 0000 $DATA/homes'), ...seen(/make/)},
    {
      name: 'the record of what runs deleted',
      damage: by('rm $ROOT/run/configuration.json'),
      ...seen(/record|JupyterHub/),
    },
    {name: "the hub's programs deleted", damage: by('rm -r $ROOT/env/hub-*'), ...seen(/install/)},
    {name: "people's programs deleted", damage: by('rm -r $ROOT/env/user-*'), ...seen(/install/)},
    {name: 'the database deleted', damage: by(`rm ${database}`), ...refused(/database is missing/), inCi: true},
    {name: 'the database emptied', damage: by(`: > ${database}`), ...refused(/database is empty/)},
    {name: 'the database damaged', damage: by(`echo garbage > ${database}`), ...refused(/database is damaged/)},
  ]
}

/** An older JupyterHub's accounts, as the upgrade copied them, in place of those of the newer one. */
const olderAccounts =
  'cp "$(ls -d $DATA/backups/2* | tail -n 1)/jupyterhub.sqlite" $DATA/database/jupyterhub.sqlite; rm -f $DATA/database/*-wal $DATA/database/*-shm'

const noAccounts = 'rm -rf $DATA/database $DATA/backups'

/** Ended by somebody else: what watches over it brings it back before anybody has to. */
const killed = (name: 'hub' | 'proxy', end: DriftCase['damage']): DriftCase => ({
  name: `the ${name} killed`,
  async damage(hub) {
    const {jhub} = hub
    await end(hub)
    await until(`the ${name} is back`, async () => (await jhub.json<{state: string}>('status')).state === 'running')
  },
  inCi: true,
})

const killByPid =
  (name: string) =>
  async ({jhub}: StandingHub) => {
    const {services} = await jhub.json<{services: readonly {name: string; pid?: number}[]}>('status')
    const pid = services.find((service) => service.name === name)?.pid
    if (pid === undefined) throw new Error(`the ${name} does not run`)
    process.kill(pid, 'SIGKILL')
  }

/** The hub's processes, on this machine. */
export const processCampaign: CampaignEngine = {
  name: 'process',
  whyNot: () => Promise.resolve(undefined),
  make: () => realJhub({port: 18_980, name: 'campaign'}),
  readHome: (jhub, account, file) => onProcesses.readHome(jhub, account, file),
  drift: [
    ...fileCases(onThisMachine),
    killed('hub', killByPid('hub')),
    killed('proxy', killByPid('proxy')),
    {
      name: 'the parent of the hub killed',
      damage: ({jhub}) =>
        onThisMachine(jhub, 'kill -KILL "$(sed -n \'s/.*"pid":\\([0-9]*\\).*/\\1/p\' $ROOT/run/hub.json)"'),
      planned: /restart JupyterHub/,
      diagnosed: /restart JupyterHub/,
    },
  ],
  kills: killsOf(onThisMachine, onProcesses),
}

const unitCases = (['hub', 'proxy'] as const).flatMap((service): readonly DriftCase[] => {
  const unit = `jhub-$NAME.${service}.service`
  const file = `/etc/systemd/system/${unit}`
  const by = (script: string) => ({damage: ({jhub}: StandingHub) => inMachine(jhub, script)})
  const seen = {
    planned: /repair how|start (?:JupyterHub|the proxy)/,
    diagnosed: /repair how|start (?:JupyterHub|the proxy)/,
  }
  return [
    {name: `the unit of the ${service} deleted`, ...by(`rm ${file}`), ...seen, inCi: service === 'hub'},
    {
      name: `the unit of the ${service} changed`,
      ...by(`echo "[Service]" >> ${file}; systemctl daemon-reload`),
      ...seen,
    },
    {name: `the unit of the ${service} disabled`, ...by(`systemctl disable ${unit}`), ...seen},
    {name: `the unit of the ${service} stopped`, ...by(`systemctl stop ${unit}`), ...seen},
    {name: `the variables of the ${service} deleted`, ...by(`rm $ROOT/run/${service}.env`), ...seen},
    killed(service, ({jhub}) => inMachine(jhub, `systemctl kill --signal=KILL ${unit}`)),
  ]
})

const dockerDay = `version: 1
name: daydocker
mode: vm
vm: {machine: docker}
access: {port: 20700}
users: {admin: {admin: true}}
${workshopSpec}`

/** A machine with systemd in a container. */
export const dockerCampaign: CampaignEngine = {
  name: 'docker',
  whyNot: whyNoDocker,
  make: () => realJhub({port: 18_985, name: 'vmcampaign', machine: 'docker'}),
  readHome: (jhub, account, file) => inDocker.readHome(jhub, account, file),
  drift: [
    // The tests do the same to the files of a hub of processes.
    ...fileCases(inMachine).map((each) => ({...each, inCi: false})),
    ...unitCases,
    {
      name: 'the machine stopped',
      damage: ({jhub}) => execa('docker', ['stop', `jhub-${jhub.name}`]),
      planned: /start the machine/,
      diagnosed: /machine|is not running/,
      inCi: true,
    },
    {
      name: 'the machine removed',
      damage: ({jhub}) => execa('docker', ['rm', '--force', `jhub-${jhub.name}`]),
      planned: /make the machine/,
      diagnosed: /machine|is not running/,
    },
  ],
  kills: killsOf(inMachine, inDocker),
  day: () =>
    Promise.resolve({
      hub: {port: 20_700, name: 'daydocker', machine: 'docker', spec: dockerDay},
      people: 30,
      leftovers: (jhub) => inDocker.leftovers(jhub),
    }),
  safety: {
    rootShell: (jhub) => async (script) => String(await inMachine(jhub, script)),
    cases: safetyCases('vmcampaign', {isContainer: true}),
  },
}
