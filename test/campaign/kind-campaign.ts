import {cp, mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {execa} from 'execa'
import {kindDamages, kindDamagesOutside} from '../e2e/kind-drift.js'
import {chart, inKind, kindSpec, whyNoKind} from '../e2e/kind-lab.js'
import {realJhub, type RealJhub} from '../e2e/real-jhub.js'
import type {CampaignEngine} from './campaign-engine.js'
import {isCurrent, killedDown, killedLimits, killedUp, killedUserAdd} from './kill-cases.js'
import {workshopSpec} from './day.js'
import type {DriftCase} from './run-drift.js'
import type {KillCase} from './run-kills.js'

const [name, port] = ['campaign', 18_990]

const settingsFile = ({environment, name}: RealJhub) => path.join(environment['JHUB_CONFIG_DIR'] ?? '', `${name}.yaml`)

const drift: readonly DriftCase[] = [
  ...kindDamages.map(({name: what, damage, said, planned = said}): DriftCase => ({
    name: what,
    damage: ({jhub}) => damage(jhub),
    ...(planned === undefined ? {} : {planned}),
    ...(said === undefined ? {} : {diagnosed: said}),
  })),
  ...kindDamagesOutside.map(({name: what, damage, planned}): DriftCase => ({
    name: what,
    damage: ({jhub}) => damage(jhub),
    planned,
  })),
]

/** A hub that is given other settings by helm, killed on the way; then run the same command again. */
export const killedChange: KillCase = {
  words: ['up'],
  title: 'up with other settings',
  async prepare({jhub}) {
    const file = settingsFile(jhub)
    const source = await readFile(file, 'utf8')
    const next = source.includes('after: 1h') ? 'after: 2h' : 'after: 1h'
    await writeFile(file, source.replace(/after: \dh/, next))
  },
  reached: () => Promise.resolve([]),
}

/** A copy of the chart under another version, in a directory of the hub's. */
async function otherChart({directory}: RealJhub, version: string): Promise<string> {
  const place = path.join(directory, 'charts', version)
  await mkdir(place, {recursive: true})
  if (chart.endsWith('.tgz')) await execa('tar', ['-xzf', chart, '--strip-components=1', '-C', place])
  else await cp(chart, place, {recursive: true})
  const file = path.join(place, 'Chart.yaml')
  await writeFile(file, (await readFile(file, 'utf8')).replace(/^version: .*$/m, `version: ${version}`))
  return place
}

/** `upgrade` to a chart of another version; between two kills the hub goes back to the one before. */
const killedUpgrade: KillCase = {
  words: ['upgrade', '--yes'],
  title: 'upgrade',
  async prepare({jhub}) {
    const useChart = async (place: string) => {
      const source = await readFile(settingsFile(jhub), 'utf8')
      await writeFile(settingsFile(jhub), source.replace(/^ {2}chart: .*$/m, `  chart: ${place}`))
    }
    await useChart(await otherChart(jhub, '98.0.0'))
    await jhub.json('up')
    await useChart(await otherChart(jhub, '99.0.0'))
  },
  reached: isCurrent,
}

/** A cluster that kind makes, with the chart. */
export const kindCampaign: CampaignEngine = {
  name: 'kind',
  whyNot: whyNoKind,
  async make() {
    return realJhub({name, port, spec: await kindSpec({name, port})})
  },
  readHome: (jhub, account, file) => inKind.readHome(jhub, account, file),
  drift,
  kills: [
    killedUp,
    killedChange,
    killedUserAdd(200),
    killedLimits,
    killedUpgrade,
    killedDown((jhub) => inKind.leftovers(jhub)),
  ],
  day: async () => ({
    hub: {
      port: 20_710,
      name: 'daykind',
      spec: await kindSpec({name: 'daykind', port: 20_710, more: workshopSpec}),
    },
    people: 30,
    leftovers: (jhub) => inKind.leftovers(jhub),
  }),
}
