import {appendFile, cp, mkdir, symlink} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {commandDeadlineMs, type Ran, type RealJhub} from './real-jhub.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** The last commit with JupyterHub 5.5, whose hubs and servers listened on TCP ports. */
const olderCommit = 'd8f2fa1ad'

/** The built product in a directory of its own, to be changed there. */
async function copyJhub(directory: string): Promise<string> {
  await mkdir(directory, {recursive: true})
  for (const part of ['bin', 'dist', 'assets', 'package.json', 'oclif.manifest.json'])
    await cp(path.join(root, part), path.join(directory, part), {recursive: true})
  await symlink(path.join(root, 'node_modules'), path.join(directory, 'node_modules'))
  return directory
}

/** An older jhub, built from this repository's history: its JupyterHub's database has another schema. */
export async function olderJhub(directory: string): Promise<string> {
  await mkdir(directory, {recursive: true})
  const archive = await execa('git', ['archive', '--format=tar', olderCommit], {cwd: root, encoding: 'buffer'})
  await execa('tar', ['-x', '-C', directory], {input: archive.stdout})
  await symlink(path.join(root, 'node_modules'), path.join(directory, 'node_modules'))
  await execa(path.join(root, 'node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json'], {cwd: directory})
  return directory
}

/** A jhub whose hub ends as soon as it is started. */
export async function brokenJhub(directory: string): Promise<string> {
  await copyJhub(directory)
  const config = path.join(directory, 'assets', 'vm', 'jupyterhub_config.py')
  await appendFile(config, '\nif "--show-config" not in sys.argv:\n    sys.exit("this hub is broken")\n')
  return directory
}

/** Types a command as the same person, with another copy of the product. */
export async function runFrom(product: string, jhub: RealJhub, ...words: string[]): Promise<Ran> {
  const {exitCode, stdout, stderr} = await execa(process.execPath, [path.join(product, 'bin', 'run.js'), ...words], {
    cwd: jhub.directory,
    env: jhub.environment,
    reject: false,
    timeout: commandDeadlineMs,
  })
  return {exitCode: exitCode ?? -1, stdout, stderr}
}
