import path from 'node:path'
import {BaseSequencer, type TestSpecification} from 'vitest/node'

/** Those that take ten minutes and more on two busy cores, the longest first: begun last, one of them alone keeps everybody waiting. */
const longest = ['vm-docker', 'vm-process', 'vm-host-and-ssh', 'images', 'upgrade', 'sign-in']

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({moduleId}: TestSpecification) => {
      const found = longest.indexOf(path.basename(moduleId, '.test.ts'))
      return found === -1 ? longest.length : found
    }
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b))
  }
}
