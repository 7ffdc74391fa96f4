import { exported, fileOf } from './project.mjs'

/**
 * What is wrong with a runtime's report, beside the number of its cases and the file that `import 'hookproof'` was.
 *
 * Passing by running nothing is a fault, and so is another file than the runtime's condition names, and a path of the
 * runtime's own MACs that was not taken.
 */
export function faultsOf(report, runtime, project, planned) {
  const { loaded, broken, parts, failed, host, hostMacs } = report
  if (broken) return { faults: [`it broke: ${broken}`] }
  const faults = [...failed]
  for (const [part, cases] of Object.entries(planned)) {
    if (!cases) faults.push(`${part}: there are no cases`)
    if (parts[part] !== cases) faults.push(`${part}: ${parts[part]} cases were run, not ${cases}`)
  }
  const file = fileOf(loaded)
  const due = exported(project, 'hookproof', runtime.condition)
  if (file !== due) faults.push(`${file} was loaded, and ${due} is for the condition ${runtime.condition}`)
  if (host !== runtime.hasHostMacs) faults.push(`the runtime ${host ? 'has' : 'lacks'} node:crypto`)
  if (host !== hostMacs > 0) faults.push(`the runtime made ${hostMacs} MACs`)
  return { faults, file, cases: Object.values(planned).reduce((sum, cases) => sum + cases) }
}
