import {JhubError} from '../../../errors.js'
import {outOfMemory} from './out-of-memory.js'

const causes = [
  {
    words: /no space left|not enough free space|disk quota/i,
    code: 'JHUB-E209',
    what: 'No space left on the disk',
    fix: 'df -h   # WHERE: free up some space, then run the same command again',
  },
  {
    words: /could not get lock|unable to acquire the dpkg/i,
    code: 'JHUB-E401',
    what: 'Another program installs Debian packages there and did not finish within five minutes',
    fix: 'Wait until it has ended, then run the same command again',
  },
  {
    words: /Packages need to be removed but remove is disabled/i,
    code: 'JHUB-E221',
    what: 'They conflict with installed packages, and jhub does not remove those',
    fix: 'sudo apt-get install --simulate NAMES   # WHERE: says which',
  },
  {
    words: /Failed to fetch|Could not (?:connect|resolve)|Connection (?:failed|timed out)|Temporary failure resolving/i,
    code: 'JHUB-E205',
    what: "Debian's package archive could not be reached",
    fix: 'sudo apt-get update   # WHERE: says what is wrong. Then run the same command again',
  },
  {
    words: /dpkg was interrupted|fix-broken install/i,
    code: 'JHUB-E221',
    what: 'Some packages there are only half installed, and apt-get could not finish them',
    fix: 'sudo apt-get --fix-broken install   # WHERE. Then run the same command again',
  },
  {
    words: /has no installation candidate|unmet dependencies|held broken packages/i,
    code: 'JHUB-E221',
    what: 'They cannot be installed together',
    fix: 'sudo apt-get install --simulate NAMES   # WHERE: says why',
  },
] as const

/** Says in a person's words why apt-get did not install these packages; anything else as it was. */
export function debianError(error: unknown, names: readonly string[], where: string): unknown {
  if (!(error instanceof JhubError) || error.code !== 'JHUB-E201') return error
  const {output} = error.details ?? {}
  const said = typeof output === 'string' ? output : ''
  const known = causes.find(({words}) => words.test(said))
  if (known === undefined) return outOfMemory(error, `the Debian packages ${names.join(', ')}`) ?? error
  const {code, what, fix} = known
  const [, virtual] = /Package '?(\S+?)'? has no installation candidate/.exec(said) ?? []
  const because = virtual === undefined ? what : `${virtual} is not a package itself: name one that provides it`
  const cause = new Error(said.trim().split('\n').slice(-8).join('\n'))
  return new JhubError(code, `The Debian packages ${names.join(', ')} cannot be installed: ${because}`, {
    cause,
    fix: fix.replace('NAMES', names.join(' ')).replace('WHERE', where),
  })
}
