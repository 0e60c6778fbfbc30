// Makes release/jhub-VERSION-SYSTEM.tar.gz: what `npm pack` ships, its locked dependencies and the pinned Node.js, in one directory.
import {createHash} from 'node:crypto'
import {chmod, copyFile, cp, mkdir, readFile, rm, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'

const root = fileURLToPath(new URL('..', import.meta.url))
const {version, files} = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'))
const shipped = files.filter((each) => !each.startsWith('!'))
const isShipped = (file) => path.basename(file) !== '__pycache__'
const release = path.resolve(process.argv[2] ?? path.join(root, 'release'))
const name = `jhub-${version}-${process.platform}-${process.arch}.tar.gz`
const staging = path.join(release, '.staging')
const program = path.join(staging, 'jhub')

await execa('npm', ['run', 'build'], {cwd: root})
await rm(staging, {recursive: true, force: true})
await mkdir(path.join(program, 'runtime'), {recursive: true})
for (const each of [...shipped, 'bin/jhub', 'package.json', 'package-lock.json', 'LICENSE', 'README.md']) {
  await cp(path.join(root, each), path.join(program, each), {recursive: true, filter: isShipped})
}
await execa('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {cwd: program})
await rm(path.join(program, 'package-lock.json'))
const node = path.join(program, 'runtime', 'node')
await copyFile(path.join(root, 'node_modules', 'node', 'bin', 'node'), node)
await chmod(node, 0o755)

const tarball = path.join(release, name)
await execa('tar', ['--owner=0', '--group=0', '--numeric-owner', '-czf', tarball, '-C', staging, 'jhub'])
const digest = createHash('sha256')
  .update(await readFile(tarball))
  .digest('hex')
await writeFile(`${tarball}.sha256`, `${digest}  ${name}\n`)
await copyFile(path.join(root, 'bin', 'install.sh'), path.join(release, 'install.sh'))
await rm(staging, {recursive: true})
process.stdout.write(`${tarball}\n`)
