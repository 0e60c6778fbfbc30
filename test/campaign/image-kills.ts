import type {RealJhub} from '../e2e/real-jhub.js'
import type {KillCase} from './run-kills.js'

const image = 'data'
const older = '0.8.10'

interface Shown {
  readonly build: string | null
  readonly packages: Readonly<Record<string, string>>
  readonly earlier: number
}

interface Listed {
  readonly name: string
  readonly isBuilt: boolean
  readonly use: {readonly everybody: boolean}
}

const show = (jhub: RealJhub) => jhub.json<Shown>('image', 'show', image)
const find = async (jhub: RealJhub) =>
  (await jhub.json<{images: readonly Listed[]}>('image', 'list')).images.find(({name}) => name === image)
const add = (jhub: RealJhub, ...packages: readonly string[]) =>
  jhub.json('image', 'add', image, ...packages.flatMap((name) => ['--package', name]))

async function remove(jhub: RealJhub): Promise<void> {
  await jhub.json('image', 'unset')
  if ((await find(jhub)) !== undefined) await jhub.json('image', 'remove', image)
}

/** An image of an older package, of which the recipe lets any version be. */
async function addOlder(jhub: RealJhub): Promise<void> {
  await remove(jhub)
  await add(jhub, `tabulate==${older}`)
  await add(jhub, 'tabulate')
}

/** What is wrong with an image of `tabulate`, of which every build is whole. */
async function wrongWith(jhub: RealJhub, isRight: (seen: Shown) => boolean): Promise<readonly string[]> {
  const seen = await show(jhub)
  return seen.build !== null && isRight(seen) ? [] : [`image show says ${JSON.stringify(seen).slice(0, 300)}`]
}

const version = ({packages}: Shown) => packages['tabulate']

/** A new image, whose packages are chosen and installed. */
const killedAdd: KillCase = {
  words: ['image', 'add', image, '--package', 'pandas'],
  prepare: ({jhub}) => remove(jhub),
  reached: ({jhub}) => wrongWith(jhub, ({packages}) => packages['pandas'] !== undefined),
}

/** An image that is built becomes everybody's. */
const killedUse: KillCase = {
  words: ['image', 'use', image],
  async prepare({jhub}) {
    await jhub.json('image', 'unset')
    if ((await find(jhub)) === undefined) await add(jhub, 'tabulate')
  },
  async reached({jhub}) {
    const found = await find(jhub)
    return found?.isBuilt === true && found.use.everybody ? [] : [`image list says ${JSON.stringify(found)}`]
  },
}

const killedUpdate: KillCase = {
  words: ['image', 'update', image],
  prepare: ({jhub}) => addOlder(jhub),
  reached: ({jhub}) => wrongWith(jhub, (seen) => ![undefined, older].includes(version(seen))),
}

/** One that was killed late has gone back already, and the second goes forward again: both builds must be left. */
const killedRollback: KillCase = {
  words: ['image', 'rollback', image],
  async prepare({jhub}) {
    await addOlder(jhub)
    await jhub.json('image', 'update', image)
  },
  reached: ({jhub}) => wrongWith(jhub, (seen) => version(seen) !== undefined && seen.earlier > 0),
}

/** One that was killed late has removed it already, and the second finds no image; `up` does what was left. */
const killedRemove: KillCase = {
  words: ['image', 'remove', image],
  doneExitCode: 4,
  async prepare({jhub}) {
    await jhub.json('image', 'unset')
    if ((await find(jhub)) === undefined) await add(jhub, 'tabulate')
  },
  async reached({jhub}) {
    return (await find(jhub)) === undefined ? [] : ['the image is still listed']
  },
}

/** Every command that changes what an image is, or who has it. */
export const imageKills: readonly KillCase[] = [killedAdd, killedUse, killedUpdate, killedRollback, killedRemove]
