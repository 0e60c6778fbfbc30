import path from 'node:path'
import {JhubError} from '../../../../errors.js'
import type {CommandOptions} from '../../../../host/processes/commands.js'
import type {Host} from '../../../../host/host.js'
import {companyCertificates} from '../../../images/company-certificates.js'
import {readAsset} from '../../../read-assets.js'
import {networkEnvironment} from '../../../images/network-environment.js'
import {shortHash} from '../image-reference.js'

/** Where a volume stands while the program runs: a directory that every Linux has, so that nothing is left in the image. */
export const volumePlace = '/mnt'

/** The program is `assets/k8s/jhub_image.py`; it runs with the Python that has `jupyterhub-singleuser`, wherever that is. */
const findPython = `server=$(command -v jupyterhub-singleuser) || exit 64
python=$(sed -n '1s/^#! *\\([^ ]*\\).*/\\1/p' "$server")
case "$python" in */python*) ;; *) python=$(dirname "$(readlink -f "$server")")/python3 ;; esac
exec "$python" -I -c "$1" "$2"`
const noServer = 64
/** What it is asked comes with it: a password of a package index is in no list of processes. */
const takeProgram = `import io, json, sys
asked = json.load(sys.stdin)
program = asked.pop("program")
sys.stdin = io.StringIO(json.dumps(asked))
exec(compile(program, "jhub_image.py", "exec"))`

const longestMs = 3_600_000

export interface ProgramHost {
  readonly host: Pick<Host, 'commands' | 'docker' | 'files' | 'system'>
  /** The directory of files shipped with jhub. */
  readonly assets: string
}

/** What the program is asked, and with what. */
export interface AskedOfProgram {
  readonly verb: 'look' | 'export' | 'choose' | 'install' | 'conda'
  readonly [more: string]: unknown
}

/** A tool that the program installs where it lacks it, and what is built from its lock is named by the hash. */
export async function lockedTool(files: ProgramHost['host']['files'], assets: string, name: 'uv' | 'conda') {
  const lock = await readAsset(files, path.join(assets, 'requirements', `${name}.txt`))
  return {lock, hash: shortHash(lock)}
}

/**
 * What the program answers to one question. `container` are the words of docker that run `sh` in a container. Throws `JHUB-E230`
 * where the image has no `jupyterhub-singleuser`, `JHUB-E201` with the program's words.
 */
export async function askProgram<T>(
  {host, assets}: ProgramHost,
  container: readonly string[],
  {verb, image, ...asked}: AskedOfProgram & {readonly image: string},
  options: CommandOptions = {},
): Promise<T> {
  const {commands, files, system} = host
  const input = {
    ...asked,
    program: await readAsset(files, path.join(assets, 'k8s', 'jhub_image.py')),
    uv: await lockedTool(files, assets, 'uv'),
    environment: withoutFiles(networkEnvironment(system.environment)),
    certificates: await companyCertificates(host),
  }
  const {stdout, exitCode} = await commands.run(['docker', ...container, '-c', findPython, 'sh', takeProgram, verb], {
    timeoutMs: longestMs,
    ...options,
    stdin: JSON.stringify(input),
    okExitCodes: [0, noServer],
  })
  if (exitCode === noServer)
    throw new JhubError('JHUB-E230', `${image} has no jupyterhub-singleuser in it, so no server can run from it`, {
      fix: 'Name an image that has JupyterHub and JupyterLab.',
    })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T
}

/** Files and directories of this machine are not in the container. */
function withoutFiles(environment: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'UV_CACHE_DIR']
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name)))
}
