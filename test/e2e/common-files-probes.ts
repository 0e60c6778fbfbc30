import {mkdir, symlink, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {expect} from 'vitest'
import type {Browser} from './browser.js'
import type {RealJhub} from './real-jhub.js'

/** What the settings file says for it. */
export const commonFiles = '\nfiles: {materials: ./materials, shared: true}\n'

/** Puts materials beside the settings file of a hub. */
export async function writeMaterials(jhub: RealJhub, text: string): Promise<void> {
  const {file} = await jhub.json<{file: string}>('config', 'path')
  const directory = path.join(path.dirname(file), 'materials')
  await mkdir(path.join(directory, 'Übung 1'), {recursive: true})
  await writeFile(path.join(directory, 'lesson.txt'), text)
  await writeFile(path.join(directory, 'Übung 1', 'データ.csv'), '1,2')
  await symlink('/etc/shadow', path.join(directory, 'way-out')).catch(() => undefined)
}

const attempts = `
import os
def attempt(what):
    try:
        return what()
    except OSError as error:
        return "refused"
`
const inMaterials = `${attempts}
print(sorted(os.listdir("materials")))
print(open("materials/Übung 1/データ.csv").read())
for what in (
    lambda: open("materials/lesson.txt", "w"),
    lambda: open("materials/new.txt", "w"),
    lambda: os.unlink("materials/lesson.txt"),
    lambda: os.rename(os.path.realpath("materials"), os.path.realpath("materials") + "x"),
    lambda: os.listdir(os.path.realpath("materials") + "/.."),
    lambda: os.listdir(os.path.realpath("materials") + "/../../store"),
):
    print(attempt(what))
`
const inShared = `${attempts}
print(open("shared/ana.txt").read(), open("shared/of-ana/x").read())
for what in (
    lambda: open("shared/ana.txt", "a"),
    lambda: os.unlink("shared/ana.txt"),
    lambda: os.rename("shared/of-ana", "shared/of-ben"),
    lambda: open("shared/of-ana/y", "w"),
    lambda: os.chmod("shared", 0o777, follow_symlinks=True),
):
    print(attempt(what))
`

/** Two people whose servers run read the materials and cannot change them, and share what each of them owns. */
export async function seeWhatEverybodySees(jhub: RealJhub, ana: Browser, ben: Browser): Promise<void> {
  const refused = (count: number) => Array.from({length: count}, () => 'refused')
  const read = (await ana.runCode('ana', inMaterials)).split('\n')
  expect(read).toEqual(["['lesson.txt', 'Übung 1']", '1,2', ...refused(6)])
  const listed = await ana.api('ana', '/contents/materials')
  expect(listed.text).toContain('lesson.txt')

  await ana.runCode('ana', 'import os; open("shared/ana.txt", "w").write("by ana"); os.mkdir("shared/of-ana")')
  await ana.runCode('ana', 'open("shared/of-ana/x", "w").write("x")')
  expect((await ben.runCode('ben', inShared)).split('\n')).toEqual(['by ana x', ...refused(5)])

  await writeMaterials(jhub, 'second')
  await jhub.json('files', 'push')
  expect(await ben.runCode('ben', 'print(open("materials/lesson.txt").read())')).toBe('second')
  expect((await jhub.json<{changes: readonly unknown[]}>('plan')).changes).toEqual([])
}
