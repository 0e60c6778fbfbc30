import {readFileSync, renameSync, writeFileSync} from 'node:fs'

/** Writes a file whole or not at all, and leaves one that has this text alone: a program that reads it meanwhile sees no half. */
export function writeWhenChanged(file, text) {
  if (textOf(file) === text) return
  const next = `${file}.${process.pid}`
  writeFileSync(next, text)
  renameSync(next, file)
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
