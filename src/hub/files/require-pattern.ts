import {JhubError} from '../../errors.js'

/** A path below a home, with a shell's signs. Throws `JHUB-E100` for one that goes out of it, and for `{a,b}`. */
export function requirePattern(pattern: string): string {
  const plain = pattern.replace(/^(?:~\/|\.\/)+/, '').replace(/\/+$/, '')
  const parts = plain.split('/')
  if (/\{[^/]*,[^/]*\}/.test(plain))
    throw new JhubError(
      'JHUB-E100',
      `jhub does not read "{a,b}" in a pattern, and would look for a file with that name`,
      {
        fix: ['Run the command once for each of them', "jhub files collect 'hw[12].ipynb' --to DIR"],
      },
    )
  if (!parts.some((part) => ['', '.', '..'].includes(part)) && !plain.includes('\0') && parts.length <= 64) return plain
  throw new JhubError('JHUB-E100', `"${pattern}" is not a path below a home`, {
    fix: ["jhub files collect 'hw*.ipynb' --to DIR", "jhub files collect '**/hw1.ipynb' --to DIR"],
  })
}
