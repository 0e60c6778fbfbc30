import {describe, it} from 'vitest'
import {killedUp, killedUserAdd} from '../campaign/kill-cases.js'
import {processCampaign} from '../campaign/vm-campaign.js'
import {hubJourney} from './hub-journey.js'
import {byCgroup, onProcesses} from './process-machine.js'

const isRoot = process.getuid?.() === 0
const byResourceLimit = 'import resource; print(resource.getrlimit(resource.RLIMIT_DATA)[0])'

hubJourney(
  'a hub of an ordinary account',
  {port: 18_200, name: 'ordinary', ...(isRoot ? {uid: 65_534} : {})},
  {...onProcesses, memoryCode: byResourceLimit, changesLive: false},
)

if (isRoot)
  hubJourney(
    'a hub of root, with an account for each person',
    {port: 18_300, name: 'ofroot'},
    {
      ...onProcesses,
      memoryCode: byCgroup,
      changesLive: true,
      drift: processCampaign.drift.filter(({inCi}) => inCi === true),
      kills: [killedUp, killedUserAdd(30)],
    },
  )
else describe('a hub of root', () => it.skip('skipped: these tests do not run as root', () => undefined))
