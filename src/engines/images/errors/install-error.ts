import {JhubError, outputOf} from '../../../errors.js'
import {outOfMemory} from './out-of-memory.js'

const unreachable = {
  what: 'The package index could not be reached',
  fix: 'Check the network; behind a company proxy set HTTPS_PROXY, SSL_CERT_FILE and UV_INDEX_URL. Then run the same command again.',
}

const causes: readonly {readonly words: RegExp; readonly what: string; readonly fix: string | readonly string[]}[] = [
  {
    words: /hash mismatch|hashes? (?:do|does) not match|THESE PACKAGES DO NOT MATCH/i,
    what: 'The package index sent another file than the lock names (hash mismatch)',
    fix: [
      'Do not use this index: ask who runs it. UV_INDEX_URL and PIP_INDEX_URL name another.',
      'If the hash is one of your requirements file (--hash), correct it there, then run the same command again.',
    ],
  },
  {
    words: /failed to extract archive|invalid zip|BadZipFile/i,
    what: 'What the package index sent is not a package',
    fix: 'A login page or a web filter may be in the way: open any page in a browser, then run the same command again.',
  },
  {
    words: /CERTIFICATE_VERIFY_FAILED|invalid peer certificate|UnknownIssuer/i,
    what: 'The certificate of the package index is not trusted here',
    fix: 'A company network may stand between: set SSL_CERT_FILE to the file with its certificate (PEM), then run the same command again.',
  },
  // pip says so, tries again, and at last that no version matches.
  {words: /connection broken by/i, ...unreachable},
  {
    words: /no version of|no solution found|No matching distribution/i,
    what: 'The package index does not have the locked packages',
    fix: 'A private index (UV_INDEX_URL, PIP_INDEX_URL) may be out of date: ask who runs it.',
  },
  {
    words:
      /failed to fetch|error sending request|connection refused|name resolution|dns error|timed? ?out|could not connect|network is unreachable|NewConnectionError|certificate/i,
    ...unreachable,
  },
]

/**
 * Says in a person's words why packages could not be installed: `JHUB-E205`, `JHUB-E209`, `JHUB-E221` or `JHUB-E240`; anything
 * else as it was.
 */
export function translateInstallError(error: unknown, what: string): unknown {
  if (!(error instanceof JhubError) || error.code !== 'JHUB-E201') return error
  const said = outputOf(error)
  const cause = new Error(lastWords(said))
  if (/no space left|os error 28|disk quota/i.test(said)) {
    return new JhubError('JHUB-E209', `No space left on the disk while installing ${what}`, {
      cause,
      fix: 'df -h   # free about 1.5 GB, then run the same command again',
    })
  }
  const known = causes.find(({words}) => words.test(said))
  if (known === undefined) return outOfMemory(error, what) ?? notBuilt(said, what, cause) ?? error
  return new JhubError('JHUB-E205', `${known.what} while installing ${what}`, {cause, fix: known.fix})
}

/** A package without a wheel for this Python, as one that was made for older ones; uv chooses it all the same. */
function notBuilt(said: string, what: string, cause: Error): JhubError | undefined {
  const name = /Failed to (?:build|download and build) `([^`\s]+)/.exec(said)?.[1]
  if (name === undefined) return undefined
  return new JhubError(
    'JHUB-E221',
    `${name} has no wheel for this Python, and building it failed while installing ${what}`,
    {cause, fix: 'Ask for a newer version, or give the image an older Python (--python; in a cluster --base).'},
  )
}

/** The end of what was said, without the long lists of hashes that stand between the sentences. */
function lastWords(said: string): string {
  const sentences = said.split('\n').filter((line) => line.trim() !== '' && !/^\s*sha256:/.test(line))
  return sentences.slice(-15).join('\n')
}
