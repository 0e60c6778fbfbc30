import path from 'node:path'
import {definedOnly} from '../../defined-only.js'
import {JhubError} from '../../errors.js'
import type {Clock} from '../../host/clock.js'
import type {LocalFiles} from '../../host/files/files.js'
import type {RehearsalResult} from '../../hub/rehearse/rehearsal-result.js'
import {renderReport} from './report-page.js'

/** Where the page of a rehearsal goes. */
export interface ReportFile {
  /** Gives the whole path of the file. */
  write(result: RehearsalResult): Promise<string>
}

interface Place {
  readonly files: LocalFiles
  readonly clock: Clock
}

/** Leaves nothing there yet. Throws `JHUB-E100` where something is there, or nothing can be written. */
export async function newReport({files, clock}: Place, name: string): Promise<ReportFile> {
  const file = path.resolve(name)
  const found = await files.stat(file).catch(() => undefined)
  if (found !== undefined) {
    const what = found.kind === 'directory' ? 'directory' : 'file'
    throw refused(`There is a ${what} ${file} already, and the report would replace it.`)
  }
  try {
    await files.write(file, '')
    await files.remove(file)
  } catch (error) {
    throw refused(`The report cannot be written to ${file}`, error)
  }
  return {
    async write(result) {
      await files.write(file, renderReport(result, new Date(clock.now())))
      return file
    },
  }
}

function refused(message: string, cause?: unknown): JhubError {
  return new JhubError('JHUB-E100', message, {
    fix: 'jhub rehearse --people N --report OTHER.html',
    ...definedOnly({cause}),
  })
}
